package act

import (
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

const (
	keyWidth = 7                    // cells for the name of a key in front of what it does
	pointer  = 2                    // cells in front of statements and rows, where the glyph or the pointer stands
	indent   = kit.Margin + pointer // the column in which they begin
)

// inset draws a block where statements begin.
type inset struct {
	theme *theme.Theme
	block kit.Block
}

// Height implements kit.Block.
func (b *inset) Height(w int) int { return b.block.Height(w - pointer) }

// View implements kit.Block.
func (b *inset) View(w, h int) []string {
	pen := theme.NewPen(b.theme, w, h)
	for _, l := range b.block.View(max(0, w-pointer), h) {
		pen.Skip(pointer)
		pen.Styled(l)
		pen.Newline()
	}
	return pen.Lines()
}

// paragraph is a wrapped text.
type paragraph struct {
	theme *theme.Theme
	token theme.Token
	text  string
}

func (t *paragraph) lines(w int) []string { return theme.Wrap(t.text, w-indent-kit.Margin) }

// Height implements kit.Block.
func (t *paragraph) Height(w int) int { return len(t.lines(w)) }

// View implements kit.Block.
func (t *paragraph) View(w, h int) []string {
	pen := theme.NewPen(t.theme, w, h)
	for _, l := range t.lines(w) {
		pen.Skip(indent)
		pen.Put(t.token, l)
		pen.Newline()
	}
	return pen.Lines()
}

// nextLine is the line of the next key.
type nextLine struct {
	theme  *theme.Theme
	ready  bool
	next   kit.Binding
	others []kit.Binding
}

// Height implements kit.Block.
func (l *nextLine) Height(int) int { return 1 }

// View implements kit.Block.
func (l *nextLine) View(w, h int) []string {
	if l.ready {
		return (&kit.Actions{Theme: l.theme, Next: l.next, Others: l.others}).View(w, h)
	}
	pen := theme.NewPen(l.theme, w, h)
	pen.Skip(indent)
	pen.Put(theme.Dim, l.next.Label)
	return pen.Lines()
}

// choices is a line for each of several keys.
type choices struct {
	theme *theme.Theme
	ready bool
	keys  kit.KeyMap
}

// Height implements kit.Block.
func (c *choices) Height(int) int { return len(c.keys) }

// View implements kit.Block.
func (c *choices) View(w, h int) []string {
	pen := theme.NewPen(c.theme, w, h)
	key, label := theme.Key, theme.Text
	if !c.ready {
		key, label = theme.Dim, theme.Dim
	}
	names := kit.KeyMap(c.keys).Rows(c.theme.Glyphs(), "\x00")
	for i, b := range c.keys {
		pen.Skip(kit.Margin)
		if i == 0 && c.ready {
			pen.Put(theme.Accent, c.theme.Glyphs().Pointer)
		}
		pen.To(indent)
		name, _, _ := strings.Cut(names[i].Keys, "\x00")
		pen.Fit(key, capital(name), keyWidth)
		pen.Put(label, b.Label)
		pen.Newline()
	}
	return pen.Lines()
}

// capital is the name of a key as it stands in a sentence: "Enter".
func capital(name string) string {
	if len(name) < 2 {
		return name
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// Ends is a line with something on both sides; where there is no room for both, the right one stands below.
type Ends struct {
	Theme       *theme.Theme
	Left, Right string
}

func (e *Ends) fits(w int) bool {
	return theme.Width(e.Left)+2+theme.Width(e.Right) <= w-indent-kit.Margin
}

// Height implements kit.Block.
func (e *Ends) Height(w int) int {
	n := len(theme.Wrap(e.Left, w-indent-kit.Margin))
	if e.Right != "" && !e.fits(w) {
		n++
	}
	return n
}

// View implements kit.Block.
func (e *Ends) View(w, h int) []string {
	pen := theme.NewPen(e.Theme, w, h)
	for i, l := range theme.Wrap(e.Left, w-indent-kit.Margin) {
		if i > 0 {
			pen.Newline()
		}
		pen.Skip(indent)
		pen.Put(theme.Strong, l)
	}
	if e.fits(w) {
		pen.To(w - kit.Margin - theme.Width(e.Right))
	} else {
		pen.Newline()
		pen.Skip(indent)
	}
	pen.Put(theme.Dim, e.Right)
	return pen.Lines()
}
