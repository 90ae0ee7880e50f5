package sshd

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"time"
)

// maxPiece is how many bytes are written under one deadline: one packet. A long answer over a slow line is then not
// taken for a client that does not read.
const maxPiece = 32 << 10

// output writes to a client and gives up on one that does not read. While a write waits for the client's window nothing
// in the writing program moves, so the deadline cannot be left to it.
type output struct {
	timeout time.Duration

	mu       sync.Mutex // x/crypto allows one write to a stream at a time
	to       io.Writer
	deadline *time.Timer // runs during a write
	terminal bool
	afterCR  bool // the last byte written was a carriage return
	scratch  []byte
}

// newOutput calls stalled on another goroutine when a piece is not taken in time.
func newOutput(to io.Writer, timeout time.Duration, stalled func()) *output {
	deadline := time.AfterFunc(timeout, stalled)
	deadline.Stop()
	return &output{to: to, timeout: timeout, deadline: deadline}
}

// asTerminal makes line feeds those of a terminal.
func (o *output) asTerminal() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.terminal = true
}

// Write implements [io.Writer].
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for written := 0; written < len(p); {
		piece := p[written:min(len(p), written+maxPiece)]
		if err := o.write(piece); err != nil {
			return written, err
		}
		written += len(piece)
	}
	return len(p), nil
}

func (o *output) write(piece []byte) error {
	if o.terminal {
		piece = o.translate(piece)
	}
	o.deadline.Reset(o.timeout)
	_, err := o.to.Write(piece)
	o.deadline.Stop()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrClosed, err)
	}
	return nil
}

// translate puts a carriage return before each line feed that has none.
func (o *output) translate(p []byte) []byte {
	before := o.afterCR
	o.afterCR = p[len(p)-1] == '\r'
	if bytes.IndexByte(p, '\n') < 0 {
		return p
	}
	out := o.scratch[:0]
	for _, b := range p {
		if b == '\n' && !before {
			out = append(out, '\r')
		}
		out = append(out, b)
		before = b == '\r'
	}
	o.scratch = out
	return out
}
