package testlab

import (
	"crypto/tls"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// SMTPStage is a moment of an SMTP session (RFC 5321 section 3).
type SMTPStage string

// The stages.
const (
	SMTPConnect  SMTPStage = "connect"
	SMTPHello    SMTPStage = "hello"
	SMTPStartTLS SMTPStage = "starttls"
	SMTPAuth     SMTPStage = "auth"
	SMTPMail     SMTPStage = "mail"
	SMTPRcpt     SMTPStage = "rcpt"
	SMTPData     SMTPStage = "data"    // the command
	SMTPContent  SMTPStage = "content" // the message itself: struck after it came in
	SMTPQuit     SMTPStage = "quit"
)

// SMTPFault is what happens instead of success at one stage.
type SMTPFault struct {
	Reply string // a whole reply line, for example "451 4.3.0 try later"
	Hang  bool   // no reply, ever
	Drop  bool   // the connection ends; at SMTPContent the message is kept, as a server does that crashes after it
	Times int    // how often; 0: always
}

// SMTPOptions describes a sink. The zero value takes everything in clear text without a login.
type SMTPOptions struct {
	CA          *CA              // offers STARTTLS with a certificate of this authority
	Certificate *tls.Certificate // the certificate to show instead, for example a bad one
	ImplicitTLS bool             // TLS from the first byte
	RequireTLS  bool             // MAIL is refused before STARTTLS
	User        string           // a login is demanded
	Password    string
	Faults      map[SMTPStage]SMTPFault
	RefuseRcpt  func(address string) string // a reply line that refuses the recipient, "" to take it
}

// SMTPMessage is one message that a sink took.
type SMTPMessage struct {
	From    string
	To      []string
	Data    string // header and body with LF line ends, dots unstuffed
	Secured bool   // it came through TLS
	User    string // who had logged in
}

// SMTPServer is a mail server that keeps what it gets. It ends with the test.
type SMTPServer struct {
	Addr string // host:port

	opts     SMTPOptions
	tls      *tls.Config
	listener net.Listener
	serve    sync.WaitGroup

	mu       sync.Mutex
	faults   map[SMTPStage]SMTPFault
	messages []SMTPMessage
	logins   []string // AUTH mechanisms, in order
	conns    map[net.Conn]struct{}
	changed  chan struct{}
	closed   bool
}

// SMTPSink starts a mail server on loopback.
func SMTPSink(tb testing.TB, opts SMTPOptions) *SMTPServer {
	tb.Helper()
	s := &SMTPServer{
		opts: opts, faults: map[SMTPStage]SMTPFault{}, conns: map[net.Conn]struct{}{}, changed: make(chan struct{}),
	}
	for stage, fault := range opts.Faults {
		s.faults[stage] = fault
	}
	s.tls = opts.tlsConfig()
	var err error
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		tb.Fatalf("mail server: %v", err)
	}
	s.Addr = s.listener.Addr().String()
	s.serve.Go(s.accept) // ends with the listener
	tb.Cleanup(s.close)
	return s
}

func (o SMTPOptions) tlsConfig() *tls.Config {
	switch {
	case o.Certificate != nil:
		return &tls.Config{Certificates: []tls.Certificate{*o.Certificate}}
	case o.CA != nil:
		return &tls.Config{Certificates: []tls.Certificate{o.CA.Issue(CertOptions{})}}
	}
	return nil
}

// Fail arms a fault; the zero fault disarms the stage.
func (s *SMTPServer) Fail(stage SMTPStage, fault SMTPFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.faults, stage)
	if fault != (SMTPFault{}) {
		s.faults[stage] = fault
	}
}

// Messages returns what was taken so far.
func (s *SMTPServer) Messages() []SMTPMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]SMTPMessage(nil), s.messages...)
}

// Logins returns the mechanisms of the logins that succeeded, in order.
func (s *SMTPServer) Logins() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.logins...)
}

// WaitMessage waits for a message that pleases the predicate. It fails the test after 10 seconds.
func (s *SMTPServer) WaitMessage(tb testing.TB, pleases func(SMTPMessage) bool) SMTPMessage {
	tb.Helper()
	const patience = 10 * time.Second
	deadline := time.After(patience)
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		for _, m := range s.Messages() {
			if pleases(m) {
				return m
			}
		}
		select {
		case <-changed:
		case <-deadline:
			tb.Fatalf("no such message within %v; there are %d others", patience, len(s.Messages()))
		}
	}
}

// To is a predicate for WaitMessage: one recipient is address.
func To(address string) func(SMTPMessage) bool {
	return func(m SMTPMessage) bool {
		for _, to := range m.To {
			if strings.EqualFold(to, address) {
				return true
			}
		}
		return false
	}
}

func (s *SMTPServer) keep(m SMTPMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, m)
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *SMTPServer) loggedIn(mechanism string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logins = append(s.logins, mechanism)
}

// strikes returns the fault of a stage and counts it.
func (s *SMTPServer) strikes(stage SMTPStage) (SMTPFault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fault, ok := s.faults[stage]
	if !ok {
		return SMTPFault{}, false
	}
	if fault.Times == 1 {
		delete(s.faults, stage)
	} else if fault.Times > 1 {
		left := fault
		left.Times--
		s.faults[stage] = left
	}
	return fault, true
}

func (s *SMTPServer) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		if !s.register(conn) {
			_ = conn.Close()
			return
		}
		s.serve.Go(func() { // ends with the connection
			defer s.forget(conn)
			newSMTPSession(s, conn).run()
		})
	}
}

func (s *SMTPServer) register(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.conns[conn] = struct{}{}
	return true
}

func (s *SMTPServer) forget(conn net.Conn) {
	_ = conn.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, conn)
}

func (s *SMTPServer) close() {
	_ = s.listener.Close()
	s.mu.Lock()
	s.closed = true
	for conn := range s.conns {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.serve.Wait()
}
