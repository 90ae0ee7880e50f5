package kit

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Tabs is one line of choices of which one is chosen. The chosen one stands in
// brackets, so that it is seen without colour.
type Tabs struct {
	Theme *theme.Theme
	// Label stands in front; empty for none.
	Label  string
	Items  []Tab
	Chosen int
}

// Tab is one choice.
type Tab struct {
	ID    string
	Label string
	// Off is a choice that has nothing to show here; it can be chosen, and what
	// it shows says why.
	Off bool
}

// Update moves the choice with the arrow keys and reports whether it used the
// key. It does not go round: the ends can be felt.
func (t *Tabs) Update(msg tea.KeyPressMsg) bool {
	at := t.Chosen
	switch msg.String() {
	case "left":
		at--
	case "right":
		at++
	default:
		return false
	}
	if at < 0 || at >= len(t.Items) {
		return false
	}
	t.Chosen = at
	return true
}

// Height returns 1.
func (t *Tabs) Height(int) int { return 1 }

// View draws the line. Where it is too narrow, choices on the left give way so
// that the chosen one is seen.
func (t *Tabs) View(w, h int) []string {
	p := theme.NewPen(t.Theme, w, h)
	p.Skip(Margin)
	if t.Label != "" {
		p.Put(theme.Label, t.Label)
		p.Skip(gap)
	}
	first := t.first(p.Room() - Margin)
	if first > 0 {
		p.Put(theme.Dim, t.Theme.Glyphs().Ellipsis)
	}
	for i := first; i < len(t.Items); i++ {
		t.draw(p, i)
	}
	p.Newline()
	return p.Lines()
}

// first returns the first choice that is drawn in n cells.
func (t *Tabs) first(n int) int {
	if t.Chosen < 0 || t.Chosen >= len(t.Items) || t.width(0, t.Chosen) <= n {
		return 0
	}
	first := 0
	for first < t.Chosen && theme.Width(t.Theme.Glyphs().Ellipsis)+t.width(first, t.Chosen) > n {
		first++
	}
	return first
}

// width returns the cells of the choices from one to another.
func (t *Tabs) width(from, to int) int {
	n := 0
	for _, item := range t.Items[from : to+1] {
		n += theme.Width(item.Label) + 3
	}
	return n - 1
}

func (t *Tabs) draw(p *theme.Pen, i int) {
	item := t.Items[i]
	switch {
	case i == t.Chosen:
		p.Put(theme.Accent, "[")
		p.Put(theme.Strong, item.Label)
		p.Put(theme.Accent, "]")
	case item.Off:
		p.Skip(1)
		p.Put(theme.Disabled, item.Label)
		p.Skip(1)
	default:
		p.Skip(1)
		p.Put(theme.Dim, item.Label)
		p.Skip(1)
	}
	p.Skip(1)
}
