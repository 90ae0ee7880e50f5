package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Unlocker checks what an operator types to unlock their terminal.
type Unlocker interface {
	// CanUnlock reports whether this operator has something to unlock with; one who signed in with a key only has not.
	CanUnlock(ctx context.Context, actor core.Actor) bool
	// Unlock checks a TOTP code or the directory password. core.CodeDenied, core.CodeUnavailable.
	Unlock(ctx context.Context, actor core.Actor, typed *secret.Text) error
}

// Options are what a Root is made of.
type Options struct {
	Env      *screen.Env
	Clock    core.Clock
	Unlocker Unlocker
	Registry []Entry       // nil: the registry of this package
	First    screen.Route  // "": home
	Looks    theme.Options // of the terminal: depth and glyphs for the themes the palette offers
	Since    time.Time     // when the operator signed in
	Status   func() Status // of what the desk depends on; called when an event says that it changed, never from View
	// Unseen lists changes whose end the operator did not see, and whether more may come; nil when nobody knows.
	Unseen func(ctx context.Context) (list []Unseen, more bool)
}

// Root is the model of one operator's terminal.
type Root struct {
	env      *screen.Env
	clock    core.Clock
	unlocker Unlocker
	registry map[screen.Route]Entry
	order    []Entry
	status   func() Status
	ctx      context.Context // of the terminal; screens derive theirs from it
	first    screen.Route
	looks    theme.Options

	width, height int
	stack         []*open
	nextLife      int
	overlay       overlay
	toasts        toasts
	idle          idle
	lock          lock
	state         Status
	aging         bool // a minute's tick is under way
	unseen        func(ctx context.Context) (list []Unseen, more bool)
	waiting       bool // for the end of a change that was begun elsewhere
	ending        Ending
}

// open is a screen on the stack with its life.
type open struct {
	route  screen.Route
	screen screen.Screen
	life   *screen.Life
}

// NewRoot makes the model. It lives as long as ctx.
func NewRoot(ctx context.Context, o Options) *Root {
	if o.Registry == nil {
		o.Registry = Registry()
	}
	if o.First == "" {
		o.First = screen.Home
	}
	r := &Root{
		env: o.Env, clock: o.Clock, unlocker: o.Unlocker, order: o.Registry, registry: map[screen.Route]Entry{},
		status: o.Status, unseen: o.Unseen, ctx: ctx, first: o.First, looks: o.Looks, width: 80, height: 24,
	}
	for _, e := range o.Registry {
		r.registry[e.Route] = e
	}
	r.env.Now = r.clock.Now()
	r.idle = newIdle(r.env.Desk.Settings().Idle, o.Since, r.env.Now)
	r.lock = newLock(r)
	return r
}

// Init implements tea.Model.
func (r *Root) Init() tea.Cmd {
	r.env.Now = r.clock.Now()
	if r.status != nil {
		r.state = r.status()
	}
	return tea.Batch(r.push(r.first, nil), r.idle.arm(r.env.Now), r.lookBack())
}

// Update implements tea.Model.
func (r *Root) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	r.env.Now = r.clock.Now()
	cmd := r.update(msg)
	return r, tea.Batch(cmd, r.age(), r.toasts.arm(r.env.Now), r.slow())
}

func (r *Root) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		r.width, r.height = msg.Width, msg.Height
		return nil
	case tea.KeyPressMsg:
		r.idle.touch(r.env.Now)
		return r.key(msg)
	case tea.PasteMsg:
		r.idle.touch(r.env.Now)
		return r.paste(msg)
	case idleMsg:
		return r.onIdle()
	case toastMsg, slowMsg:
		return nil
	case screen.Landed:
		return r.land(msg)
	case screen.Woken:
		return r.wake(msg)
	case screen.Event:
		return r.event(msg)
	case screen.Tick:
		r.aging = false
		return r.broadcast(msg)
	case unseenMsg:
		return r.lookedBack(msg)
	case lockResult:
		return r.lock.landed(r, msg)
	default:
		return r.navigate(msg)
	}
}

