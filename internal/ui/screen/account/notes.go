package account

import (
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// note is a short sentence in a section, with a glyph where one must be careful.
type note struct {
	state theme.State
	token theme.Token
	text  string
}

// noteList draws notes below each other, wrapped.
type noteList struct {
	theme *theme.Theme
	notes []note
}

func (n note) indent() int {
	if n.state == theme.StateNone {
		return kit.Margin
	}
	return indent
}

// Height implements kit.Block.
func (l *noteList) Height(w int) int {
	h := 0
	for _, n := range l.notes {
		h += len(theme.Wrap(n.text, w-n.indent()-kit.Margin))
	}
	return h
}

// View implements kit.Block.
func (l *noteList) View(w, h int) []string {
	p := theme.NewPen(l.theme, w, h)
	for _, n := range l.notes {
		glyph, mark := l.theme.Mark(n.state)
		for i, line := range theme.Wrap(n.text, w-n.indent()-kit.Margin) {
			p.Skip(kit.Margin)
			if i == 0 {
				p.Put(mark, glyph)
			}
			p.To(n.indent())
			p.Put(n.token, line)
			p.Newline()
		}
	}
	return p.Lines()
}
