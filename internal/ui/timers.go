package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

const (
	minute = time.Minute
	// slowAfter is how long a wait stays silent.
	slowAfter = 150 * time.Millisecond
)

type (
	idleMsg  struct{}
	slowMsg  struct{}
	toastMsg struct{}
)

func tick(t time.Time) tea.Msg { return screen.Tick{At: t} }

// idle watches for an operator who has left. Only keys and paste count.
type idle struct {
	bounds policy.Idle
	since  time.Time // signed in
	last   time.Time // last key
	held   time.Time // no lock before this: a code is outstanding
}

func newIdle(b policy.Idle, since, now time.Time) idle {
	if since.IsZero() {
		since = now
	}
	return idle{bounds: b, since: since, last: now}
}

func (i *idle) touch(now time.Time) { i.last = now }

// hold puts the lock off while a code is outstanding, within the bound of the settings.
func (i *idle) hold(until, now time.Time) {
	if latest := now.Add(i.bounds.Hold); until.After(latest) {
		until = latest
	}
	i.held = until
}

// lockAt is when the terminal locks, endAt when it ends.
func (i *idle) lockAt() time.Time {
	at := i.last.Add(i.bounds.Lock)
	if i.held.After(at) {
		return i.held
	}
	return at
}

func (i *idle) endAt() time.Time {
	end := i.last.Add(i.bounds.End)
	if absolute := i.since.Add(i.bounds.Absolute); absolute.Before(end) {
		return absolute
	}
	return end
}

// ending says which end it is.
func (i *idle) ending(now time.Time) Ending {
	if !now.Before(i.since.Add(i.bounds.Absolute)) {
		return EndedLifetime
	}
	return EndedIdle
}

// arm waits until something could have to happen; keys in between only move the time, they do not arm again.
func (i *idle) arm(now time.Time) tea.Cmd {
	next := i.lockAt()
	if !next.After(now) {
		next = i.endAt()
	}
	return lineterm.Tick(max(time.Second, next.Sub(now)), func(time.Time) tea.Msg { return idleMsg{} })
}

// onIdle locks or ends the terminal when its time has come, and waits on otherwise.
func (r *Root) onIdle() tea.Cmd {
	now := r.env.Now
	if !now.Before(r.idle.endAt()) {
		return r.end(r.idle.ending(now))
	}
	var cmd tea.Cmd
	if !r.lock.closed && !now.Before(r.idle.lockAt()) {
		cmd = r.lock.close(r)
	}
	return tea.Batch(cmd, r.idle.arm(now))
}

// slow draws once more when the screen on top has waited for slowAfter, so that a wait becomes visible. Most waits are over by then and
// draw nothing.
func (r *Root) slow() tea.Cmd {
	top := r.top()
	if top == nil || top.life.Busy.Count == 0 || r.env.Now.Sub(top.life.Busy.Since) > 0 {
		return nil
	}
	lasts := top.life.Lasting()
	return lineterm.Tick(slowAfter, func(time.Time) tea.Msg {
		if !lasts() {
			return nil
		}
		return slowMsg{}
	})
}

// IdleTick is the message with which the root's timer asks whether the operator has left; for tests that move the clock themselves.
func IdleTick() tea.Msg { return idleMsg{} }
