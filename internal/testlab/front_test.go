package testlab_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// peer is an LDAP client in bytes.
type peer struct {
	t      *testing.T
	conn   net.Conn
	reader *bufio.Reader
}

func dialPeer(t *testing.T, addr string) *peer {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second)) // a guard against hanging
	return &peer{t: t, conn: conn, reader: bufio.NewReader(conn)}
}

func (p *peer) secure(ca *testlab.CA) error {
	secure := tls.Client(p.conn, &tls.Config{RootCAs: ca.Pool(), ServerName: "127.0.0.1"})
	p.conn, p.reader = secure, bufio.NewReader(secure)
	return secure.Handshake()
}

func (p *peer) send(messages ...[]byte) {
	p.t.Helper()
	for _, message := range messages {
		if _, err := p.conn.Write(message); err != nil {
			p.t.Fatal(err)
		}
	}
}

// answer reads one short message.
func (p *peer) answer() ([]byte, error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(p.reader, head); err != nil {
		return nil, err
	}
	if head[1] >= 0x80 {
		return nil, errors.New("a long message")
	}
	body := make([]byte, head[1])
	_, err := io.ReadFull(p.reader, body)
	return append(head, body...), err
}

func (p *peer) mustAnswer(want []byte) {
	p.t.Helper()
	got, err := p.answer()
	if err != nil || !bytes.Contains(got, want) {
		p.t.Fatalf("answer %x: %v; want %x in it", got, err, want)
	}
}

// Requests in bytes.
func bindRequest(id int64, dn, password string) []byte {
	return testlab.BER(0x30, testlab.BERInt(id), testlab.BER(0x60, testlab.BERInt(3), testlab.BERString(dn), testlab.BER(0x80, []byte(password))))
}

func startTLSRequest(id int64) []byte {
	return testlab.BER(0x30, testlab.BERInt(id), testlab.BER(0x77, testlab.BER(0x80, []byte("1.3.6.1.4.1.1466.20037"))))
}

// modifyRequest replaces the title.
func modifyRequest(id int64, dn, title string) []byte {
	change := testlab.BER(0x30, testlab.BER(0x0a, []byte{2}), testlab.BER(0x30, testlab.BERString("title"), testlab.BER(0x31, testlab.BERString(title))))
	return testlab.BER(0x30, testlab.BERInt(id), testlab.BER(0x66, testlab.BERString(dn), testlab.BER(0x30, change)))
}

var (
	bindSuccess   = []byte{0x61, 0x07, 0x0a, 0x01, 0x00}
	modifySuccess = []byte{0x67, 0x07, 0x0a, 0x01, 0x00}
)

func TestAFrontForwardsAndCounts(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := testlab.LDAPFront(t, s.Addr, testlab.FrontOptions{})
	p := dialPeer(t, f.Addr)
	p.send(bindRequest(1, s.RootDN, s.RootPassword))
	p.mustAnswer(bindSuccess)
	if got := f.Requests(testlab.OpBind); len(got) != 1 || got[0].MessageID != 1 || got[0].Secured || !bytes.Contains(got[0].Raw, []byte(s.RootPassword)) {
		t.Errorf("requests: %+v", got)
	}
	if f.Connections() != 1 || f.Open() != 1 || !bytes.Contains(f.WireBytes(), []byte(s.RootPassword)) {
		t.Errorf("%d connections, %d open", f.Connections(), f.Open())
	}
}

func TestAFrontSpeaksTLS(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	cert := s.CA.Issue(testlab.CertOptions{})
	for _, tc := range []struct {
		name    string
		opts    testlab.FrontOptions
		prepare func(*peer)
	}{
		{"implicit", testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: &cert}, func(*peer) {}},
		{"StartTLS", testlab.FrontOptions{Certificate: &cert}, func(p *peer) {
			p.send(startTLSRequest(1))
			p.mustAnswer([]byte{0x78, 0x07, 0x0a, 0x01, 0x00})
		}},
	} {
		f := testlab.LDAPFront(t, s.Addr, tc.opts)
		p := dialPeer(t, f.Addr)
		tc.prepare(p)
		if err := p.secure(s.CA); err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		p.send(bindRequest(2, s.RootDN, s.RootPassword))
		p.mustAnswer(bindSuccess)
		if got := f.Requests(testlab.OpBind); len(got) != 1 || !got[0].Secured || bytes.Contains(f.WireBytes(), []byte(s.RootPassword)) {
			t.Errorf("%s: requests %+v", tc.name, got)
		}
	}
}

