package sshd

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// guardedConn is a network connection on which nothing can wait for ever. Until the client is authenticated one
// deadline bounds everything; afterwards each write has a deadline of its own. A failed write closes the connection:
// x/crypto does not, and whoever waits for an answer would go on waiting.
type guardedConn struct {
	net.Conn
	now          func() time.Time
	writeTimeout time.Duration
	deadline     time.Time   // of the handshake
	heard        atomic.Bool // something came in since silent was asked

	trusted   atomic.Bool
	mu        sync.Mutex
	handshake lockstep // until trusted
}

// guard sets the deadline of the handshake.
func guard(conn net.Conn, c Config) (*guardedConn, error) {
	g := &guardedConn{
		Conn: conn, now: c.Now, writeTimeout: c.Timeouts.Write,
		deadline: c.Now().Add(c.Timeouts.Grace),
	}
	return g, conn.SetDeadline(g.deadline)
}

// expired reports whether the time for the handshake is over.
func (g *guardedConn) expired() bool { return !g.now().Before(g.deadline) }

// trust lifts the bounds on what the client sends. It is called before the client learns that it is signed in, since
// it may send ahead from then on.
func (g *guardedConn) trust() { g.trusted.Store(true) }

// authenticated ends the handshake's deadline.
func (g *guardedConn) authenticated() error { return g.Conn.SetDeadline(time.Time{}) }

// Read implements [net.Conn]. Bytes of a client that sends ahead are not delivered.
func (g *guardedConn) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	g.heard.Store(true)
	if g.trusted.Load() || n == 0 {
		return n, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.handshake.received(p[:n]); err != nil {
		return 0, err
	}
	return n, err
}

// Write implements [net.Conn].
func (g *guardedConn) Write(p []byte) (int, error) {
	if err := g.beforeWrite(); err != nil {
		return 0, err
	}
	n, err := g.Conn.Write(p)
	if err != nil {
		_ = g.Close()
	}
	return n, err
}

func (g *guardedConn) beforeWrite() error {
	if g.trusted.Load() {
		return g.SetWriteDeadline(g.now().Add(g.writeTimeout))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.handshake.answered()
	return nil
}

// silent reports whether nothing has come in since it was last asked.
func (g *guardedConn) silent() bool { return !g.heard.Swap(false) }
