package kit

import "github.com/sspr-tui/sspr-tui/internal/ui/theme"

// Header is the status bar: where one is on the left, who one is and how the
// directories are on the right, and the one rule of the screen under it.
type Header struct {
	Theme *theme.Theme
	// Crumbs is the way here; the last one is this screen.
	Crumbs []string
	// Operator is who, which level and where.
	Operator []string
	// Status are the states of what the desk depends on. They are shown where
	// there is room.
	Status []Cell
}

// Height returns 2.
func (b *Header) Height(int) int { return 2 }

// View draws the bar and the rule.
func (b *Header) View(w, h int) []string {
	p := theme.NewPen(b.Theme, w, h)
	g := b.Theme.Glyphs()
	left, right := b.crumbs(g), b.right(g)
	room := w - 2*Margin
	for len(right) > 0 && left.Width()+footerGap+widthOf(right) > room {
		right = right[:len(right)-1]
	}
	b.drawLeft(p, g, left, room-widthOf(right))
	p.To(w - Margin - widthOf(right))
	for _, l := range right {
		l.draw(p)
	}
	p.Newline()
	p.Fill(theme.Rule, g.Rule, w)
	return p.Lines()
}

// drawLeft writes the crumbs; where the room does not suffice, the first ones
// give way to an ellipsis, because the last one says where one is.
func (b *Header) drawLeft(p *theme.Pen, g theme.Glyphs, left Line, room int) {
	p.Skip(Margin)
	if left.Width() > room && len(left) > 1 {
		for len(left) > 1 && left.Width()+theme.Width(g.Ellipsis)+1 > room {
			left = left[1:]
		}
		p.Put(theme.Dim, g.Ellipsis)
		p.Skip(1)
	}
	left.draw(p)
}

func (b *Header) crumbs(g theme.Glyphs) Line {
	var l Line
	for i, c := range b.Crumbs {
		if i < len(b.Crumbs)-1 {
			l = append(l, Span{theme.Dim, c + " " + g.Crumb + " "})
			continue
		}
		l = append(l, Span{theme.Strong, c})
	}
	return l
}

// right returns the pieces of the right side, the least important last.
func (b *Header) right(g theme.Glyphs) []Line {
	var out []Line
	for i, s := range b.Operator {
		if i > 0 {
			s = " " + g.Dot + " " + s
		}
		out = append(out, Line{{theme.Dim, s}})
	}
	for _, c := range b.Status {
		glyph, token := b.Theme.Mark(c.State)
		out = append(out, Line{{theme.Text, "   "}, {token, glyph}, {c.word(), " " + c.Text}})
	}
	return out
}

func widthOf(lines []Line) int {
	w := 0
	for _, l := range lines {
		w += l.Width()
	}
	return w
}
