package notify_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/notify"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestALetterGoesThroughAMailServer(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		implicit bool
		user     string
	}{
		"STARTTLS": {false, ""}, "TLS first": {true, ""}, "STARTTLS and a login": {false, "desk"}, "TLS first and a login": {true, "desk"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ca := testlab.NewCA(t)
			s := testlab.SMTPSink(t, testlab.SMTPOptions{CA: ca, ImplicitTLS: tc.implicit, RequireTLS: true, User: tc.user, Password: "mail-pw"})
			tr := smtpTo(t, s.Addr, func(o *notify.SMTPOptions) {
				o.CA = ca.PEM()
				if tc.implicit {
					o.Security = notify.ImplicitTLS
				}
				if tc.user != "" {
					o.User, o.Password = tc.user, secret.FromString("mail-pw")
				}
			})
			if err := deliver(t, newRoom(t, tr).Courier(), jane, passwordLetter(canary)); err != nil {
				t.Fatal(err)
			}
			m := s.WaitMessage(t, testlab.To(jane))
			if m.From != "desk@corp.example" || !slices.Equal(m.To, []string{jane}) || !m.Secured || m.User != tc.user {
				t.Errorf("from %q to %q, TLS %v, user %q", m.From, m.To, m.Secured, m.User)
			}
			if body := read(t, m.Data).Body; !strings.Contains(body, "\n    "+canary+"\n") {
				t.Error(body)
			}
		})
	}
}

func TestALoginUsesWhatTheServerOffers(t *testing.T) {
	t.Parallel()
	ca := testlab.NewCA(t)
	for name, tc := range map[string]struct {
		offer, want string
		step        notify.Step
	}{
		"PLAIN first":   {"AUTH PLAIN LOGIN", "AUTH PLAIN", notify.StepLogin},
		"LOGIN first":   {"AUTH LOGIN PLAIN", "AUTH LOGIN", notify.StepLogin},
		"lower case":    {"AUTH login", "AUTH LOGIN", notify.StepLogin},
		"nothing known": {"AUTH GSSAPI", "", notify.StepLogin},
		"no AUTH":       {"8BITMIME", "", notify.StepLogin},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr, said := scripted(t, ca, "220 hi", "250-me\r\n250 "+tc.offer, "535 5.7.8 no")
			tr := smtpTo(t, addr, func(o *notify.SMTPOptions) {
				o.Security, o.CA, o.User, o.Password = notify.ImplicitTLS, ca.PEM(), "desk", secret.FromString("mail-pw")
			})
			f := failureOf(t, tr.Probe(t.Context(), address(t, "desk@corp.example")))
			if f.Step != tc.step {
				t.Errorf("failed at %v", f)
			}
			lines := said()
			if len(lines) == 0 || !strings.HasPrefix(lines[0], "EHLO [127.0.0.1]") {
				t.Fatalf("the client said %q", lines)
			}
			got := ""
			if len(lines) > 1 && strings.HasPrefix(lines[1], "AUTH") {
				got = strings.Join(strings.Fields(lines[1])[:2], " ")
			}
			if got != tc.want {
				t.Errorf("the client said %q, want %q", lines, tc.want)
			}
		})
	}
}

