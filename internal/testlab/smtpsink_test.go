package testlab_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/smtp"
	"net/textproto"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

func send(c *smtp.Client, from, to, data string) error {
	if err := c.Mail(from); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, data); err != nil {
		return err
	}
	return w.Close()
}

func dialSMTP(t *testing.T, s *testlab.SMTPServer) *smtp.Client {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second)) // a guard against hanging
	c, err := smtp.NewClient(conn, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestASinkTakesAMessageOverSTARTTLSWithALogin(t *testing.T) {
	t.Parallel()
	ca := testlab.NewCA(t)
	s := testlab.SMTPSink(t, testlab.SMTPOptions{CA: ca, RequireTLS: true, User: "desk", Password: "pw"})
	c := dialSMTP(t, s)
	if err := c.Mail("a@example.org"); err == nil {
		t.Error("MAIL before STARTTLS was accepted")
	}
	if err := c.StartTLS(&tls.Config{RootCAs: ca.Pool(), ServerName: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	if err := c.Mail("a@example.org"); err == nil {
		t.Error("MAIL before the login was accepted")
	}
	if err := c.Auth(smtp.PlainAuth("", "desk", "pw", "127.0.0.1")); err != nil {
		t.Fatal(err)
	}
	if err := send(c, "desk@example.org", "jane@example.org", "Subject: Hi\r\n\r\n.dot\r\nbody\r\n"); err != nil {
		t.Fatal(err)
	}
	m := s.WaitMessage(t, testlab.To("JANE@example.org"))
	if m.From != "desk@example.org" || !m.Secured || m.User != "desk" || m.Data != "Subject: Hi\n\n.dot\nbody\n" {
		t.Errorf("message: %+v", m)
	}
	if got := s.Logins(); len(got) != 1 || got[0] != "PLAIN" {
		t.Errorf("logins: %q", got)
	}
}

// loginAuth is AUTH LOGIN, which net/smtp does not have.
type loginAuth struct{ answers []string }

func (a *loginAuth) Start(*smtp.ServerInfo) (string, []byte, error) { return "LOGIN", nil, nil }

func (a *loginAuth) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	next := a.answers[0]
	a.answers = a.answers[1:]
	return []byte(next), nil
}

func TestASinkKnowsAuthLoginAndRefusesWrongPasswords(t *testing.T) {
	t.Parallel()
	s := testlab.SMTPSink(t, testlab.SMTPOptions{User: "desk", Password: "pw"})
	if err := dialSMTP(t, s).Auth(&loginAuth{[]string{"desk", "wrong"}}); !strings.HasPrefix(errText(err), "535") {
		t.Errorf("wrong password: %v", err)
	}
	if err := dialSMTP(t, s).Auth(&loginAuth{[]string{"desk", "pw"}}); err != nil {
		t.Error(err)
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestASinkSpeaksTLSFromTheFirstByte(t *testing.T) {
	t.Parallel()
	ca := testlab.NewCA(t)
	s := testlab.SMTPSink(t, testlab.SMTPOptions{CA: ca, ImplicitTLS: true})
	conn, err := tls.Dial("tcp", s.Addr, &tls.Config{RootCAs: ca.Pool()})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if line, err := bufio.NewReader(conn).ReadString('\n'); !strings.HasPrefix(line, "220 ") {
		t.Errorf("greeting %q: %v", line, err)
	}
}

func TestASinkShowsABadCertificateWhenAsked(t *testing.T) {
	t.Parallel()
	ca := testlab.NewCA(t)
	bad := ca.Issue(testlab.CertOptions{Expired: true})
	c := dialSMTP(t, testlab.SMTPSink(t, testlab.SMTPOptions{Certificate: &bad}))
	if err := c.StartTLS(&tls.Config{RootCAs: ca.Pool(), ServerName: "127.0.0.1"}); err == nil {
		t.Error("an expired certificate was accepted")
	}
}

func TestASinkFailsAtTheStageAsked(t *testing.T) {
	t.Parallel()
	for _, stage := range []testlab.SMTPStage{testlab.SMTPMail, testlab.SMTPRcpt, testlab.SMTPData, testlab.SMTPContent} {
		s := testlab.SMTPSink(t, testlab.SMTPOptions{Faults: map[testlab.SMTPStage]testlab.SMTPFault{stage: {Reply: "451 4.3.0 later", Times: 1}}})
		err := send(dialSMTP(t, s), "a@example.org", "b@example.org", "x")
		var refusal *textproto.Error
		if !errors.As(err, &refusal) || refusal.Code != 451 {
			t.Errorf("%s: %v", stage, err)
		}
		if len(s.Messages()) != 0 {
			t.Errorf("%s: a refused message was kept", stage)
		}
		if err := send(dialSMTP(t, s), "a@example.org", "b@example.org", "x"); err != nil {
			t.Errorf("%s, second try: %v", stage, err)
		}
	}
}

func TestASinkRefusesSingleRecipients(t *testing.T) {
	t.Parallel()
	s := testlab.SMTPSink(t, testlab.SMTPOptions{RefuseRcpt: func(to string) string {
		if to == "gone@example.org" {
			return "550 5.1.1 no such person"
		}
		return ""
	}})
	if err := send(dialSMTP(t, s), "a@example.org", "gone@example.org", "x"); !strings.HasPrefix(errText(err), "550") {
		t.Errorf("got %v", err)
	}
	if err := send(dialSMTP(t, s), "a@example.org", "here@example.org", "x"); err != nil {
		t.Error(err)
	}
}

func TestASinkDropsTheConnectionAfterTheMessage(t *testing.T) {
	t.Parallel()
	s := testlab.SMTPSink(t, testlab.SMTPOptions{})
	s.Fail(testlab.SMTPContent, testlab.SMTPFault{Drop: true})
	if err := send(dialSMTP(t, s), "a@example.org", "b@example.org", "x"); !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
	s.WaitMessage(t, testlab.To("b@example.org"))
	s.Fail(testlab.SMTPContent, testlab.SMTPFault{})
	if err := send(dialSMTP(t, s), "a@example.org", "c@example.org", "x"); err != nil {
		t.Errorf("disarmed: %v", err)
	}
}

func TestASinkHangs(t *testing.T) {
	t.Parallel()
	s := testlab.SMTPSink(t, testlab.SMTPOptions{Faults: map[testlab.SMTPStage]testlab.SMTPFault{testlab.SMTPConnect: {Hang: true}}})
	conn, err := net.Dial("tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(100 * time.Millisecond))
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a hanging server: %v", err)
	}
}
