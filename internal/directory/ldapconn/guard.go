package ldapconn

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"sync"
)

// limits bound what a server may send.
type limits struct {
	message        int // bytes of one message
	result         int // bytes of all messages of one request
	resultElements int // BER elements of all messages of one request
}

// Bounds that no server has a reason to reach.
const (
	maxDepth      = 10       // elements within elements: a search entry needs 6
	maxPlainBytes = 64 << 10 // of everything but a search entry, and of the controls of any message
)

// guard stands between go-ldap and the TLS connection. It lets whole, well-formed, bounded responses through and
// nothing else: go-ldap decodes every element, be it one byte, into some 600 bytes before anybody looks at it, and its
// own limit is one variable for the whole process. It also keeps the answer to the request in flight, as it came.
type guard struct {
	net.Conn
	reader  *bufio.Reader
	limits  limits
	buffer  []byte // the message being handed out
	pending []byte // what of it has not been handed out

	mu       sync.Mutex
	budget   limits // what is left of result and resultElements
	request  int64  // message id of the request in flight
	asked    byte   // its operation
	written  bool   // a byte of it was given to TLS
	answered bool
	answer   answer
	err      error // the first complaint
}

func newGuard(conn net.Conn, l limits) *guard {
	return &guard{Conn: conn, reader: bufio.NewReader(conn), limits: l, budget: l}
}

// begin forgets the request before and gives the next one a fresh budget.
func (g *guard) begin() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.budget, g.written, g.answered, g.answer, g.request = g.limits, false, false, answer{}, 0
}

// outcome returns the answer to the request in flight, if it came.
func (g *guard) outcome() (answer, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.answer, g.answered
}

// wrote reports whether a byte of the request in flight was given to TLS.
func (g *guard) wrote() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.written
}

// complaint is why the guard ended the connection, nil when it did not.
func (g *guard) complaint() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.err
}

// Write implements [net.Conn]. go-ldap writes one whole message at a time.
func (g *guard) Write(p []byte) (int, error) {
	m, err := parseMessage(p)
	if err != nil {
		return 0, fmt.Errorf("request: %w", err)
	}
	g.mu.Lock()
	g.request, g.asked, g.written = m.id, m.op.tag, true
	g.mu.Unlock()
	return g.Conn.Write(p)
}

// Read implements [net.Conn].
func (g *guard) Read(p []byte) (int, error) {
	if len(g.pending) == 0 {
		if err := g.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, g.pending)
	g.pending = g.pending[n:]
	return n, nil
}

// next reads one message and admits it.
func (g *guard) next() error {
	raw, err := g.message()
	if err == nil {
		err = g.admit(raw)
	}
	if err != nil {
		g.complain(err)
		return err
	}
	g.pending = raw
	return nil
}

func (g *guard) complain(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err == nil {
		g.err = err
	}
}

// message reads one message; the memory for it grows with what arrives, not with what its length claims.
func (g *guard) message() ([]byte, error) {
	header, err := g.peekHeader()
	if err != nil {
		return nil, err
	}
	taken, length, err := measure(header)
	if err != nil {
		return nil, err
	}
	if length > g.limits.message-taken {
		return nil, fmt.Errorf("%w: a message of %d bytes", ErrTooMuch, length)
	}
	return g.fill(taken + length)
}

// peekHeader looks at as many bytes as tag and length take.
func (g *guard) peekHeader() ([]byte, error) {
	head, err := g.reader.Peek(2)
	if err != nil {
		return nil, err
	}
	if head[0] != tagSequence {
		return nil, fmt.Errorf("%w: it begins with %#02x", errMalformed, head[0])
	}
	if head[1] < longLength {
		return head, nil
	}
	return g.reader.Peek(min(2+int(head[1]&^longLength), maxShortHeaderBytes))
}

func (g *guard) fill(total int) ([]byte, error) {
	const step = 64 << 10
	if cap(g.buffer) > step {
		g.buffer = nil // one large message must not be kept for the life of the connection
	}
	g.buffer = g.buffer[:0]
	for len(g.buffer) < total {
		part := min(step, total-len(g.buffer))
		at := len(g.buffer)
		g.buffer = append(g.buffer, make([]byte, part)...)
		if _, err := io.ReadFull(g.reader, g.buffer[at:]); err != nil {
			return nil, err
		}
	}
	return g.buffer, nil
}

// admit checks one message against the bounds and notes the answer.
func (g *guard) admit(raw []byte) error {
	m, err := parseMessage(raw)
	if err != nil {
		return err
	}
	elements, err := count(raw, g.limits.resultElements)
	if err != nil {
		return err
	}
	switch {
	case !isResponse(m.op.tag):
		return fmt.Errorf("%w: a server sent operation %#02x", errMalformed, m.op.tag)
	case m.op.tag != opSearchEntry && len(raw) > maxPlainBytes, len(m.controls) > maxPlainBytes:
		return fmt.Errorf("%w: an answer of %d bytes", ErrTooMuch, len(raw))
	case m.id == 0:
		return errDisconnected // the one unsolicited notification there is (RFC 4511 section 4.4.1)
	}
	return g.account(m, len(raw), elements)
}

// account charges the message to the request in flight and keeps it when it is the answer.
func (g *guard) account(m message, size, elements int) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.budget.result -= size
	g.budget.resultElements -= elements
	if g.budget.result < 0 || g.budget.resultElements < 0 {
		return fmt.Errorf("%w: more than %d bytes or %d elements in one result", ErrTooMuch, g.limits.result, g.limits.resultElements)
	}
	if !isAnswer(m.op.tag) || m.id != g.request || g.answered {
		return nil
	}
	a, err := parseAnswer(m)
	if err != nil {
		return err
	}
	// Samba refuses a modification whose critical control it does not know with an extended response.
	if m.op.tag != responseTo(g.asked) && (m.op.tag != opExtendedResponse || a.code == CodeSuccess) {
		return fmt.Errorf("%w: operation %#02x in answer to %#02x", errMalformed, m.op.tag, g.asked)
	}
	g.answer, g.answered = a.keep(), true
	return nil
}

// count walks all elements of a message without decoding them.
func count(raw []byte, most int) (int, error) {
	c := counter{left: most}
	if err := c.walk(raw, maxDepth); err != nil {
		return 0, err
	}
	return most - c.left, nil
}

// counter counts down the elements that are still permitted.
type counter struct{ left int }

func (c *counter) walk(content []byte, depth int) error {
	if depth == 0 {
		return fmt.Errorf("%w: nested too deeply", errMalformed)
	}
	for len(content) > 0 {
		if c.left--; c.left < 0 {
			return fmt.Errorf("%w: a message of too many elements", ErrTooMuch)
		}
		first, rest, err := split(content)
		if err != nil {
			return err
		}
		content = rest
		if !first.constructed() {
			continue
		}
		if err := c.walk(first.content, depth-1); err != nil {
			return err
		}
	}
	return nil
}