// scripted answers each line with the next reply (the last one for ever) over TLS, and returns what the client said.
func scripted(t *testing.T, ca *testlab.CA, replies ...string) (addr string, said func() []string) {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{ca.Issue(testlab.CertOptions{})}})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	var lines []string
	all.Go(func() { // ends with the connection, or the listener
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, replies[0]+"\r\n")
		in := bufio.NewScanner(conn)
		for n := 1; in.Scan(); n++ {
			lines = append(lines, in.Text())
			_, _ = io.WriteString(conn, replies[min(n, len(replies)-1)]+"\r\n")
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return l.Addr().String(), func() []string { all.Wait(); return lines }
}

func address(t *testing.T, s string) notify.Address {
	t.Helper()
	a, ok := notify.ParseAddress(untrusted.New(s))
	if !ok {
		t.Fatalf("%q is no address", s)
	}
	return a
}

func failureOf(t *testing.T, err error) *notify.Failure {
	t.Helper()
	var f *notify.Failure
	if !errors.As(err, &f) {
		t.Fatalf("%v is no Failure", err)
	}
	return f
}

// T95: whatever a mail server does, the error says what happened and whether anything was sent.
func TestEveryFaultOfAMailServerIsToldTruthfully(t *testing.T) {
	t.Parallel()
	const nothing, unknown = core.NothingChanged, core.ChangeUnknown
	later, never := testlab.SMTPFault{Reply: "451 4.3.0 try later"}, testlab.SMTPFault{Reply: "550 5.7.1 no"}
	drop, hang := testlab.SMTPFault{Drop: true}, testlab.SMTPFault{Hang: true}
	for name, tc := range map[string]struct {
		stage   testlab.SMTPStage
		fault   testlab.SMTPFault
		code    core.Code
		said    string
		ref     string
		changed core.Changed
	}{
		"refuses to talk":         {testlab.SMTPConnect, testlab.SMTPFault{Reply: "554 5.3.2 closed"}, core.CodeUnavailable, "mail.unreachable", "554 5.3.2", nothing},
		"hangs up at once":        {testlab.SMTPConnect, drop, core.CodeUnavailable, "mail.unreachable", "", nothing},
		"never greets":            {testlab.SMTPConnect, hang, core.CodeUnavailable, "mail.unreachable", "", nothing},
		"hangs at EHLO":           {testlab.SMTPHello, hang, core.CodeUnavailable, "mail.unreachable", "", nothing},
		"refuses EHLO":            {testlab.SMTPHello, testlab.SMTPFault{Reply: "502 5.5.1 what"}, core.CodeUnavailable, "mail.unreachable", "502 5.5.1", nothing},
		"refuses STARTTLS":        {testlab.SMTPStartTLS, testlab.SMTPFault{Reply: "454 4.7.0 no TLS now"}, core.CodeUnavailable, "mail.not_encrypted", "454 4.7.0", nothing},
		"hangs at STARTTLS":       {testlab.SMTPStartTLS, hang, core.CodeUnavailable, "mail.not_encrypted", "", nothing},
		"sender later":            {testlab.SMTPMail, later, core.CodeUnavailable, "mail.sender_refused", "451 4.3.0", nothing},
		"sender never":            {testlab.SMTPMail, never, core.CodeUnavailable, "mail.sender_refused", "550 5.7.1", nothing},
		"recipient later":         {testlab.SMTPRcpt, later, core.CodeUnavailable, "mail.recipient_later", "451 4.3.0", nothing},
		"recipient never":         {testlab.SMTPRcpt, never, core.CodeInvalid, "mail.recipient_refused", "550 5.7.1", nothing},
		"hangs at the recipient":  {testlab.SMTPRcpt, hang, core.CodeUnavailable, "mail.recipient_later", "", nothing},
		"data later":              {testlab.SMTPData, later, core.CodeUnavailable, "mail.content_later", "451 4.3.0", nothing},
		"data never":              {testlab.SMTPData, never, core.CodeUnavailable, "mail.content_refused", "550 5.7.1", nothing},
		"drops at data":           {testlab.SMTPData, drop, core.CodeUnavailable, "mail.content_later", "", nothing},
		"hangs at data":           {testlab.SMTPData, hang, core.CodeUnavailable, "mail.content_later", "", nothing},
		"content later":           {testlab.SMTPContent, later, core.CodeUnavailable, "mail.content_later", "451 4.3.0", nothing},
		"content never":           {testlab.SMTPContent, never, core.CodeUnavailable, "mail.content_refused", "550 5.7.1", nothing},
		"takes it and drops":      {testlab.SMTPContent, drop, core.CodeUnavailable, "mail.unanswered", "", unknown},
		"takes it and hangs":      {testlab.SMTPContent, hang, core.CodeUnavailable, "mail.unanswered", "", unknown},
		"answers neither yes, no": {testlab.SMTPContent, testlab.SMTPFault{Reply: "354 more"}, core.CodeUnavailable, "mail.unanswered", "354", unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ca := testlab.NewCA(t)
			s := testlab.SMTPSink(t, testlab.SMTPOptions{CA: ca, Faults: map[testlab.SMTPStage]testlab.SMTPFault{tc.stage: tc.fault}})
			tr := smtpTo(t, s.Addr, func(o *notify.SMTPOptions) {
				o.CA, o.OpenLimit, o.SendLimit = ca.PEM(), 5*time.Second, 5*time.Second
				if tc.fault.Hang {
					o.OpenLimit, o.SendLimit = 1500*time.Millisecond, 1500*time.Millisecond
				}
			})
			err := deliver(t, newRoom(t, tr).Courier(), jane, passwordLetter(canary))
			e, ok := errors.AsType[*core.Error](err)
			if !ok {
				t.Fatalf("the error is %v", err)
			}
			if e.Code != tc.code || e.Said.ID != tc.said || e.Ref != tc.ref || e.Changed != tc.changed {
				t.Errorf("code %s, said %s, ref %q, changed %s (%v)", e.Code, e.Said.ID, e.Ref, e.Changed, err)
			}
		})
	}
}

