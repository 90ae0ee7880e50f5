package act

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// Ready is what a screen hears when its grace may be over: it is drawn anew, with the pointer at the next key.
type Ready struct{}

// Grace is the short time after something appeared by itself in which a key was meant for what stood there before: the second half of a double
// Enter must not confirm a change, nor close a result that nobody has read. While it lasts, no pointer stands at the next key.
type Grace struct{ until time.Time }

// Begin starts it, or starts it again.
func (g *Grace) Begin(env *screen.Env, life *screen.Life) tea.Cmd {
	g.until = env.Now.Add(kit.DefaultGrace)
	return life.Wake(kit.DefaultGrace, Ready{})
}

// Over reports whether keys count.
func (g *Grace) Over(now time.Time) bool { return !now.Before(g.until) }

// Swallows reports whether a key came too early; the grace then begins again, so that a key that is held down never gets through. Leaving
// is always possible.
func (g *Grace) Swallows(env *screen.Env, life *screen.Life, k tea.KeyPressMsg) (bool, tea.Cmd) {
	if g.Over(env.Now) || k.String() == "esc" {
		return false, nil
	}
	return true, g.Begin(env, life)
}
