package uitest

import (
	"fmt"
	"regexp"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

func frameOf(v tea.View, w, h int) Frame {
	f := Frame{W: w, H: h, Cursor: v.Cursor}
	if v.Content != "" || h > 0 {
		f.Lines = strings.Split(v.Content, "\n")
	}
	return f
}

// unsaid finds the id of a sentence that the catalogue does not have, and a field that was not given.
var unsaid = regexp.MustCompile(`\[[a-z_]+(\.[a-zA-Z0-9_-]+)+\]|\{[a-z_]+\}`)

// wrong says what must never be in a frame; "" when all is well.
func (f Frame) wrong() string {
	if f.W > 0 && f.H > 0 && len(f.Lines) != f.H {
		return fmt.Sprintf("has %d lines", len(f.Lines))
	}
	for i, l := range f.Lines {
		if why := wrongLine(l, f.W); why != "" {
			return fmt.Sprintf("has a line %d that %s", i, why)
		}
	}
	if c := f.Cursor; c != nil && (c.X < 0 || c.Y < 0 || c.X >= f.W || c.Y >= f.H) {
		return fmt.Sprintf("has its cursor at %d,%d", c.X, c.Y)
	}
	return ""
}

func wrongLine(l string, w int) string {
	if n := theme.Width(l); n > w {
		return fmt.Sprintf("is %d cells wide", n)
	}
	plain := ansi.Strip(l)
	if id := unsaid.FindString(plain); id != "" && !strings.HasSuffix(id, ".example]") { // a directory's name in brackets is a choice
		return "shows the unknown sentence or field " + id
	}
	for _, r := range plain {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return fmt.Sprintf("holds the control character %U", r)
		}
	}
	return ""
}
