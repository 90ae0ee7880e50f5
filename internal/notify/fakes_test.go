package notify_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/notify"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

const (
	jane   = "jane@home.example"
	canary = "Canary-7c1f-passphrase"
)

// realClock is the clock of a synctest bubble.
type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

// logBuffer is a log that can be read while it is written.
type logBuffer struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.String()
}

func (b *logBuffer) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// room is a Mailroom over a transport, with its clock and its log.
type room struct {
	*notify.Mailroom
	clock *coretest.Clock
	log   *logBuffer
}

func newRoom(t *testing.T, tr notify.Transport) room {
	t.Helper()
	r := room{clock: coretest.NewClock(), log: &logBuffer{}}
	r.Mailroom = mailroom(t, tr, r.clock, r.log)
	return r
}

func mailroom(t *testing.T, tr notify.Transport, clock core.Clock, log *logBuffer) *notify.Mailroom {
	t.Helper()
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	m, err := notify.NewMailroom(notify.Options{
		Transport: tr, From: "desk@corp.example", HelpLine: "555-0100", Language: text.English, Zone: oslo, Clock: clock, Log: log.logger(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// tray is a Transport in memory. do, when set, decides about each message; nil of it takes the message.
type tray struct {
	mu      sync.Mutex
	do      func(ctx context.Context, e notify.Envelope, m notify.Message) error
	open    func(ctx context.Context, e notify.Envelope) error
	opened  int
	probes  int
	aborted int
	taken   []notify.Message
	to      []string
}

func (f *tray) Open(ctx context.Context, e notify.Envelope) (notify.Delivery, error) {
	f.mu.Lock()
	f.opened++
	open := f.open
	f.mu.Unlock()
	if open != nil {
		if err := open(ctx, e); err != nil {
			return nil, err
		}
	}
	return &trayDelivery{f, e}, nil
}

func (f *tray) Probe(ctx context.Context, from notify.Address) error {
	f.mu.Lock()
	f.probes++
	open := f.open
	f.mu.Unlock()
	if open == nil {
		return nil
	}
	return open(ctx, notify.Envelope{From: from})
}

func (f *tray) set(open func(context.Context, notify.Envelope) error, do func(context.Context, notify.Envelope, notify.Message) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open, f.do = open, do
}

func (f *tray) counts() (opened, probes, taken int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.opened, f.probes, len(f.taken)
}

func (f *tray) recipients() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.to)
}

type trayDelivery struct {
	f *tray
	e notify.Envelope
}

func (d *trayDelivery) Send(ctx context.Context, m notify.Message) error {
	d.f.mu.Lock()
	do := d.f.do
	d.f.mu.Unlock()
	if do != nil {
		if err := do(ctx, d.e, m); err != nil {
			return err
		}
	}
	d.f.mu.Lock()
	defer d.f.mu.Unlock()
	m.Content = bytes.Clone(m.Content)
	d.f.taken, d.f.to = append(d.f.taken, m), append(d.f.to, d.e.To.Spec())
	return nil
}

func (d *trayDelivery) Abort() {
	d.f.mu.Lock()
	defer d.f.mu.Unlock()
	d.f.aborted++
}

// failing is an open that always fails so.
func failing(f notify.Failure) func(context.Context, notify.Envelope) error {
	return func(context.Context, notify.Envelope) error { return &f }
}

// outbox is core.Outbox in memory.
type outbox struct {
	mu      sync.Mutex
	notices []core.Notice
	reads   int
	readErr error // of DueNotices
	sentErr error // of NoticeSent
}

func (o *outbox) DueNotices(_ context.Context, at time.Time, limit int) ([]core.Notice, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.reads++
	if o.readErr != nil {
		return nil, o.readErr
	}
	var out []core.Notice
	for _, n := range o.notices {
		if !n.Dead && !n.NextTry.After(at) && len(out) < limit {
			out = append(out, n)
		}
	}
	return out, nil
}

func (o *outbox) NoticeSent(ctx context.Context, key string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := errors.Join(o.sentErr, ctx.Err()); err != nil {
		return err
	}
	o.notices = slices.DeleteFunc(o.notices, func(n core.Notice) bool { return n.Key == key })
	return nil
}

func (o *outbox) NoticeFailed(_ context.Context, key, why string, next time.Time, dead bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.notices {
		if n := &o.notices[i]; n.Key == key {
			n.Attempts, n.LastError, n.NextTry, n.Dead = n.Attempts+1, why, next, dead
		}
	}
	return nil
}

func (o *outbox) OutboxDepth(context.Context) (waiting, dead int, oldest time.Time, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, n := range o.notices {
		if n.Dead {
			dead++
			continue
		}
		if waiting++; oldest.IsZero() || n.At.Before(oldest) {
			oldest = n.At
		}
	}
	return waiting, dead, oldest, o.readErr
}

func (o *outbox) put(notices ...core.Notice) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.notices = append(o.notices, notices...)
}

func (o *outbox) fail(read, sent error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.readErr, o.sentErr = read, sent
}

func (o *outbox) all() []core.Notice {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.notices)
}

