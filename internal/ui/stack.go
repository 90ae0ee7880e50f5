package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

func (r *Root) top() *open {
	if len(r.stack) == 0 {
		return nil
	}
	return r.stack[len(r.stack)-1]
}

// push opens a screen on top. A route that the registry does not have is a programming error that a test of the registry finds.
func (r *Root) push(to screen.Route, with any) tea.Cmd {
	e, ok := r.registry[to]
	if !ok {
		return nil
	}
	r.nextLife++
	life := screen.NewLife(r.ctx, r.nextLife, r.env)
	o := &open{route: to, life: life, screen: e.New(r.env, life, with)}
	r.stack = append(r.stack, o)
	return o.screen.Init()
}

// drop closes every screen from position n on.
func (r *Root) drop(n int) {
	for i := len(r.stack) - 1; i >= max(0, n); i-- {
		r.stack[i].life.End()
	}
	r.stack = r.stack[:max(0, min(n, len(r.stack)))]
}

// pop closes the screen on top and resumes the one below. The first screen stays.
func (r *Root) pop(result any) tea.Cmd {
	if len(r.stack) <= 1 {
		return nil
	}
	r.drop(len(r.stack) - 1)
	return r.resume(result)
}

func (r *Root) resume(result any) tea.Cmd {
	if top := r.top(); top != nil {
		return top.screen.Update(screen.Resumed{Result: result})
	}
	return nil
}

// event passes on that something changed. An operator who was disabled or lost their roles is out within the event.
func (r *Root) event(msg screen.Event) tea.Cmd {
	if msg.Kind == core.EventOperator && (msg.Operator == "" || msg.Operator == r.env.Actor.OperatorID) {
		o, may, err := r.env.Desk.WhoAmI(r.ctx, r.env.Actor)
		if core.CodeOf(err) == core.CodeDenied {
			return r.end(EndedDenied)
		}
		if err == nil {
			r.env.Operator, r.env.May = o, may
		}
	}
	if msg.Kind == core.EventHealth && r.status != nil {
		r.state = r.status()
	}
	return tea.Batch(r.broadcast(msg), r.unseenEvent(msg.Kind))
}

// age arms the minute's tick while a screen on the stack shows something that ages.
func (r *Root) age() tea.Cmd {
	if r.aging || r.lock.closed {
		return nil
	}
	for _, o := range r.stack {
		if s, ok := o.screen.(screen.Fast); ok && s.Ages() {
			r.aging = true
			return lineterm.Tick(minute, tick)
		}
	}
	return nil
}