// navigate handles the messages with which screens move; anything else is for the screen on top.
func (r *Root) navigate(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Push:
		return r.push(msg.To, msg.With)
	case screen.Replace:
		r.drop(len(r.stack) - 1)
		return r.push(msg.To, msg.With)
	case screen.Pop:
		return r.pop(msg.Result)
	case screen.GoHome:
		r.drop(1)
		return r.resume(msg)
	case screen.Ask:
		r.overlay.ask(r, msg)
		return nil
	case screen.Toast:
		r.toasts.add(r.env, msg)
		return nil
	case screen.LockNow:
		return r.lock.close(r)
	case screen.Hold:
		r.idle.hold(msg.Until, r.env.Now)
		return nil
	case screen.SignOut:
		return tea.Quit
	case nil:
		return nil
	default:
		if top := r.top(); top != nil {
			return top.screen.Update(msg)
		}
		return nil
	}
}

func (r *Root) key(k tea.KeyPressMsg) tea.Cmd {
	if r.lock.closed {
		return r.lock.key(r, k)
	}
	if r.overlay.active() {
		return r.overlay.key(r, k)
	}
	top := r.top()
	if top == nil {
		return nil
	}
	if b, ok := r.globalKeys().Match(k, top.screen.Typing()); ok && b.ID != keyBack {
		return r.global(b.ID)
	}
	if used, cmd := top.screen.Key(k); used {
		return cmd
	}
	if b, ok := r.globalKeys().Match(k, top.screen.Typing()); ok {
		return r.global(b.ID)
	}
	return r.open(k)
}

// open opens the screen of the registry that has this key, unless it is the one on top. A screen the operator may not use says who can.
func (r *Root) open(k tea.KeyPressMsg) tea.Cmd {
	b, ok := r.everywhere().Match(k, r.top().screen.Typing())
	if !ok || b.ID == string(r.top().route) {
		return nil
	}
	if !b.Enabled() {
		return r.navigate(screen.Toast{State: theme.StateOff, Said: sentence.Of("screen.not_allowed", sentence.Word("screen", b.Label), sentence.Word("who", b.Disabled))})
	}
	return r.visit(screen.Route(b.ID))
}

// visit opens a place that can be reached from everywhere. It takes the turn of another such place on top, so that esc always leads back to
// what the operator was doing.
func (r *Root) visit(to screen.Route) tea.Cmd {
	if top := r.top(); top != nil && len(r.stack) > 1 && r.registry[top.route].Key != "" {
		r.drop(len(r.stack) - 1)
	}
	return r.push(to, nil)
}

func (r *Root) paste(msg tea.PasteMsg) tea.Cmd {
	switch {
	case r.lock.closed:
		r.lock.paste(msg)
		return nil
	case r.overlay.active():
		return r.overlay.paste(r, msg)
	case r.top() != nil:
		return r.top().screen.Update(msg)
	default:
		return nil
	}
}

// land passes a result to the screen that asked for it; a late one is dropped.
func (r *Root) land(msg screen.Landed) tea.Cmd {
	for _, o := range r.stack {
		if o.life.ID == msg.For {
			if !msg.Aside {
				o.life.Down()
			}
			return r.deliver(o, msg.Msg)
		}
	}
	return nil
}

// wake passes on what a timer says; a screen that has closed is not woken.
func (r *Root) wake(msg screen.Woken) tea.Cmd {
	for _, o := range r.stack {
		if o.life.ID == msg.For {
			return o.screen.Update(msg.Msg)
		}
	}
	return nil
}

// deliver gives a message to one screen. A refused operator ends the terminal: they are out at once.
func (r *Root) deliver(o *open, msg tea.Msg) tea.Cmd {
	if f, ok := msg.(screen.Failed); ok && f.Err.Said.ID == "denied.operator" {
		return r.end(EndedDenied)
	}
	return o.screen.Update(msg)
}

func (r *Root) broadcast(msg tea.Msg) tea.Cmd {
	cmds := make([]tea.Cmd, 0, len(r.stack))
	for _, o := range r.stack {
		cmds = append(cmds, o.screen.Update(msg))
	}
	return tea.Batch(cmds...)
}
