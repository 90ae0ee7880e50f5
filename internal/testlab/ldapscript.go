package testlab

import (
	"bufio"
	"crypto/tls"
	"net"
	"sync"
	"testing"
)

// LDAPPeer is one connection of a [LDAPScript], after TLS.
type LDAPPeer struct{ conn net.Conn }

// Send writes bytes as they are and reports whether the client still takes them.
func (p *LDAPPeer) Send(messages ...[]byte) bool {
	for _, message := range messages {
		if _, err := p.conn.Write(message); err != nil {
			return false
		}
	}
	return true
}

// LDAPScript is a server that answers as a test wants: the place of a directory that has been taken over. Its address
// is URL, its authority CA.
type LDAPScript struct {
	URL string
	CA  *CA

	listener net.Listener
	answer   func(*LDAPPeer, Request)
	serve    sync.WaitGroup
	mu       sync.Mutex
	conns    map[net.Conn]struct{}
	closed   bool
}

// ScriptedLDAP starts such a server over TLS. A bind is accepted; every other request is given to answer, which writes
// whatever it likes. It ends with the test.
func ScriptedLDAP(tb testing.TB, answer func(peer *LDAPPeer, request Request)) *LDAPScript {
	tb.Helper()
	ca := NewCA(tb)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{ca.Issue(CertOptions{})}})
	if err != nil {
		tb.Fatalf("scripted directory: %v", err)
	}
	s := &LDAPScript{
		URL: "ldaps://" + listener.Addr().String(), CA: ca,
		listener: listener, answer: answer, conns: map[net.Conn]struct{}{},
	}
	s.serve.Go(s.accept) // ends with the listener
	tb.Cleanup(s.close)
	return s
}

func (s *LDAPScript) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		if !s.register(conn) {
			_ = conn.Close()
			return
		}
		s.serve.Go(func() { s.talk(conn) }) // ends with the connection
	}
}

func (s *LDAPScript) talk(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	reader := bufio.NewReader(conn)
	peer := &LDAPPeer{conn: conn}
	for {
		f, err := readFrame(reader)
		if err != nil {
			return
		}
		if f.op == OpBind {
			peer.Send(Answer(f.messageID, 0x61, 0, ""))
			continue
		}
		s.answer(peer, Request{Op: f.op, MessageID: f.messageID, Raw: f.raw, Secured: true})
	}
}

func (s *LDAPScript) register(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.conns[conn] = struct{}{}
	return true
}

func (s *LDAPScript) close() {
	_ = s.listener.Close()
	s.mu.Lock()
	s.closed = true
	for conn := range s.conns {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.serve.Wait()
}
