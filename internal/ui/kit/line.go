package kit

import (
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Margin is the free room at the left and right edge of every block, in cells.
const Margin = 1

// gap is the room between two columns, in cells.
const gap = 2

// Span is a run of text with one meaning.
type Span struct {
	Token theme.Token
	Text  string
}

// Line is one line of text in several looks.
type Line []Span

// Plain returns a line of ordinary text.
func Plain(s string) Line { return Line{{Text: s}} }

// Styled returns a line with one meaning.
func Styled(token theme.Token, s string) Line { return Line{{Token: token, Text: s}} }

// Width returns the width of the line in cells.
func (l Line) Width() int {
	w := 0
	for _, s := range l {
		w += theme.Width(s.Text)
	}
	return w
}

// String returns the text of the line without its looks.
func (l Line) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}

func (l Line) draw(p *theme.Pen) {
	for _, s := range l {
		p.Put(s.Token, s.Text)
	}
}

// Lines is a block of ready lines, one below the other, each cut at the edge.
type Lines struct {
	Theme *theme.Theme
	Lines []Line
}

// Height returns the number of lines.
func (b *Lines) Height(int) int { return len(b.Lines) }

// View draws the lines.
func (b *Lines) View(w, h int) []string {
	p := theme.NewPen(b.Theme, w, h)
	for _, l := range b.Lines {
		if p.Full() {
			break
		}
		p.Skip(Margin)
		l.draw(p)
		p.Newline()
	}
	return p.Lines()
}