func TestAGoodbyeThatNeverComesChangesNothing(t *testing.T) {
	t.Parallel()
	s, tr := sink(t, map[testlab.SMTPStage]testlab.SMTPFault{testlab.SMTPQuit: {Hang: true}})
	if err := deliver(t, newRoom(t, tr).Courier(), jane, passwordLetter(canary)); err != nil {
		t.Fatal(err)
	}
	s.WaitMessage(t, testlab.To(jane))
}

func TestAServerThatIsNotThereIsSaidSo(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	c := newRoom(t, smtpTo(t, l.Addr().String(), func(*notify.SMTPOptions) {})).Courier()
	for _, err := range []error{deliver(t, c, jane, passwordLetter(canary)), c.Probe(t.Context())} {
		if e := core.AsError(err); e.Said.ID != "mail.unreachable" || e.Code != core.CodeUnavailable || !strings.Contains(err.Error(), "refused") {
			t.Errorf("the error is %v", err)
		}
		server, _ := core.AsError(err).Said.Field("server")
		if server.Word != l.Addr().String() {
			t.Errorf("the server is named %q", server.Word)
		}
	}
}

func TestNothingGoesOverAConnectionThatIsNotSafe(t *testing.T) {
	t.Parallel()
	ca, other := testlab.NewCA(t), testlab.NewCA(t)
	certificate := func(o testlab.CertOptions) *tls.Certificate { c := ca.Issue(o); return &c }
	for name, o := range map[string]testlab.SMTPOptions{
		"no STARTTLS":          {},
		"another authority":    {CA: other},
		"expired":              {Certificate: certificate(testlab.CertOptions{Expired: true})},
		"self-signed":          {Certificate: certificate(testlab.CertOptions{SelfSigned: true})},
		"of another host":      {Certificate: certificate(testlab.CertOptions{Hosts: []string{"mail.other.example"}})},
		"signed with SHA-1":    {Certificate: certificate(testlab.CertOptions{SHA1: true})},
		"implicit, expired":    {Certificate: certificate(testlab.CertOptions{Expired: true}), ImplicitTLS: true},
		"implicit, other host": {Certificate: certificate(testlab.CertOptions{Hosts: []string{"mail.other.example"}}), ImplicitTLS: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.User, o.Password = "desk", "mail-pw"
			s := testlab.SMTPSink(t, o)
			tr := smtpTo(t, s.Addr, func(c *notify.SMTPOptions) {
				c.CA, c.User, c.Password = ca.PEM(), "desk", secret.FromString("mail-pw")
				if o.ImplicitTLS {
					c.Security = notify.ImplicitTLS
				}
			})
			err := deliver(t, newRoom(t, tr).Courier(), jane, passwordLetter(canary))
			if e := core.AsError(err); e.Said.ID != "mail.not_encrypted" || e.Changed != core.NothingChanged {
				t.Errorf("the error is %v", err)
			}
			if len(s.Logins()) > 0 || len(s.Messages()) > 0 {
				t.Errorf("logins %q, %d messages", s.Logins(), len(s.Messages()))
			}
		})
	}
}

