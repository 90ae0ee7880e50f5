package testlab

import (
	"bytes"
	"net"
	"sync"
)

// Request is one request that a [Front] saw.
type Request struct {
	Op        Op
	MessageID int64
	Raw       []byte // the whole message, in clear text
	Secured   bool   // it came through TLS
}

// Bounds of what a proxy remembers.
const (
	maxRequests  = 20_000
	maxWireBytes = 4 << 20
)

// journal remembers what clients sent.
type journal struct {
	mu          sync.Mutex
	requests    []Request
	wire        bytes.Buffer
	connections int
	handshakes  int // failed ones
	changed     chan struct{}
}

func newJournal() *journal { return &journal{changed: make(chan struct{})} }

func (j *journal) record(f frame, secured bool) {
	j.update(func() {
		if len(j.requests) < maxRequests {
			j.requests = append(j.requests, Request{Op: f.op, MessageID: f.messageID, Raw: f.raw, Secured: secured})
		}
	})
}

func (j *journal) connected()       { j.update(func() { j.connections++ }) }
func (j *journal) failedHandshake() { j.update(func() { j.handshakes++ }) }

func (j *journal) wrote(p []byte) {
	j.update(func() {
		if j.wire.Len() < maxWireBytes {
			j.wire.Write(p)
		}
	})
}

func (j *journal) update(change func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	change()
	close(j.changed)
	j.changed = make(chan struct{})
}

// Requests returns every request of one kind so far, OpAny for all.
func (f *Front) Requests(op Op) []Request {
	f.journal.mu.Lock()
	defer f.journal.mu.Unlock()
	var found []Request
	for _, r := range f.journal.requests {
		if op == OpAny || r.Op == op {
			found = append(found, r)
		}
	}
	return found
}

// Connections returns how many connections were made so far.
func (f *Front) Connections() int {
	f.journal.mu.Lock()
	defer f.journal.mu.Unlock()
	return f.journal.connections
}

// FailedHandshakes returns how many TLS handshakes did not succeed so far.
func (f *Front) FailedHandshakes() int {
	f.journal.mu.Lock()
	defer f.journal.mu.Unlock()
	return f.journal.handshakes
}

// WireBytes returns what clients sent so far as it was on the wire, encrypted or not.
func (f *Front) WireBytes() []byte {
	f.journal.mu.Lock()
	defer f.journal.mu.Unlock()
	return bytes.Clone(f.journal.wire.Bytes())
}

// Changed returns a channel that is closed at the next event: a connection, bytes of a client, a request. Take it
// before looking at the figures.
func (f *Front) Changed() <-chan struct{} {
	f.journal.mu.Lock()
	defer f.journal.mu.Unlock()
	return f.journal.changed
}

// recordingConn notes every byte that the client sends.
type recordingConn struct {
	net.Conn
	journal *journal
}

// Read implements [net.Conn].
func (c *recordingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.journal.wrote(p[:n])
	}
	return n, err
}
