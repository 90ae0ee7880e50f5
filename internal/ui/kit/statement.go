package kit

import "github.com/sspr-tui/sspr-tui/internal/ui/theme"

// Statement says what is the matter: one sentence with the glyph of its state,
// and below it what else must be known. It is the first thing on a card and the
// result of an operation.
type Statement struct {
	Theme *theme.Theme
	State theme.State
	// Text is the sentence. It is wrapped, never cut, while there is room.
	Text string
	// Details are further sentences.
	Details []string
	// Code is a code that can be searched for; it stands behind everything, dim.
	Code string
}

func (s *Statement) width(w int) int { return w - 2*Margin - pointerWidth }

// Height returns the lines of the wrapped sentences.
func (s *Statement) Height(w int) int {
	h := len(theme.Wrap(s.Text, s.width(w)))
	for _, d := range s.Details {
		h += len(theme.Wrap(d, s.width(w)))
	}
	if s.Code != "" {
		h++
	}
	return h
}

// View draws the sentences.
func (s *Statement) View(w, h int) []string {
	p := theme.NewPen(s.Theme, w, h)
	glyph, token := s.Theme.Mark(s.State)
	for i, l := range theme.Wrap(s.Text, s.width(w)) {
		p.Skip(Margin)
		if i == 0 {
			p.Put(token, glyph)
		}
		s.line(p, theme.Strong, l)
	}
	for _, d := range s.Details {
		for _, l := range theme.Wrap(d, s.width(w)) {
			s.line(p, theme.Text, l)
		}
	}
	if s.Code != "" {
		s.line(p, theme.Dim, s.Code)
	}
	return p.Lines()
}

func (s *Statement) line(p *theme.Pen, token theme.Token, text string) {
	p.To(Margin + pointerWidth)
	p.Put(token, text)
	p.Newline()
}
