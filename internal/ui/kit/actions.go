package kit

import "github.com/sspr-tui/sspr-tui/internal/ui/theme"

// actionGap is the room between two further keys, in cells.
const actionGap = 4

// Actions is the line of the next key: the best one on the left, where the
// pointer stands, and what else could be done on the right.
type Actions struct {
	Theme  *theme.Theme
	Next   Binding
	Others []Binding
}

// Height returns 1.
func (a *Actions) Height(int) int { return 1 }

// View draws the line. Where there is no room, the last of the others go first.
func (a *Actions) View(w, h int) []string {
	p := theme.NewPen(a.Theme, w, h)
	g := a.Theme.Glyphs()
	p.Skip(Margin)
	token := theme.Accent
	if !a.Next.Enabled() {
		token = theme.Disabled
	}
	p.Fit(token, g.Pointer, pointerWidth)
	drawAction(p, g, a.Next)
	others := a.Others
	for len(others) > 0 && p.X()+actionGap+actionsWidth(others, g) > w-Margin {
		others = others[:len(others)-1]
	}
	p.To(w - Margin - actionsWidth(others, g))
	for i, b := range others {
		if i > 0 {
			p.Skip(actionGap)
		}
		drawAction(p, g, b)
	}
	p.Newline()
	return p.Lines()
}

func actionsWidth(bindings []Binding, g theme.Glyphs) int {
	w := 0
	for i, b := range bindings {
		if i > 0 {
			w += actionGap
		}
		w += b.width(g) + 1
	}
	return w
}

// drawAction writes "Key  label", in full words: it is read, not looked up.
func drawAction(p *theme.Pen, g theme.Glyphs, b Binding) {
	key, label := theme.Key, theme.Text
	if !b.Enabled() {
		key, label = theme.Disabled, theme.Disabled
	}
	p.Put(key, spoken(b.key(g)))
	p.Skip(gap)
	p.Put(label, b.Label)
	if !b.Enabled() {
		p.Skip(1)
		p.Put(label, "("+b.Disabled+")")
	}
}

// spoken returns the name of a key as it stands in a sentence: "Enter".
func spoken(name string) string {
	if len(name) < 2 || name[0] < 'a' || name[0] > 'z' {
		return name
	}
	return string(name[0]-'a'+'A') + name[1:]
}
