package testlab

import (
	"crypto/tls"
	"net"
	"sync"
	"testing"
)

// FrontTLS is how a proxy speaks to its clients.
type FrontTLS string

// The ways to speak to clients.
const (
	FrontClear    FrontTLS = ""         // as the client sends it; StartTLS is answered by the proxy, never by the server behind
	FrontImplicit FrontTLS = "implicit" // TLS from the first byte, as ldaps
)

// StartTLSAnswer is what a proxy does with a StartTLS request.
type StartTLSAnswer string

// The answers to StartTLS.
const (
	StartTLSAccept StartTLSAnswer = ""       // success, then TLS
	StartTLSRefuse StartTLSAnswer = "refuse" // result code 2
	StartTLSStrip  StartTLSAnswer = "strip"  // success, then clear text as if nothing had been agreed
	StartTLSInject StartTLSAnswer = "inject" // success and a forged clear-text answer in one segment, then TLS
	StartTLSHang   StartTLSAnswer = "hang"   // nothing
)

// FrontOptions describes a proxy. The zero value forwards everything in clear text.
type FrontOptions struct {
	TLS         FrontTLS
	StartTLS    StartTLSAnswer
	Certificate *tls.Certificate // needed for TLS and StartTLS
	MinVersion  uint16           // of TLS; 0: 1.2
	MaxVersion  uint16           // of TLS; 0: 1.3
}

// Front is a proxy between an LDAP client and a real server. It sees the clear text of every request, counts it, and
// does to it what a [Fault] says. It speaks clear text to the server behind, over loopback.
type Front struct {
	Addr string // host:port

	opts     FrontOptions
	backend  string
	listener net.Listener
	journal  *journal

	mu     sync.Mutex
	faults []*armedFault
	conns  map[*frontConn]struct{}
	mode   frontMode
	closed bool
	serve  sync.WaitGroup
}

// frontMode is what happens to new connections.
type frontMode string

const (
	modeForward frontMode = ""
	modeSilent  frontMode = "silent" // accepted and never answered
	modeRefuse  frontMode = "refuse" // reset at once
)

// LDAPFront starts a proxy in front of backend (host:port, clear text). It ends with the test.
func LDAPFront(tb testing.TB, backend string, opts FrontOptions) *Front {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("proxy: %v", err)
	}
	f := &Front{
		Addr: listener.Addr().String(), opts: opts, backend: backend, listener: listener,
		journal: newJournal(), conns: map[*frontConn]struct{}{},
	}
	f.serve.Go(f.accept) // ends with the listener
	tb.Cleanup(f.close)
	return f
}

// URL returns the address as a client is configured with it.
func (f *Front) URL() string {
	if f.opts.TLS == FrontImplicit {
		return "ldaps://" + f.Addr
	}
	return "ldap://" + f.Addr
}

func (f *Front) accept() {
	for {
		conn, err := f.listener.Accept()
		if err != nil {
			return
		}
		f.journal.connected()
		f.serve.Go(func() { f.handle(conn) }) // ends with the connection
	}
}

func (f *Front) handle(conn net.Conn) {
	c := &frontConn{front: f, client: &recordingConn{Conn: conn, journal: f.journal}, quit: make(chan struct{})}
	mode, ok := f.register(c)
	if !ok {
		_ = conn.Close()
		return
	}
	defer f.forget(c)
	switch mode {
	case modeRefuse:
		c.reset()
	case modeSilent:
		<-c.quit
	case modeForward:
		c.run()
	}
}

// register remembers the connection, so that CutAll and the end of the test reach it.
func (f *Front) register(c *frontConn) (frontMode, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return "", false
	}
	f.conns[c] = struct{}{}
	return f.mode, true
}

func (f *Front) forget(c *frontConn) {
	c.end()
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.conns, c)
}

// Silence makes the proxy accept new connections and never say a word on them.
func (f *Front) Silence() { f.setMode(modeSilent) }

// RefuseAll makes the proxy reset every new connection.
func (f *Front) RefuseAll() { f.setMode(modeRefuse) }

// Recover undoes Silence and RefuseAll for new connections.
func (f *Front) Recover() { f.setMode(modeForward) }

func (f *Front) setMode(mode frontMode) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mode = mode
}

// CutAll resets every connection that is open now.
func (f *Front) CutAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.conns {
		c.reset()
	}
}

// Open returns how many connections are open now.
func (f *Front) Open() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.conns)
}

func (f *Front) close() {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	_ = f.listener.Close()
	f.CutAll()
	f.serve.Wait()
}
