package ui

import (
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// keyList is the part of the help that lists keys: name, what it does, and why it cannot be used.
type keyList struct {
	root  *Root
	title string
	keys  kit.KeyMap
}

// Height implements kit.Block.
func (l *keyList) Height(int) int { return 1 + len(l.keys) }

// View implements kit.Block.
func (l *keyList) View(w, h int) []string {
	pen := theme.NewPen(l.root.env.Theme, w, h)
	pen.Skip(kit.Margin)
	pen.Put(theme.Heading, l.title)
	pen.Newline()
	for _, b := range l.keys {
		pen.Skip(kit.Margin)
		pen.Fit(theme.Key, shown(b), 10)
		token := theme.Text
		if !b.Enabled() {
			token = theme.Disabled
		}
		pen.Put(token, b.Label)
		if !b.Enabled() {
			pen.Put(theme.Dim, " ("+b.Disabled+")")
		}
		pen.Newline()
	}
	return pen.Lines()
}
