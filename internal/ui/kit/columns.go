package kit

import "github.com/sspr-tui/sspr-tui/internal/ui/theme"

// Pair is a label and its value.
type Pair struct {
	Label string
	Value Cell
	// Pending is a value that has been asked for and has not come: an ellipsis
	// keeps its place.
	Pending bool
	// Lines is how many lines the value may take; it is cut to them. 0 means 1.
	Lines int
}

// Columns is labels and values in two columns. The column of the labels is as
// wide as the longest label and no wider.
type Columns struct {
	Theme *theme.Theme
	Pairs []Pair
	// LabelWidth is the least width of the labels in cells, for blocks that
	// stand below each other.
	LabelWidth int
}

// Height returns the lines of all values.
func (c *Columns) Height(w int) int {
	left := c.labelWidth(w)
	h := 0
	for i := range c.Pairs {
		h += max(1, len(c.wrap(&c.Pairs[i], c.valueWidth(w, left))))
	}
	return h
}

func (c *Columns) labelWidth(w int) int {
	widest := c.LabelWidth
	for i := range c.Pairs {
		widest = max(widest, theme.Width(c.Pairs[i].Label))
	}
	return min(widest, max(0, w/2))
}

func (c *Columns) valueWidth(w, label int) int { return w - 2*Margin - label - gap }

// wrap returns the lines of a value of several lines, nil for one of one line.
func (c *Columns) wrap(p *Pair, w int) []string {
	if p.Lines < 2 || p.Pending {
		return nil
	}
	if p.Value.State != theme.StateNone {
		w -= pointerWidth
	}
	lines := theme.Wrap(p.Value.Text, w)
	if len(lines) > p.Lines {
		rest := lines[p.Lines-1]
		for _, l := range lines[p.Lines:] {
			rest += " " + l
		}
		lines = append(lines[:p.Lines-1], rest)
	}
	return lines
}

// View draws the pairs.
func (c *Columns) View(w, h int) []string {
	p := theme.NewPen(c.Theme, w, h)
	label := c.labelWidth(w)
	for i := range c.Pairs {
		if p.Full() {
			break
		}
		p.Skip(Margin)
		p.Fit(theme.Label, c.Pairs[i].Label, label)
		p.Skip(gap)
		c.value(p, &c.Pairs[i], c.valueWidth(w, label))
	}
	return p.Lines()
}

func (c *Columns) value(p *theme.Pen, pair *Pair, w int) {
	lines := c.wrap(pair, w)
	first, at, end := pair.Value, p.X(), p.X()+w
	switch {
	case pair.Pending:
		first = Cell{Text: c.Theme.Glyphs().Ellipsis, Token: theme.Placeholder}
	case len(lines) > 0:
		first.Text = lines[0]
	}
	first.draw(p, c.Theme, w, AlignLeft)
	p.Newline()
	if first.State != theme.StateNone {
		at += pointerWidth
	}
	for i := 1; i < len(lines); i++ {
		p.To(at)
		p.Clip(first.word(), lines[i], end-at)
		p.Newline()
	}
}
