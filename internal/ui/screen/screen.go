// Package screen is the contract between the root model and the screens.
//
// A Screen is an imperative part on a pointer receiver; only the root is a tea.Model. Navigation is data that the root handles (Push, Pop,
// Replace, Ask, Toast). Life is the only way for a screen to start asynchronous work. Params of every route are declared here, so that a
// screen opens another one without importing it: adding a screen is one folder and one line in the registry of package ui.
//
// A screen never does I/O in Update or View, never reads a clock (Env.Now is the time of the current message), never writes a sentence
// (Env.Say, Env.Label) and never starts a goroutine.
package screen

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
)

// Screen is one screen of one terminal.
type Screen interface {
	// Title is the screen's part of the breadcrumb.
	Title() string
	// Init starts what the screen needs.
	Init() tea.Cmd
	// Key takes a key and reports whether it used it. What no screen uses goes to the root: esc back, ? help, ctrl+k palette.
	Key(k tea.KeyPressMsg) (used bool, cmd tea.Cmd)
	// Update takes everything else: results of Life.Run, Resumed, Event, tea.PasteMsg, Tick.
	Update(msg tea.Msg) tea.Cmd
	// View draws the screen: at most h lines of at most w cells. It changes nothing and does no I/O.
	View(w, h int) Frame
	// Keys are the keys that make sense now, the most important first, for the footer and the help. Those that are not allowed say why.
	Keys() kit.KeyMap
	// Typing reports whether a text field has the focus: letters are text then, not keys.
	Typing() bool
}

// Frame is what a screen drew. Content stays data enough for a linear mode: Plain, where a screen gives it, is the same content as
// sentences in reading order.
type Frame struct {
	Lines  []string
	Cursor *Cursor // nil hides the cursor
	Plain  []string
}

// Cursor is where the terminal's cursor stands, in cells from the screen's top left corner.
type Cursor struct{ X, Y int }

// Wide is a screen that can stand beside the one that opened it in a wide terminal: the list stays on the left, this one is the detail.
type Wide interface {
	Screen
	// Beside reports whether it wants to stand beside its opener now.
	Beside() bool
}

// Fast is a screen that asks for a tick a minute while it shows something that ages (an open case).
type Fast interface {
	Screen
	// Ages reports whether the screen wants Tick messages, at most one a minute.
	Ages() bool
}
