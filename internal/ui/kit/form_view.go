package kit

import "github.com/sspr-tui/sspr-tui/internal/ui/theme"

// Height returns two lines for each field: one for it, one for its sentence.
// The second one is always there, so that nothing jumps when a problem comes.
func (f *Form) Height(int) int { return 2 * len(f.Fields) }

// lineHeight returns the lines of a field: one only where two do not fit.
func (f *Form) lineHeight(h int) int {
	if h < f.Height(0) && h < 2*len(f.Fields)-1 {
		return 1
	}
	return 2
}

// first returns the first field shown, so that the one with the focus is.
func (f *Form) first(h int) int {
	fit := max(1, h/f.lineHeight(h))
	return max(0, f.at()-fit+1)
}

// labelWidth returns the width of the longest label, at most half of w.
func (f *Form) labelWidth(w int) int {
	widest := 0
	for i := range f.Fields {
		widest = max(widest, theme.Width(f.Fields[i].Label))
	}
	return min(widest, w/2)
}

// View draws the fields.
func (f *Form) View(w, h int) []string {
	p := theme.NewPen(f.Theme, w, h)
	label := f.labelWidth(w)
	for i := f.first(h); i < len(f.Fields) && !p.Full(); i++ {
		f.drawField(p, i, label)
		if f.lineHeight(h) > 1 {
			f.drawSentence(p, &f.Fields[i], label)
		}
	}
	return p.Lines()
}

func (f *Form) drawField(p *theme.Pen, i, label int) {
	in := f.input(i)
	p.Skip(Margin)
	token := theme.Label
	if i == f.at() {
		token = theme.Strong
	}
	p.Fit(token, f.Fields[i].Label, label)
	p.Skip(gap)
	in.draw(p, p.Room()-Margin)
	p.Newline()
}

// input returns the field's input as it is drawn here.
func (f *Form) input(i int) *Input {
	in := f.Fields[i].Input // a copy: drawing changes nothing
	in.Theme = f.Theme
	in.Blurred = i != f.at()
	return &in
}

func (f *Form) drawSentence(p *theme.Pen, field *Field, label int) {
	p.Skip(Margin + label + gap)
	switch {
	case field.Problem != "":
		glyph, token := f.Theme.Mark(theme.StateWarn)
		p.Put(token, glyph)
		p.Skip(1)
		p.Put(token, field.Problem)
	case field.Hint != "":
		p.Skip(promptWidth)
		p.Put(theme.Dim, field.Hint)
	}
	p.Newline()
}

// Cursor returns where the cursor stands in a View of that size.
func (f *Form) Cursor(w, h int) (x, y int, ok bool) {
	if len(f.Fields) == 0 {
		return 0, 0, false
	}
	left := Margin + f.labelWidth(w) + gap
	x = left + f.input(f.at()).cursorX(w-left-Margin)
	y = (f.at() - f.first(h)) * f.lineHeight(h)
	return x, y, x < w && y < h
}
