package screen

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Route names a screen.
type Route string

// The routes. The registry of package ui has one line for each.
const (
	Home    Route = "home"    // search with the focus, what waits
	Account Route = "account" // AccountParams
	Operate Route = "operate" // OperateParams: reset or unlock, from proof to closed case
	Verify  Route = "verify"  // VerifyParams; pops with core.Evidence
	HandOff Route = "handoff" // HandOffParams
	Cases   Route = "cases"
	Case    Route = "case" // CaseParams
	Lists   Route = "lists"
	Trail   Route = "trail" // TrailParams
	Health  Route = "health"
	Help    Route = "help"
	Reveal  Route = "reveal" // RevealParams
)

// AccountParams opens the card of an account.
type AccountParams struct{ Person core.Person }

// OperateParams starts a goal: everything in front of it (case, proof, confirmation) comes by itself.
type OperateParams struct {
	Goal    core.Verb // VerbReset or VerbUnlock
	Account core.Account
	Case    int64 // 0 opens one
}

// VerifyParams proves the caller of a case for an operation.
type VerifyParams struct {
	Account core.Account
	Case    int64
	For     core.Verb
	Note    sentence.Sentence // what must be known before the caller is asked; zero for nothing
	To      string            // role the case is handed to when the caller cannot be proved; "" lets the screen propose one
}

// HandOffParams hands a case off; Wanted is what it will wait for, "" for help only. For a wanted operation the caller is proved first.
type HandOffParams struct {
	Account  core.Account
	Case     int64 // 0 opens one
	Wanted   core.Verb
	To       string // proposed role
	Unproved bool   // the caller could not be proved: do not ask again
}

// CaseParams opens one case.
type CaseParams struct{ Number int64 }

// TrailParams opens the trail, about one account or case when they are set.
type TrailParams struct {
	Account core.AccountID
	Case    int64
}

// RevealParams shows a contact value in full.
type RevealParams struct {
	Account core.Account
	Method  core.Method
}

// Push opens a screen on top.
type Push struct {
	To   Route
	With any
}

// Replace opens a screen in the place of the one on top.
type Replace struct {
	To   Route
	With any
}

// Pop closes the screen on top; the one below gets Resumed with the result.
type Pop struct{ Result any }

// GoHome closes everything above the home screen.
type GoHome struct{}

// Resumed tells a screen that the one above it has closed.
type Resumed struct{ Result any }

// Ask opens a dialog. Answer receives the id of the chosen button, "" when it was left with esc; its message goes to the screen that asked.
type Ask struct {
	Dialog kit.DialogOptions
	Answer func(chosen string) tea.Msg
}

// Toast is a short word that goes away by itself.
type Toast struct {
	State theme.State
	Said  sentence.Sentence
}

// LockNow locks the terminal.
type LockNow struct{}

// Hold holds the idle lock off until then: a code is outstanding and the operator waits for the caller. The settings bound it.
type Hold struct{ Until time.Time }

// SignOut ends the terminal.
type SignOut struct{}

// Event is something that changed outside this terminal.
type Event struct{ core.Event }

// CoalesceKey implements lineterm.Coalescer: what was told and not read yet is not told twice.
func (e Event) CoalesceKey() string {
	return fmt.Sprint("event ", e.Kind, " ", e.Case, " ", e.Account, " ", e.Operator, " ", e.Role)
}

// Tick is the minute's tick for screens that age.
type Tick struct{ At time.Time }

// Do is a message as a command.
func Do(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }
