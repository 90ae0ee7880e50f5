package ui

import tea "charm.land/bubbletea/v2"

// Ending says why a terminal ended that its operator did not leave by themselves.
type Ending string

// The endings.
const (
	EndedByOperator Ending = ""
	EndedIdle       Ending = "idle"     // nobody typed for too long
	EndedLifetime   Ending = "lifetime" // signed in for as long as one may be
	EndedDenied     Ending = "denied"   // disabled, or with other roles than at sign-in
	EndedTries      Ending = "tries"    // a locked terminal that was not unlocked
)

// Ending is why the terminal ended. It may be asked when the program has ended.
func (r *Root) Ending() Ending { return r.ending }

func (r *Root) end(why Ending) tea.Cmd {
	r.ending = why
	return tea.Quit
}
