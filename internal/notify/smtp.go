package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// Security says how the connection to a mail server is encrypted. There is no way not to.
type Security string

// The ways to encrypt.
const (
	STARTTLS    Security = "starttls" // RFC 3207, mandatory: a server that does not offer it gets nothing
	ImplicitTLS Security = "tls"      // RFC 8314 section 3.3
)

// SMTPOptions describes a mail server.
type SMTPOptions struct {
	Host     string
	Port     int
	Security Security
	User     string       // "" for no login
	Password *secret.Text // nil for no login
	CA       []byte       // PEM: the only authorities that count; nil for the system's

	OpenLimit time.Duration // for everything up to the accepted recipient; 0: 15 s
	SendLimit time.Duration // for the content and the answer to it; 0: 60 s
}

const (
	defaultOpenLimit = 15 * time.Second
	defaultSendLimit = 60 * time.Second
	quitLimit        = time.Second // nobody waits for a server's goodbye
)

var (
	errNoSTARTTLS  = errors.New("the server does not offer STARTTLS")
	errNoMechanism = errors.New("the server offers neither AUTH PLAIN nor AUTH LOGIN")
)

// SMTP is the Transport to a mail server (RFC 5321). Every message has a connection of its own.
type SMTP struct {
	opts  SMTPOptions
	place string
	tls   *tls.Config
}

// NewSMTP checks the options. It does not connect.
func NewSMTP(o SMTPOptions) (*SMTP, error) {
	if o.Host == "" || o.Port < 1 || o.Port > 65535 {
		return nil, fmt.Errorf("mail server: a host and a port are needed, not %q and %d", o.Host, o.Port)
	}
	if o.Security != STARTTLS && o.Security != ImplicitTLS {
		return nil, fmt.Errorf("mail server: security is %q or %q, not %q", STARTTLS, ImplicitTLS, o.Security)
	}
	if (o.User == "") != (o.Password == nil) {
		return nil, errors.New("mail server: a user and a password are needed together, or neither")
	}
	if o.OpenLimit <= 0 {
		o.OpenLimit = defaultOpenLimit
	}
	if o.SendLimit <= 0 {
		o.SendLimit = defaultSendLimit
	}
	s := &SMTP{opts: o, place: net.JoinHostPort(o.Host, strconv.Itoa(o.Port)), tls: &tls.Config{ServerName: o.Host, MinVersion: tls.VersionTLS12}}
	if o.CA != nil {
		s.tls.RootCAs = x509.NewCertPool()
		if !s.tls.RootCAs.AppendCertsFromPEM(o.CA) {
			return nil, errors.New("mail server: there is no certificate in the file of its authority")
		}
	}
	return s, nil
}

// Open implements Transport.
func (s *SMTP) Open(ctx context.Context, e Envelope) (Delivery, error) {
	ctx, cancel := context.WithTimeout(ctx, s.opts.OpenLimit)
	defer cancel()
	c, err := s.begin(ctx, e.From)
	if err != nil {
		return nil, err
	}
	defer c.limited(ctx)()
	if err := c.client.Rcpt(e.To.path()); err != nil {
		return nil, c.fail(ctx, StepRecipient, err)
	}
	return c, nil
}

// Probe implements Transport.
func (s *SMTP) Probe(ctx context.Context, from Address) error {
	ctx, cancel := context.WithTimeout(ctx, s.opts.OpenLimit)
	defer cancel()
	c, err := s.begin(ctx, from)
	if err != nil {
		return err
	}
	c.leave()
	return nil
}

// begin connects, encrypts, logs in and names the sender.
func (s *SMTP) begin(ctx context.Context, from Address) (*conversation, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.place)
	c := &conversation{place: s.place, sendLimit: s.opts.SendLimit, raw: conn, conn: conn}
	if err != nil {
		return nil, newFailure(StepConnect, s.place, err).unless(ctx)
	}
	defer c.limited(ctx)()
	for _, do := range []struct {
		step Step
		run  func(*conversation) error
	}{
		{StepEncrypt, func(c *conversation) error { return s.handshake(ctx, c) }},
		{StepConnect, s.hello},
		{StepEncrypt, s.startTLS},
		{StepLogin, s.login},
		{StepSender, func(c *conversation) error { return c.client.Mail(from.path()) }},
	} {
		if err := do.run(c); err != nil {
			return nil, c.fail(ctx, do.step, err)
		}
	}
	return c, nil
}