func TestAFrontRefusesStripsAndInjectsAtStartTLS(t *testing.T) {
	t.Parallel()
	ca := testlab.NewCA(t)
	cert := ca.Issue(testlab.CertOptions{})
	refuse := dialPeer(t, testlab.LDAPFront(t, "127.0.0.1:1", testlab.FrontOptions{StartTLS: testlab.StartTLSRefuse}).Addr)
	refuse.send(startTLSRequest(1))
	refuse.mustAnswer([]byte{0x0a, 0x01, 0x02})

	strip := dialPeer(t, testlab.LDAPFront(t, "127.0.0.1:1", testlab.FrontOptions{StartTLS: testlab.StartTLSStrip}).Addr)
	strip.send(startTLSRequest(1))
	strip.mustAnswer([]byte{0x0a, 0x01, 0x00})
	if err := strip.secure(ca); err == nil {
		t.Error("TLS came up on a stripped connection")
	}

	inject := dialPeer(t, testlab.LDAPFront(t, "127.0.0.1:1", testlab.FrontOptions{StartTLS: testlab.StartTLSInject, Certificate: &cert}).Addr)
	inject.send(startTLSRequest(1))
	inject.mustAnswer([]byte{0x78, 0x07, 0x0a, 0x01, 0x00})
	inject.mustAnswer(bindSuccess)
}

func TestAFaultStrikesTheRequestItIsMeantFor(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	for _, tc := range []struct {
		name    string
		fault   testlab.Fault
		done    bool // the server has done it
		wantErr error
	}{
		{"reset before", testlab.Fault{Point: testlab.BeforeForward}, false, syscall.ECONNRESET},
		{"reset during", testlab.Fault{Point: testlab.DuringForward}, false, syscall.ECONNRESET},
		{"reset after", testlab.Fault{Point: testlab.BeforeAnswer}, true, syscall.ECONNRESET},
		{"half an answer", testlab.Fault{Point: testlab.DuringAnswer, Act: testlab.ActClose}, true, io.ErrUnexpectedEOF},
		{"close before", testlab.Fault{Act: testlab.ActClose}, false, io.EOF},
		{"delay", testlab.Fault{Act: testlab.ActDelay, Delay: 20 * time.Millisecond}, true, nil},
		{"delayed answer", testlab.Fault{Act: testlab.ActDelay, Point: testlab.BeforeAnswer, Delay: 20 * time.Millisecond}, true, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dn := s.AddPerson(t, testlab.Person{UID: tc.name})
			f := testlab.LDAPFront(t, s.Addr, testlab.FrontOptions{})
			tc.fault.Op, tc.fault.N = testlab.OpModify, 2
			struck := f.Arm(tc.fault)
			p := dialPeer(t, f.Addr)
			p.send(bindRequest(1, s.RootDN, s.RootPassword))
			p.mustAnswer(bindSuccess)
			p.send(modifyRequest(2, dn, "before"))
			p.mustAnswer(modifySuccess)
			p.send(modifyRequest(3, dn, "after"))
			if _, err := p.answer(); !errors.Is(err, tc.wantErr) {
				t.Errorf("answer: %v, want %v", err, tc.wantErr)
			}
			<-struck
			if got := s.Read(t, dn).First("title"); (got == "after") != tc.done {
				t.Errorf("title %q", got)
			}
		})
	}
}

func TestAHangingFrontSaysNothingMore(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := testlab.LDAPFront(t, s.Addr, testlab.FrontOptions{})
	<-armThenBind(t, f, s, testlab.Fault{Op: testlab.OpBind, Act: testlab.ActHang})
	f.Disarm()
	p := dialPeer(t, f.Addr)
	p.send(bindRequest(1, s.RootDN, s.RootPassword))
	p.mustAnswer(bindSuccess)
}

