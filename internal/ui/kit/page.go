package kit

import "github.com/sspr-tui/sspr-tui/internal/ui/theme"

// Page is a whole screen: header on top, footer on the last line, a blank line
// above it, and the body between them.
type Page struct {
	Theme  *theme.Theme
	Header Block
	Body   Block
	Footer Block
}

// Height returns the height of the three parts and the blank line.
func (p *Page) Height(w int) int {
	return p.Header.Height(w) + p.Body.Height(w) + 1 + p.Footer.Height(w)
}

// BodyHeight returns how many lines the body gets on a screen of that size, and
// on which line it begins.
func (p *Page) BodyHeight(w, h int) (top, lines int) {
	top = min(p.Header.Height(w), max(h, 0))
	return top, max(0, h-top-1-p.Footer.Height(w))
}

// View draws the three parts.
func (p *Page) View(w, h int) []string {
	top, body := p.BodyHeight(w, h)
	lines := make([]string, 0, max(h, 0))
	lines = append(lines, p.Header.View(w, top)...)
	lines = append(lines, p.Body.View(w, body)...)
	foot := min(p.Footer.Height(w), max(0, h-len(lines)))
	lines = append(lines, make([]string, max(0, h-len(lines)-foot))...)
	lines = append(lines, p.Footer.View(w, foot)...)
	return Clamp(lines, w, h)
}