// handshake begins with TLS where the server expects it.
func (s *SMTP) handshake(ctx context.Context, c *conversation) error {
	if s.opts.Security != ImplicitTLS {
		return nil
	}
	secure := tls.Client(c.conn, s.tls)
	c.conn = secure
	return secure.HandshakeContext(ctx)
}

func (s *SMTP) hello(c *conversation) error {
	client, err := smtp.NewClient(c.conn, s.opts.Host)
	if err != nil {
		return err
	}
	c.client = client
	client.SkipSMTPUTF8(true) // addresses are ASCII, and the next server on the way may not know the extension
	return client.Hello(literal(c.conn.LocalAddr()))
}

// literal is how a client without a name of its own introduces itself (RFC 5321 section 4.1.3).
func literal(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	switch {
	case !ok:
		return "localhost"
	case tcp.IP.To4() == nil:
		return "[IPv6:" + tcp.IP.String() + "]"
	default:
		return "[" + tcp.IP.String() + "]"
	}
}

func (s *SMTP) startTLS(c *conversation) error {
	if s.opts.Security != STARTTLS {
		return nil
	}
	if offered, _ := c.client.Extension("STARTTLS"); !offered {
		return errNoSTARTTLS
	}
	return c.client.StartTLS(s.tls)
}

// login authenticates with what the server offers after encryption. PLAIN and LOGIN send the password, which TLS protects.
func (s *SMTP) login(c *conversation) error {
	if s.opts.User == "" {
		return nil
	}
	_, offered := c.client.Extension("AUTH")
	mechanisms := strings.Fields(strings.ToUpper(offered))
	for _, m := range mechanisms {
		switch m {
		case "PLAIN":
			return c.client.Auth(smtp.PlainAuth("", s.opts.User, s.opts.Password.Reveal(), s.opts.Host, false))
		case "LOGIN":
			return c.client.Auth(smtp.LoginAuth(s.opts.User, s.opts.Password.Reveal(), s.opts.Host, false))
		}
	}
	return errNoMechanism
}

// conversation is one connection to a mail server; with an accepted recipient it is a Delivery.
type conversation struct {
	place     string
	sendLimit time.Duration
	raw       net.Conn     // under conn, for deadlines
	conn      net.Conn     // encrypted, where TLS comes first
	client    *smtp.Client // nil before the greeting
}

// limited makes reads and writes fail when ctx ends, until the returned function is called.
func (c *conversation) limited(ctx context.Context) func() {
	_ = c.raw.SetDeadline(time.Time{}) // an error shows at the next read
	stop := context.AfterFunc(ctx, func() { _ = c.raw.SetDeadline(time.Unix(1, 0)) })
	return func() { stop() }
}

// Send implements Delivery.
func (c *conversation) Send(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, c.sendLimit)
	defer cancel()
	defer c.limited(ctx)()
	data, err := c.client.Data()
	if err != nil {
		return c.fail(ctx, StepContent, err)
	}
	if _, err := data.Write(m.Content); err != nil {
		_ = c.raw.Close() // not QUIT, before which a half message is ended with a dot
		return newFailure(StepContent, c.place, err).unless(ctx)
	}
	if err := data.Close(); err != nil {
		f := c.fail(ctx, StepContent, err)
		f.Lost = f.Code < 400 // no reply, or one that says neither yes nor no
		return f
	}
	c.leave()
	return nil
}

// Abort implements Delivery.
func (c *conversation) Abort() { c.leave() }

// fail ends the conversation: politely where the server still answers.
func (c *conversation) fail(ctx context.Context, step Step, err error) *Failure {
	f := newFailure(step, c.place, err).unless(ctx)
	if f.Code != 0 {
		c.leave()
	}
	_ = c.raw.Close()
	return f
}

// leave says goodbye and closes the connection. What the server thinks of it changes nothing.
func (c *conversation) leave() {
	_ = c.raw.SetDeadline(time.Now().Add(quitLimit))
	if c.client != nil {
		_ = c.client.Quit()
	}
	_ = c.raw.Close()
}
