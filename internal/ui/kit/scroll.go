package kit

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Scroll shows a part of a block that is taller than its place.
type Scroll struct {
	Theme *theme.Theme
	Body  Block

	top, page, height int // first line shown; lines shown and lines there are, as last drawn
}

// Height returns the height of the body.
func (s *Scroll) Height(w int) int { return s.Body.Height(w) }

// Update moves by line, page or to an end, and reports whether it used the key.
func (s *Scroll) Update(msg tea.KeyPressMsg) bool {
	top, ok := moved(msg, s.clamp(s.top, s.height, s.page), s.page, s.height)
	if ok {
		s.top = s.clamp(top, s.height, s.page)
	}
	return ok
}

func (s *Scroll) clamp(top, height, page int) int { return max(0, min(top, height-page)) }

// View draws the visible part. A mark at the edge says that there is more.
func (s *Scroll) View(w, h int) []string {
	height := s.Body.Height(w)
	s.page, s.height = max(h, 0), height
	if height <= h {
		return s.Body.View(w, h)
	}
	top := s.clamp(s.top, height, h)
	lines := s.Body.View(w, height)[top : top+max(h, 0)]
	p := theme.NewPen(s.Theme, w, h)
	for i, l := range lines {
		p.Styled(l)
		if i == 0 && top > 0 || i == h-1 && top+h < height {
			p.To(w - Margin)
			p.Put(theme.Dim, s.Theme.Glyphs().More)
		}
		p.Newline()
	}
	return p.Lines()
}

// moved returns where a movement key leads from position at among n, and
// whether it is one. A page is at least one.
func moved(msg tea.KeyPressMsg, at, page, n int) (int, bool) {
	page = max(1, page)
	switch msg.String() {
	case "up":
		at--
	case "down":
		at++
	case "pgup":
		at -= page
	case "pgdown":
		at += page
	case "home":
		at = 0
	case "end":
		at = n - 1
	default:
		return at, false
	}
	return max(0, min(at, n-1)), true
}
