package operate

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// SecretOf is the password that a screen holds, nil when it holds none.
func SecretOf(s screen.Screen) *secret.Text { return s.(*Operate).shown.secret }

// Hide is what the timer says when a password has been shown long enough.
func Hide() tea.Msg { return hide{} }

// Performed lets an operation end that way.
func Performed(s screen.Screen, res core.Result, err *core.Error) tea.Cmd {
	s.(*Operate).phase = performing
	return s.Update(performed{res, err})
}

// Spoken is how a character is read out.
func Spoken(env *screen.Env, c rune) string { return spoken(env, c) }