func (o *outbox) readCount() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.reads
}

// resetNotice is a notice of a reset at this time.
func resetNotice(key, to string, at time.Time) core.Notice {
	return core.Notice{
		Key: key, Kind: core.NoticeReset, Channel: "mail", To: untrusted.New(to), Name: untrusted.New("Jane Doe"), Login: untrusted.New("jane.doe"),
		Case: 1042, Ticket: untrusted.New("INC-2210"), At: at,
	}
}

func alternate(to string) core.Method {
	return core.Method{ID: "mail:1", Kind: core.MethodAlternate, Destination: untrusted.New(to)}
}

func codeLetter(code string) core.Letter {
	return core.Letter{
		Kind: core.LetterCode, Name: untrusted.New("Jane Doe"), Login: untrusted.New("jane.doe"), Secret: secret.FromString(code),
		Life: 10 * time.Minute, Case: 1042, Ticket: untrusted.New("INC-2210"),
	}
}

func passwordLetter(password string) core.Letter {
	l := codeLetter(password)
	l.Kind, l.Life = core.LetterPassword, 0
	return l
}

// deliver prepares and sends.
func deliver(t *testing.T, c core.Courier, to string, l core.Letter) error {
	t.Helper()
	consignment, err := c.Prepare(t.Context(), alternate(to))
	if err != nil {
		return err
	}
	return consignment.Send(t.Context(), l)
}

// opened is a message as a mail program reads it.
type opened struct {
	mail.Header
	Subject, Body string
}

func read(t *testing.T, content string) opened {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(content))
	if err != nil {
		t.Fatalf("%v in\n%s", err, content)
	}
	subject, err := (&mime.WordDecoder{}).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	if enc := m.Header.Get("Content-Transfer-Encoding"); enc != "quoted-printable" {
		t.Fatalf("encoded as %q", enc)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return opened{Header: m.Header, Subject: subject, Body: strings.ReplaceAll(string(body), "\r\n", "\n")}
}

// smtpTo is a transport to a sink.
func smtpTo(t *testing.T, addr string, change func(*notify.SMTPOptions)) *notify.SMTP {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	o := notify.SMTPOptions{Host: host, Port: number, Security: notify.STARTTLS}
	change(&o)
	tr, err := notify.NewSMTP(o)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// sink is a mail server with STARTTLS, and a transport that trusts it.
func sink(t *testing.T, faults map[testlab.SMTPStage]testlab.SMTPFault) (*testlab.SMTPServer, *notify.SMTP) {
	t.Helper()
	ca := testlab.NewCA(t)
	s := testlab.SMTPSink(t, testlab.SMTPOptions{CA: ca, RequireTLS: true, Faults: faults})
	return s, smtpTo(t, s.Addr, func(o *notify.SMTPOptions) { o.CA = ca.PEM() })
}
