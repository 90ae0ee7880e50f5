package kit

import "github.com/sspr-tui/sspr-tui/internal/ui/theme"

// footerKeys is how many keys a footer shows at most: more are not read.
const footerKeys = 7

// footerGap is the room between two keys, in cells.
const footerGap = 3

// Footer is the line of keys that make sense now.
type Footer struct {
	Theme *theme.Theme
	Keys  KeyMap
}

// Height returns 1.
func (f *Footer) Height(int) int { return 1 }

// View draws the keys on the first line. Where there is no room, the last keys
// that are not pinned go first.
func (f *Footer) View(w, h int) []string {
	p := theme.NewPen(f.Theme, w, h)
	g := f.Theme.Glyphs()
	p.Skip(Margin)
	for i, b := range f.shown(w-2*Margin, g) {
		if i > 0 {
			p.Skip(footerGap)
		}
		b.draw(p, g)
	}
	p.Newline()
	return p.Lines()
}

func (f *Footer) shown(w int, g theme.Glyphs) []Binding {
	keys := make([]Binding, 0, len(f.Keys))
	for _, b := range f.Keys {
		if !b.Hidden {
			keys = append(keys, b)
		}
	}
	for len(keys) > footerKeys || footerWidth(keys, g) > w {
		i := lastUnpinned(keys)
		if i < 0 {
			break
		}
		keys = append(keys[:i], keys[i+1:]...)
	}
	return keys
}

func lastUnpinned(keys []Binding) int {
	for i := len(keys) - 1; i >= 0; i-- {
		if !keys[i].Pinned {
			return i
		}
	}
	return -1
}

func footerWidth(keys []Binding, g theme.Glyphs) int {
	w := -footerGap
	for _, b := range keys {
		w += footerGap + b.width(g)
	}
	return w
}

// width returns the cells of "key label (reason)".
func (b Binding) width(g theme.Glyphs) int {
	w := theme.Width(b.key(g)) + 1 + theme.Width(b.Label)
	if !b.Enabled() {
		w += theme.Width(b.Disabled) + 3
	}
	return w
}

// draw writes "key label", all dim and with the reason if it is disabled.
func (b Binding) draw(p *theme.Pen, g theme.Glyphs) {
	if b.Enabled() {
		p.Put(theme.Key, b.key(g))
		p.Skip(1)
		p.Put(theme.Dim, b.Label)
		return
	}
	p.Put(theme.Disabled, b.key(g))
	p.Skip(1)
	p.Put(theme.Disabled, b.Label)
	p.Skip(1)
	p.Put(theme.Disabled, "(")
	p.Put(theme.Disabled, b.Disabled)
	p.Put(theme.Disabled, ")")
}
