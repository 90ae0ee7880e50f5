package screen

import (
	"context"
	"runtime/debug"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
)

// Life is the life of one screen on the stack: a context that ends when the screen closes, and the only way to start asynchronous work.
type Life struct {
	ID     int
	ctx    context.Context
	cancel context.CancelFunc
	env    *Env
	work   context.CancelFunc // of the newest work that can be cancelled
	wait   *atomic.Bool       // the newest wait is not over; read by its timer
	Busy   Busy
}

// Busy is what a screen waits for.
type Busy struct {
	Count int
	Since time.Time
	Said  sentence.Sentence // "asking dc2.corp.example"
	Sure  bool              // cannot be cancelled: a change is under way
}

// NewLife begins a life. The root calls it.
func NewLife(ctx context.Context, id int, env *Env) *Life {
	ctx, cancel := context.WithCancel(ctx)
	return &Life{ID: id, ctx: ctx, cancel: cancel, env: env, wait: &atomic.Bool{}}
}

// End ends it: everything it started is cancelled, and late results are dropped. The root calls it.
func (l *Life) End() { l.cancel() }

// AtEnd does something once the screen has closed or the terminal has ended, at once if it has already: a secret is forgotten.
func (l *Life) AtEnd(do func()) { context.AfterFunc(l.ctx, do) }

// Woken is what a timer says to the screen that set it, wherever on the stack that is.
type Woken struct {
	For int
	Msg tea.Msg
}

// Wake gives the screen a message after some time.
func (l *Life) Wake(after time.Duration, msg tea.Msg) tea.Cmd {
	woken := Woken{For: l.ID, Msg: msg}
	return lineterm.Tick(after, func(time.Time) tea.Msg { return woken })
}

// Landed is a result on its way to the screen that asked for it.
type Landed struct {
	For   int
	Msg   tea.Msg
	Aside bool // nobody waited for it: it does not count
}

// Failed is the message of work that failed.
type Failed struct {
	Of  string // what failed, as the screen named it
	Err *core.Error
}

// Run starts work that can be cancelled: a search, a card. A newer Run of the same screen cancels the older one. what names the work in Failed;
// said is what the operator reads while it takes longer than 150 ms.
func (l *Life) Run(what string, said sentence.Sentence, work func(context.Context) (tea.Msg, error)) tea.Cmd {
	if l.work != nil {
		l.work()
	}
	ctx, cancel := context.WithCancel(l.ctx)
	l.work = cancel
	return l.start(ctx, what, Busy{Said: said}, work)
}

// Beside starts work that a newer Run does not cancel.
func (l *Life) Beside(what string, said sentence.Sentence, work func(context.Context) (tea.Msg, error)) tea.Cmd {
	return l.start(l.ctx, what, Busy{Said: said}, work)
}

// Change starts work that must not be cancelled: an operation. It goes on even when the screen closes or the connection drops; its operation
// id lets the operator see its outcome later.
func (l *Life) Change(what string, said sentence.Sentence, work func(context.Context) (tea.Msg, error)) tea.Cmd {
	return l.start(context.WithoutCancel(l.ctx), what, Busy{Said: said, Sure: true}, work)
}

// Cancel cancels the newest work that can be cancelled and reports whether there was any.
func (l *Life) Cancel() bool {
	if l.work == nil || l.Busy.Count == 0 || l.Busy.Sure {
		return false
	}
	l.work()
	l.work = nil
	return true
}

// Aside starts work that nobody waits for: a hint, what waits, how the desk is. It is not shown as a wait, esc does not cancel it, and a newer
// Run does not either; it ends with the screen.
func (l *Life) Aside(what string, work func(context.Context) (tea.Msg, error)) tea.Cmd {
	return l.perform(l.ctx, what, Landed{For: l.ID, Aside: true}, work)
}

func (l *Life) start(ctx context.Context, what string, b Busy, work func(context.Context) (tea.Msg, error)) tea.Cmd {
	b.Count, b.Since = l.Busy.Count+1, l.env.Now
	l.Busy = b
	l.wait.Store(false)
	l.wait = &atomic.Bool{}
	l.wait.Store(true)
	return l.perform(ctx, what, Landed{For: l.ID}, work)
}

// perform does the work and puts what comes of it into land.
func (l *Life) perform(ctx context.Context, what string, land Landed, work func(context.Context) (tea.Msg, error)) tea.Cmd {
	log := l.env.Log
	return func() (msg tea.Msg) {
		defer func() {
			if p := recover(); p != nil {
				log.ErrorContext(ctx, "work of a screen panicked", "work", what, "stack", string(debug.Stack()))
				land.Msg = Failed{Of: what, Err: core.AsError(errPanic)}
				msg = land
			}
		}()
		out, err := work(ctx)
		if err != nil {
			out = Failed{Of: what, Err: core.AsError(err)}
		}
		land.Msg = out
		return land
	}
}

// Lasting returns what says, to any goroutine, whether the wait that began last is not over yet and none has begun after it.
func (l *Life) Lasting() func() bool { return l.wait.Load }

// Down counts a landed result. The root calls it before it passes the result on.
func (l *Life) Down() {
	l.Busy.Count = max(0, l.Busy.Count-1)
	if l.Busy.Count > 0 {
		return
	}
	l.Busy = Busy{}
	l.wait.Store(false)
	if l.work != nil { // it has ended: esc must not take it for something that can be cancelled
		l.work()
		l.work = nil
	}
}
