package kit

import "github.com/sspr-tui/sspr-tui/internal/ui/theme"

// dialogWidth is the most a dialog takes, in cells: lines stay readable.
const dialogWidth = 80

// dialogIndent is the room to the left of a dialog's text, in cells.
const dialogIndent = 3

// dialogText is the wrapped text of a dialog.
type dialogText struct{ title, body []string }

func (d *Dialog) text(w int) dialogText {
	w = min(w, dialogWidth) - dialogIndent - gap
	t := dialogText{title: theme.Wrap(d.o.Title, w)}
	for _, s := range d.o.Body {
		t.body = append(t.body, theme.Wrap(s, w)...)
	}
	return t
}

// height returns the lines of text, blank and buttons.
func (t dialogText) height() int { return len(t.title) + len(t.body) + 2 }

// Height returns the lines the dialog takes.
func (d *Dialog) Height(w int) int { return d.text(w).height() }

// View draws the dialog a little above the middle. Where it is too high, the
// body is cut: question and buttons are always there.
func (d *Dialog) View(w, h int) []string {
	p := theme.NewPen(d.o.Theme, w, h)
	t := d.text(w)
	for range max(0, (h-t.height())/3) {
		p.Newline()
	}
	if over := t.height() - h; over > 0 {
		t.body = t.body[:max(0, len(t.body)-over)]
	}
	title := t.title[:min(len(t.title), max(0, h-1))]
	d.drawText(p, theme.Strong, title)
	d.drawText(p, theme.Text, t.body)
	if h > len(title)+len(t.body)+1 {
		p.Newline()
	}
	d.drawButtons(p)
	return p.Lines()
}

func (d *Dialog) drawText(p *theme.Pen, token theme.Token, lines []string) {
	for _, l := range lines {
		p.Skip(dialogIndent)
		p.Put(token, l)
		p.Newline()
	}
}

// buttonWidth is pointer, blank, label and the reason why not.
func buttonWidth(b Button) int {
	w := pointerWidth + theme.Width(b.Label)
	if b.Disabled != "" {
		w += theme.Width(b.Disabled) + 3
	}
	return w
}

// drawButtons writes the buttons on the right, the first one leftmost.
func (d *Dialog) drawButtons(p *theme.Pen) {
	w := -footerGap
	for _, b := range d.o.Buttons {
		w += buttonWidth(b) + footerGap
	}
	p.Skip(max(0, min(p.Width(), dialogWidth)-gap-w))
	for i, b := range d.o.Buttons {
		if i > 0 {
			p.Skip(footerGap)
		}
		d.drawButton(p, b, i == d.focus)
	}
	p.Newline()
}

func (d *Dialog) drawButton(p *theme.Pen, b Button, focused bool) {
	token := theme.Text
	switch {
	case b.Disabled != "":
		token = theme.Disabled
	case b.Danger:
		token = theme.Danger
	case focused:
		token = theme.Strong
	}
	at := p.X()
	if focused {
		p.Put(theme.Accent, d.o.Theme.Glyphs().Pointer)
	}
	p.To(at + pointerWidth)
	p.Put(token, b.Label)
	if b.Disabled != "" {
		p.Skip(1)
		p.Put(token, "("+b.Disabled+")")
	}
}
