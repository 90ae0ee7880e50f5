package lineterm

import (
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

// timer asks the program for a message after a while.
type timer struct {
	after time.Duration
	msg   func(time.Time) tea.Msg
}

// fired is the message of a timer.
type fired struct {
	timer *time.Timer
	msg   tea.Msg
}

// Tick is tea.Tick without a goroutine: the timer belongs to the program and
// ends with it, where tea.Tick's would live on until it fires.
func Tick(after time.Duration, msg func(time.Time) tea.Msg) tea.Cmd {
	return func() tea.Msg { return timer{after, msg} }
}

// perform runs a command in a goroutine of its own, which ends when the command
// does: commands that take long watch a context of the screen they belong to.
// A message that comes after the end of the program is dropped.
func (p *program) perform(cmd tea.Cmd) {
	if cmd != nil {
		go p.deliver(cmd)
	}
}

// deliver runs a command and sends what it yields to the loop. It returns when
// the loop has got it; for a group of commands, when it has got all.
func (p *program) deliver(cmd tea.Cmd) {
	if cmd == nil || p.ctx.Err() != nil {
		return
	}
	msg := p.call(cmd)
	switch cmds, kind := p.words.group(msg); kind {
	case together:
		p.deliverTogether(cmds)
	case inOrder:
		for _, cmd := range cmds {
			p.deliver(cmd)
		}
	case single:
		p.send(msg)
	}
}

// call runs a command. A panic of it is reported here, because after the end
// nobody reads the message.
func (p *program) call(cmd tea.Cmd) tea.Msg {
	msg := Guard(cmd)()
	if bad, ok := msg.(panicked); ok {
		p.opts.OnPanic(bad.err.Value, bad.err.Stack)
	}
	return msg
}

func (p *program) deliverTogether(cmds []tea.Cmd) {
	var all sync.WaitGroup
	for _, cmd := range cmds {
		all.Go(func() { p.deliver(cmd) }) // ends with its command
	}
	all.Wait()
}

func (p *program) send(msg tea.Msg) {
	select {
	case p.messages <- msg:
	case <-p.ctx.Done():
	}
}

// arm starts a timer; the loop alone touches the set of them.
func (p *program) arm(t timer) {
	armed := make(chan *time.Timer, 1) // the callback may run before AfterFunc returns
	a := time.AfterFunc(t.after, func() {
		msg := p.call(func() tea.Msg { return t.msg(time.Now()) })
		p.send(fired{timer: <-armed, msg: msg})
	})
	armed <- a
	p.timers[a] = struct{}{}
}

func (p *program) stopTimers() {
	for t := range p.timers {
		t.Stop()
	}
}