func TestAServerThatSpeaksNoTLSWhereItShouldGetsNothing(t *testing.T) {
	t.Parallel()
	s := testlab.SMTPSink(t, testlab.SMTPOptions{})
	tr := smtpTo(t, s.Addr, func(o *notify.SMTPOptions) { o.Security = notify.ImplicitTLS })
	if f := failureOf(t, tr.Probe(t.Context(), address(t, jane))); f.Step != notify.StepEncrypt {
		t.Errorf("failed at %v", f)
	}
}

func TestAWrongLoginIsSaidSoAndItsPasswordIsInNoError(t *testing.T) {
	t.Parallel()
	ca := testlab.NewCA(t)
	s := testlab.SMTPSink(t, testlab.SMTPOptions{CA: ca, User: "desk", Password: "right"})
	tr := smtpTo(t, s.Addr, func(o *notify.SMTPOptions) { o.CA, o.User, o.Password = ca.PEM(), "desk", secret.FromString(canary) })
	err := deliver(t, newRoom(t, tr).Courier(), jane, codeLetter("12345678"))
	if e := core.AsError(err); e.Said.ID != "mail.login_refused" || e.Ref != "535 5.7.8" || strings.Contains(err.Error(), canary) {
		t.Errorf("the error is %v, %q", err, e.Ref)
	}
}

