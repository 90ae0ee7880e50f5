package kit

import "github.com/sspr-tui/sspr-tui/internal/ui/theme"

// Cell is a short fact: a text, and in front of it the glyph of a state if it
// has one. The word is the caller's, so that no state is told by colour alone.
type Cell struct {
	Text  string
	Token theme.Token
	State theme.State
}

// word returns the look of the text: quiet states are dim unless told otherwise.
func (c Cell) word() theme.Token {
	if c.Token == theme.Text && (c.State == theme.StateOff || c.State == theme.StateBusy) {
		return theme.Dim
	}
	return c.Token
}

// draw writes the cell in exactly n cells, as far as the line goes. Where there
// is no room for the word, the glyph stands alone.
func (c Cell) draw(p *theme.Pen, t *theme.Theme, n int, align Align) {
	if c.State == theme.StateNone {
		c.drawText(p, n, align)
		return
	}
	to := p.X() + n
	if spare := n - c.width(t); align == AlignRight && spare > 0 {
		p.Skip(spare)
	}
	c.drawMarked(p, t, to-p.X())
	p.To(to)
}

func (c Cell) drawText(p *theme.Pen, n int, align Align) {
	if align == AlignRight {
		p.FitRight(c.Token, c.Text, n)
		return
	}
	p.Fit(c.Token, c.Text, n)
}

// drawMarked writes glyph and word in at most n cells.
func (c Cell) drawMarked(p *theme.Pen, t *theme.Theme, n int) {
	glyph, token := t.Mark(c.State)
	used := p.Clip(token, glyph, n)
	if c.Text != "" && n-used > 2 {
		p.Skip(1)
		p.Clip(c.word(), c.Text, n-used-1)
	}
}

// width returns the room the cell would like, in cells.
func (c Cell) width(t *theme.Theme) int {
	w := theme.Width(c.Text)
	if c.State == theme.StateNone {
		return w
	}
	glyph, _ := t.Mark(c.State)
	if c.Text == "" {
		return theme.Width(glyph)
	}
	return theme.Width(glyph) + 1 + w
}
