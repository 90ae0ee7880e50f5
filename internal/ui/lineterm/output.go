package lineterm

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

// afterClose is how long a Write gets to return once its channel was closed.
const afterClose = time.Second

// output sends frames, one at a time. While one is under way newer ones
// replace each other, so a slow client sees fewer frames and nobody waits.
type output struct {
	out     io.Writer
	screen  *screen
	timeout time.Duration           // of one Write
	close   func()                  // makes a hanging Write return; may be nil
	cancel  context.CancelCauseFunc // told of a failure
	onPanic func(value any, stack []byte)

	wake chan struct{} // holds one token when there is something to send
	stop chan struct{} // closed by finish
	done chan struct{} // closed when the goroutine has ended

	closing sync.Once

	mu   sync.Mutex // guards the rest
	next pending
	err  error
}

// pending is what was not sent yet. Of each kind only the newest is sent.
type pending struct {
	view      tea.View
	size      Size
	draw      bool
	whole     bool   // forget what is shown
	clipboard string // a sequence, sent once, after the frame
	question  string // likewise
}

func startOutput(t Terminal, s *screen, opts Options, cancel context.CancelCauseFunc) *output {
	o := &output{
		out: t.Out, screen: s, timeout: opts.WriteTimeout, close: t.CloseOutput, cancel: cancel, onPanic: opts.OnPanic,
		wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
	}
	go o.run() // ends on finish, or when a Write fails
	return o
}

// show makes the view the next frame. It never blocks.
func (o *output) show(v tea.View, size Size) {
	o.change(func(p *pending) { p.view, p.size, p.draw = v, size, true })
}

// repaint makes the next frame a full one. It never blocks.
func (o *output) repaint() {
	o.change(func(p *pending) { p.whole, p.draw = true, p.size != Size{} })
}

// setClipboard puts a text on the operator's clipboard. It never blocks.
func (o *output) setClipboard(text string) {
	if sequence := clipboard(text); sequence != "" {
		o.change(func(p *pending) { p.clipboard = sequence })
	}
}

// ask asks the terminal something. It never blocks.
func (o *output) ask(question string) {
	o.change(func(p *pending) { p.question = question })
}

func (o *output) change(f func(*pending)) {
	o.mu.Lock()
	f(&o.next)
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func (o *output) take() pending {
	o.mu.Lock()
	defer o.mu.Unlock()
	p := o.next
	o.next = pending{view: p.view, size: p.size}
	return p
}

func (o *output) run() {
	defer close(o.done)
	working := true
	o.guard(func() { working = o.serve() })
	if working {
		o.guard(func() { o.write(o.screen.restore()) })
	}
}

// serve sends frames until it is stopped, and reports whether the output still works.
func (o *output) serve() bool {
	for {
		select {
		case <-o.stop:
			return true
		case <-o.wake:
			if !o.write(o.draw(o.take())) {
				return false
			}
		}
	}
}

// guard makes a panic the end of this one program.
func (o *output) guard(f func()) {
	defer func() {
		if v := recover(); v != nil {
			bad := &PanicError{Value: v, Stack: debug.Stack()}
			o.onPanic(bad.Value, bad.Stack)
			o.fail(bad)
		}
	}()
	f()
}

func (o *output) draw(p pending) []byte {
	if p.whole {
		o.screen.forget()
	}
	var frame []byte
	if p.draw {
		frame = o.screen.frame(p.view, p.size)
	}
	frame = append(frame, p.clipboard...)
	return append(frame, p.question...)
}

// write sends one frame under the deadline and reports that it went out.
func (o *output) write(frame []byte) bool {
	if len(frame) == 0 {
		return true
	}
	deadline := time.AfterFunc(o.timeout, o.giveUp)
	_, err := o.out.Write(frame)
	deadline.Stop()
	if err != nil {
		o.fail(fmt.Errorf("%w: %w", ErrOutput, err))
		return false
	}
	return true
}

// giveUp cuts off a client that does not read.
func (o *output) giveUp() {
	o.fail(fmt.Errorf("%w: %w", ErrOutput, ErrSlowClient))
	o.closing.Do(func() {
		if o.close != nil {
			o.close()
		}
	})
}

// fail ends the program; the first reason counts.
func (o *output) fail(err error) {
	o.mu.Lock()
	if o.err == nil {
		o.err = err
	}
	o.mu.Unlock()
	o.cancel(err)
}

// finish restores the terminal and ends the goroutine. A client that does not
// take it within the grace is cut off; when even that does not make its Write
// return, the goroutine is left behind until it does.
func (o *output) finish(grace time.Duration) error {
	close(o.stop)
	if !o.ended(grace) {
		o.giveUp()
		o.ended(afterClose)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

func (o *output) ended(within time.Duration) bool {
	limit := time.NewTimer(within)
	defer limit.Stop()
	select {
	case <-o.done:
		return true
	case <-limit.C:
		return false
	}
}