func TestACallerWhoGoesAwayEndsTheWaiting(t *testing.T) {
	t.Parallel()
	_, tr := sink(t, map[testlab.SMTPStage]testlab.SMTPFault{testlab.SMTPRcpt: {Hang: true}})
	r := newRoom(t, tr)
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := r.Courier().Prepare(gone, alternate(jane)); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if r.log.String() != "" {
		t.Errorf("a caller who goes away is no trouble of the server:\n%s", r.log)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := r.Courier().Prepare(ctx, alternate(jane)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %v", err)
	}
	if !strings.Contains(r.log.String(), "mail does not leave") {
		t.Errorf("a server that does not answer in time is trouble, but the log is:\n%s", r.log)
	}
}

func TestAnAbortedConsignmentLeavesWithoutContent(t *testing.T) {
	t.Parallel()
	s, tr := sink(t, nil)
	c := newRoom(t, tr).Courier()
	consignment, err := c.Prepare(t.Context(), alternate(jane))
	if err != nil {
		t.Fatal(err)
	}
	consignment.Abort()
	if err := deliver(t, c, "omar@home.example", codeLetter("12345678")); err != nil {
		t.Fatal(err)
	}
	s.WaitMessage(t, testlab.To("omar@home.example"))
	if n := len(s.Messages()); n != 1 {
		t.Errorf("%d messages, want the second one only", n)
	}
}

func TestAHalfSentMessageIsNotEndedWithADot(t *testing.T) {
	t.Parallel()
	ca := testlab.NewCA(t)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{ca.Issue(testlab.CertOptions{})}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	clientLeft, rest := make(chan struct{}), make(chan string, 1)
	go func() { // ends with the connection; the test waits for it
		defer close(rest)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		for _, reply := range []string{"220 hi", "250 me", "250 ok", "250 ok", "354 go"} { // then it stops reading until the client has left
			if _, err := io.WriteString(conn, reply+"\r\n"); err != nil {
				return
			}
			if reply != "354 go" {
				_, _ = in.ReadString('\n')
			}
		}
		<-clientLeft
		content, _ := io.ReadAll(in)
		rest <- string(content)
	}()
	tr := smtpTo(t, l.Addr().String(), func(o *notify.SMTPOptions) {
		o.Security, o.CA, o.SendLimit = notify.ImplicitTLS, ca.PEM(), 300*time.Millisecond
	})
	d, err := tr.Open(t.Context(), notify.Envelope{From: address(t, "desk@corp.example"), To: address(t, jane)})
	if err != nil {
		t.Fatal(err)
	}
	f := failureOf(t, d.Send(t.Context(), notify.Message{ID: "x@corp.example", Content: []byte(strings.Repeat("half\r\n", 8<<20))}))
	close(clientLeft)
	got := <-rest
	if f.Lost || f.Step != notify.StepContent || !errors.Is(f, context.DeadlineExceeded) {
		t.Errorf("the failure is %v, lost %v", f, f.Lost)
	}
	if !strings.HasPrefix(got, "half\r\nhalf") || strings.Contains(got, "\r\n.\r\n") || strings.Contains(got, "QUIT") {
		t.Errorf("%d bytes came, the last %q", len(got), got[max(0, len(got)-40):])
	}
}

// transcript relays to a sink behind TLS of its own and keeps every line the client says (T94).
func transcript(t *testing.T, ca *testlab.CA, sink string) (addr string, lines func() []string) {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{ca.Issue(testlab.CertOptions{})}})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var kept strings.Builder
	var all sync.WaitGroup
	all.Go(func() { // ends with the listener
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", sink)
			if err != nil {
				_ = client.Close()
				return
			}
			all.Go(func() { _, _ = io.Copy(client, server); _ = client.Close() }) // ends with the server's side
			all.Go(func() {                                                       // ends with the client's side
				defer server.Close()
				in := bufio.NewReader(client)
				for {
					line, err := in.ReadString('\n')
					if err != nil {
						return
					}
					mu.Lock()
					kept.WriteString(line)
					mu.Unlock()
					_, _ = io.WriteString(server, line)
				}
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return l.Addr().String(), func() []string {
		mu.Lock()
		defer mu.Unlock()
		return strings.SplitAfter(kept.String(), "\n")
	}
}

// relayed is a courier whose words to a sink are kept.
func relayed(t *testing.T) (core.Courier, *testlab.SMTPServer, func() []string) {
	t.Helper()
	ca := testlab.NewCA(t)
	s := testlab.SMTPSink(t, testlab.SMTPOptions{})
	addr, lines := transcript(t, ca, s.Addr)
	tr := smtpTo(t, addr, func(o *notify.SMTPOptions) { o.Security, o.CA = notify.ImplicitTLS, ca.PEM() })
	return newRoom(t, tr).Courier(), s, lines
}

// T94: what is no plain address makes the client say nothing at all.
func TestAHostileAddressNeverReachesTheWire(t *testing.T) {
	t.Parallel()
	c, _, lines := relayed(t)
	for name, to := range hostile {
		if _, err := c.Prepare(t.Context(), alternate(to)); core.CodeOf(err) != core.CodeInvalid || core.AsError(err).Said.ID != "mail.address_invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := strings.Join(lines(), ""); got != "" {
		t.Fatalf("a hostile address made the client say %q", got)
	}
}

// commandsOf divides a transcript into commands and ends of content, and refuses bare CR and LF.
func commandsOf(t *testing.T, lines []string) (commands []string, ends int) {
	t.Helper()
	inData := false
	for _, line := range lines {
		switch {
		case line == "":
		case !strings.HasSuffix(line, "\r\n") || strings.Count(line, "\r") != 1:
			t.Errorf("a line with a bare CR or LF: %q", line)
		case line == ".\r\n":
			ends++
			inData = false
		case !inData:
			commands = append(commands, strings.TrimSpace(line))
			inData = line == "DATA\r\n"
		}
	}
	return commands, ends
}

// T94: hostile text in a letter adds no command and no header to the transcript.
func TestTheTranscriptHoldsOneSenderOneRecipientAndOneEndWhateverTheTextsAre(t *testing.T) {
	t.Parallel()
	c, s, lines := relayed(t)
	l := passwordLetter(".\r\n.\r\nRCPT TO:<eve@b.example>\n.\nDATA")
	l.Name = untrusted.New("Jane\r\n.\r\nMAIL FROM:<eve@b.example>\r\nBcc: eve@b.example")
	l.Ticket = untrusted.New("INC\r\n.\r\n1")
	if err := deliver(t, c, jane, l); err != nil {
		t.Fatal(err)
	}
	m := s.WaitMessage(t, testlab.To(jane))
	commands, ends := commandsOf(t, lines())
	want := []string{"EHLO [127.0.0.1]", "MAIL FROM:<desk@corp.example> BODY=8BITMIME", "RCPT TO:<jane@home.example>", "DATA", "QUIT"}
	if diff := cmp.Diff(want, commands); diff != "" || ends != 1 {
		t.Errorf("%d ends; the commands differ:\n%s", ends, diff)
	}
	if h := read(t, m.Data).Header; h.Get("Bcc") != "" || len(h["To"]) != 1 || h.Get("To") != "<jane@home.example>" {
		t.Errorf("the header is %v", h)
	}
}

func TestAnAcceptedAddressArrivesAsItIs(t *testing.T) {
	t.Parallel()
	c, s, _ := relayed(t)
	for _, to := range []string{"!#$%&'*+-/=?^_`{|}~@a.example", "o'neil+desk@a-b.example", strings.Repeat("j", 64) + "@" + strings.Repeat("abcdefgh.", 20) + "example"} {
		if err := deliver(t, c, to, codeLetter("12345678")); err != nil {
			t.Fatal(err)
		}
		m := s.WaitMessage(t, testlab.To(to))
		list, err := read(t, m.Data).AddressList("To")
		if err != nil || len(m.To) != 1 || len(list) != 1 || list[0].Address != to {
			t.Errorf("%q arrived for %q, in the header %v, %v", to, m.To, list, err)
		}
	}
}

func TestAMethodThatIsNoMailboxIsRefused(t *testing.T) {
	t.Parallel()
	f := &tray{}
	c := newRoom(t, f).Courier()
	for kind, reached := range map[core.MethodKind]bool{
		core.MethodMail: true, core.MethodAlternate: true, core.MethodTOTP: false, core.MethodMobile: false, core.MethodOfficePhone: false,
		core.MethodSecurityKeys: false,
	} {
		m := alternate(jane)
		m.Kind = kind
		_, err := c.Prepare(t.Context(), m)
		if c.Reaches(kind) != reached || (err == nil) != reached || (!reached && core.CodeOf(err) != core.CodeInvalid) {
			t.Errorf("%s: reaches %v, %v", kind, c.Reaches(kind), err)
		}
	}
}

func TestAMailServerIsDescribedInFull(t *testing.T) {
	t.Parallel()
	good := notify.SMTPOptions{Host: "mx.example", Port: 587, Security: notify.STARTTLS}
	if _, err := notify.NewSMTP(good); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*notify.SMTPOptions){
		"no host":            func(o *notify.SMTPOptions) { o.Host = "" },
		"port 0":             func(o *notify.SMTPOptions) { o.Port = 0 },
		"port 65536":         func(o *notify.SMTPOptions) { o.Port = 65536 },
		"no encryption":      func(o *notify.SMTPOptions) { o.Security = "none" },
		"a user alone":       func(o *notify.SMTPOptions) { o.User = "desk" },
		"a password alone":   func(o *notify.SMTPOptions) { o.Password = secret.FromString("x") },
		"an empty authority": func(o *notify.SMTPOptions) { o.CA = []byte("no PEM") },
	} {
		o := good
		change(&o)
		if _, err := notify.NewSMTP(o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
