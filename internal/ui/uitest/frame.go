package uitest

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// Frame is what a terminal shows when nothing is under way any more.
type Frame struct {
	W, H   int
	Lines  []string // with their escape sequences
	Cursor *tea.Cursor
}

// Text is what is to be read, without looks and without blanks at the ends of lines.
func (f Frame) Text() string {
	var b strings.Builder
	for _, l := range f.Lines {
		b.WriteString(strings.TrimRight(ansi.Strip(l), " "))
		b.WriteByte('\n')
	}
	return b.String()
}

// Contains reports that one line holds the text.
func (f Frame) Contains(text string) bool { return f.Line(text) != "" }

// Line is the first line that holds the text, "" when none does.
func (f Frame) Line(text string) string {
	for l := range strings.Lines(f.Text()) {
		if strings.Contains(l, text) {
			return strings.TrimRight(l, "\n")
		}
	}
	return ""
}

// Raw is the frame with its escape sequences made visible.
func (f Frame) Raw() string {
	return strings.ReplaceAll(strings.Join(f.Lines, "\n")+"\n", "\x1b", "\\e")
}
