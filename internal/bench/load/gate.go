package load

import (
	"net"
	"sync"
)

// gate is a connection that can stop reading: what comes then piles up in the kernel, as from a client that hangs.
type gate struct {
	net.Conn
	mu   sync.Mutex
	shut chan struct{} // nil while it reads
}

func newGate(conn net.Conn) *gate { return &gate{Conn: conn} }

// Read implements [net.Conn].
func (g *gate) Read(p []byte) (int, error) {
	g.mu.Lock()
	shut := g.shut
	g.mu.Unlock()
	if shut != nil {
		<-shut
	}
	return g.Conn.Read(p)
}

// close stops reading after the read that is under way.
func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut == nil {
		g.shut = make(chan struct{})
	}
}

// open reads on.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut != nil {
		close(g.shut)
		g.shut = nil
	}
}
