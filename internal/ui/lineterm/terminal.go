package lineterm

import (
	"io"

	"github.com/charmbracelet/colorprofile"
)

// The window sizes that are drawn. A client may claim any size; memory and
// time of a frame grow with it.
const (
	MaxCols     = 400 // cells
	MaxRows     = 150 // cells
	defaultCols = 80
	defaultRows = 24
)

// Size is the size of a window in cells.
type Size struct {
	Cols int
	Rows int
}

// clamp returns the size that is drawn. A dimension of zero means "unknown"
// (RFC 4254 section 6.2) and keeps what was known before.
func (s Size) clamp(before Size) Size {
	if s.Cols <= 0 {
		s.Cols = before.Cols
	}
	if s.Rows <= 0 {
		s.Rows = before.Rows
	}
	return Size{Cols: min(s.Cols, MaxCols), Rows: min(s.Rows, MaxRows)}
}

func defaultSize() Size { return Size{Cols: defaultCols, Rows: defaultRows} }

// Terminal is the one terminal a model runs on.
type Terminal struct {
	// In is read until it fails or Run returns. The goroutine that reads it
	// ends when the read that is under way returns: close the channel behind
	// it after Run.
	In io.Reader
	// Out gets one Write per frame, and a last one that restores the terminal.
	Out io.Writer
	// Term is the terminal's type, as in TERM.
	Term string
	// Environ is the environment of the client ("LANG=de_DE.UTF-8"), already
	// filtered by an allow-list. The server's own is never read.
	Environ []string
	// Size is the window's size at the start.
	Size Size
	// Resizes are the window's later sizes; it is drained for as long as Run
	// runs, and may be closed or nil.
	Resizes <-chan Size
	// Profile is what colours the terminal shows. Unknown derives it from Term
	// and Environ.
	Profile colorprofile.Profile
	// CloseOutput makes a Write that hangs return; it is called at most once,
	// when a Write takes too long. Nil is for outputs that cannot hang.
	CloseOutput func()
}

func (t Terminal) environ() []string {
	return append([]string{"TERM=" + t.Term}, t.Environ...)
}

func (t Terminal) profile() colorprofile.Profile {
	if t.Profile != colorprofile.Unknown {
		return t.Profile
	}
	return colorprofile.Env(t.environ())
}