func armThenBind(t *testing.T, f *testlab.Front, s *testlab.SlapdServer, fault testlab.Fault) <-chan struct{} {
	t.Helper()
	struck := f.Arm(fault)
	p := dialPeer(t, f.Addr)
	p.send(bindRequest(1, s.RootDN, s.RootPassword))
	_ = p.conn.SetDeadline(time.Now().Add(100 * time.Millisecond))
	if got, err := p.answer(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("answer %x: %v", got, err)
	}
	return struck
}

func TestAFrontGivesAnAnswerOfItsOwn(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	busy := func(id int64) []byte { return testlab.Answer(id, 0x61, 51, "busy") }
	for _, point := range []testlab.Point{testlab.BeforeForward, testlab.BeforeAnswer} {
		f := testlab.LDAPFront(t, s.Addr, testlab.FrontOptions{})
		f.Arm(testlab.Fault{Op: testlab.OpAny, Point: point, Act: testlab.ActAnswer, Answer: busy})
		p := dialPeer(t, f.Addr)
		p.send(bindRequest(1, s.RootDN, s.RootPassword))
		p.mustAnswer([]byte{0x0a, 0x01, 51})
		p.send(bindRequest(2, s.RootDN, s.RootPassword))
		p.mustAnswer(bindSuccess)
	}
}

func TestAFrontRefusesAndFallsSilent(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := testlab.LDAPFront(t, s.Addr, testlab.FrontOptions{})
	f.RefuseAll()
	if conn, err := net.Dial("tcp", f.Addr); err == nil { // the reset may already come while one connects
		if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("a refusing front: %v", err)
		}
	}
	f.Silence()
	silent := dialPeer(t, f.Addr)
	silent.send(bindRequest(1, s.RootDN, s.RootPassword))
	_ = silent.conn.SetDeadline(time.Now().Add(100 * time.Millisecond))
	if _, err := silent.answer(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a silent front: %v", err)
	}
	f.Recover()
	p := dialPeer(t, f.Addr)
	p.send(bindRequest(1, s.RootDN, s.RootPassword))
	p.mustAnswer(bindSuccess)
	changed := f.Changed()
	f.CutAll()
	if _, err := p.answer(); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("a cut connection: %v", err)
	}
	dialPeer(t, f.Addr)
	<-changed
}

func TestAHandshakeThatFailsIsCountedAndNothingIsSeen(t *testing.T) {
	t.Parallel()
	ca, stranger := testlab.NewCA(t), testlab.NewCA(t)
	cert := stranger.Issue(testlab.CertOptions{})
	f := testlab.LDAPFront(t, "127.0.0.1:1", testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: &cert})
	changed := f.Changed()
	if err := dialPeer(t, f.Addr).secure(ca); err == nil {
		t.Fatal("a stranger's certificate was accepted")
	}
	for f.FailedHandshakes() == 0 {
		<-changed
		changed = f.Changed()
	}
	if got := f.Requests(testlab.OpAny); len(got) != 0 {
		t.Errorf("requests: %+v", got)
	}
}

func TestAScriptedDirectoryAnswersAsWritten(t *testing.T) {
	t.Parallel()
	s := testlab.ScriptedLDAP(t, func(p *testlab.LDAPPeer, r testlab.Request) {
		p.Send(testlab.Answer(r.MessageID, 0x67, 53, "no"), testlab.Answer(r.MessageID, 0x67, 0, ""))
	})
	p := dialPeer(t, s.URL[len("ldaps://"):])
	if err := p.secure(s.CA); err != nil {
		t.Fatal(err)
	}
	p.send(bindRequest(1, "cn=x", "y"))
	p.mustAnswer(bindSuccess)
	p.send(modifyRequest(2, "cn=x", "y"))
	p.mustAnswer([]byte{0x0a, 0x01, 53})
	p.mustAnswer(modifySuccess)
}
