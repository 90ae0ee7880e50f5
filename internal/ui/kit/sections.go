package kit

import "github.com/sspr-tui/sspr-tui/internal/ui/theme"

// Place says where a section stands when there is room for two columns.
type Place string

// The places.
const (
	PlaceLeft  Place = ""
	PlaceRight Place = "right"
	// PlaceWide takes the whole width; what follows stands below it.
	PlaceWide Place = "wide"
)

// Section is a head and what belongs under it.
type Section struct {
	// Title is the head, in capitals; empty for a block without one.
	Title string
	Body  Block
	Place Place
}

// height returns the lines of head and body.
func (s *Section) height(w int) int {
	if s.Title == "" {
		return s.Body.Height(w)
	}
	return 1 + s.Body.Height(w)
}

// Sections arranges sections in two columns, or one below the other where the
// width does not suffice. They are read left column first.
type Sections struct {
	Theme *theme.Theme
	Items []Section
}

// twoColumns is the least width of a block for two columns, in cells.
const twoColumns = 72

// band is a run of sections between two wide ones.
type band struct{ left, right []Section }

// bands returns the sections line by line: each wide section is a band of its
// own, on the left.
func (s *Sections) bands(w int) []band {
	var out []band
	open := false
	for _, item := range s.Items {
		if item.Place == PlaceWide || w < twoColumns {
			out = append(out, band{left: []Section{item}})
			open = false
			continue
		}
		if !open {
			out = append(out, band{})
			open = true
		}
		b := &out[len(out)-1]
		if item.Place == PlaceRight {
			b.right = append(b.right, item)
			continue
		}
		b.left = append(b.left, item)
	}
	return out
}

// leftWidth returns the width of the left column: a little more than half,
// because values stand there.
func (b band) leftWidth(w int) int {
	if len(b.right) == 0 {
		return w
	}
	return w * 21 / 40
}

func (b band) height(w int) int {
	lw := b.leftWidth(w)
	return max(columnHeight(b.left, lw), columnHeight(b.right, w-lw))
}

// columnHeight returns the lines of sections below each other with one blank
// line between them.
func columnHeight(sections []Section, w int) int {
	h := max(0, len(sections)-1)
	for i := range sections {
		h += sections[i].height(w)
	}
	return h
}

// Height returns the lines of all bands with one blank line between them.
func (s *Sections) Height(w int) int {
	bands := s.bands(w)
	h := max(0, len(bands)-1)
	for _, b := range bands {
		h += b.height(w)
	}
	return h
}

// View draws the sections.
func (s *Sections) View(w, h int) []string {
	p := theme.NewPen(s.Theme, w, h)
	for i, b := range s.bands(w) {
		if i > 0 {
			p.Newline()
		}
		s.drawBand(p, b, min(b.height(w), h-p.Row()))
	}
	return p.Lines()
}

func (s *Sections) drawBand(p *theme.Pen, b band, h int) {
	lw := b.leftWidth(p.Width())
	left, right := s.column(b.left, lw, h), s.column(b.right, p.Width()-lw, h)
	for i := range h {
		p.Styled(left[i])
		if right[i] != "" {
			p.To(lw)
			p.Styled(right[i])
		}
		p.Newline()
	}
}

// column draws sections below each other.
func (s *Sections) column(sections []Section, w, h int) []string {
	p := theme.NewPen(s.Theme, w, h)
	for i := range sections {
		if i > 0 {
			p.Newline()
		}
		if sections[i].Title != "" {
			p.Skip(Margin)
			p.Put(theme.Heading, sections[i].Title)
			p.Newline()
		}
		room := max(0, h-p.Row())
		for _, l := range sections[i].Body.View(w, min(sections[i].Body.Height(w), room)) {
			p.Styled(l)
			p.Newline()
		}
	}
	return p.Lines()
}
