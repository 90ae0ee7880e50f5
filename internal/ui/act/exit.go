package act

import tea "charm.land/bubbletea/v2"

// Exit is the way out of a screen. It is taken once: until the root has closed the screen, further keys and late results must not close, or
// open, another one.
type Exit struct{ taken bool }

// Take leaves that way, unless the screen is being left already.
func (e *Exit) Take(way tea.Cmd) tea.Cmd {
	if e.taken {
		return nil
	}
	e.taken = true
	return way
}

// Taken reports whether the screen is being left.
func (e *Exit) Taken() bool { return e.taken }
