package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// toastFor is how long a toast stays.
const toastFor = 6 * time.Second

// toasts are the short words in front of the footer.
type toasts struct {
	kit.Toasts
	armed time.Time // the moment a timer is under way for
}

// add shows a toast at once: what was said before was read, or is overtaken by what the operator has just done.
func (t *toasts) add(env *screen.Env, msg screen.Toast) {
	t.Theme = env.Theme
	for _, shown := t.NextAt(); shown; _, shown = t.NextAt() {
		t.Dismiss(env.Now)
	}
	t.Push(kit.Toast{Text: env.Say(msg.Said), State: msg.State, For: toastFor}, env.Now)
}

// arm moves the queue on and waits for its next change.
func (t *toasts) arm(now time.Time) tea.Cmd {
	t.Tick(now)
	at, more := t.NextAt()
	if !more || at.Equal(t.armed) {
		return nil
	}
	t.armed = at
	return lineterm.Tick(max(0, at.Sub(now)), func(time.Time) tea.Msg { return toastMsg{} })
}
