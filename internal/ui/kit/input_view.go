package kit

import (
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// promptWidth is the room of "› " in front of a field, in cells.
const promptWidth = 2

// Height returns 1.
func (in *Input) Height(int) int { return 1 }

// View draws the field on the first line.
func (in *Input) View(w, h int) []string {
	p := theme.NewPen(in.Theme, w, h)
	p.Skip(Margin)
	in.draw(p, w-2*Margin)
	p.Newline()
	return p.Lines()
}

// Cursor returns where the cursor stands in a View of that size; ok is false
// for a field without focus or without room.
func (in *Input) Cursor(w, h int) (x, y int, ok bool) {
	x = Margin + in.cursorX(w-2*Margin)
	return x, 0, !in.Blurred && h > 0 && x < w
}

// draw writes prompt and text in at most n cells.
func (in *Input) draw(p *theme.Pen, n int) {
	prompt := theme.Accent
	if in.Blurred {
		prompt = theme.Dim
	}
	p.Clip(prompt, in.Theme.Glyphs().Prompt, n)
	p.Skip(promptWidth - 1)
	switch n -= promptWidth; {
	case in.Mode == InputCode:
		in.drawCode(p, n)
	case len(in.value) == 0:
		p.Clip(theme.Placeholder, in.Placeholder, n)
	default:
		in.drawText(p, n)
	}
}

func (in *Input) drawText(p *theme.Pen, n int) {
	shown, cut := in.window(n)
	if cut {
		used := p.Clip(theme.Dim, in.Theme.Glyphs().Ellipsis, n)
		n -= used
	}
	p.Clip(theme.Input, shown, n)
}

// shownText is the value, or as many masks.
func (in *Input) shownText(r []rune) string {
	if in.Mode == InputPassword {
		return strings.Repeat(in.Theme.Glyphs().Mask, len(r))
	}
	return string(r)
}

// window returns the part of the text that is shown in n cells, and whether
// something is cut off in front of it. The cursor is always within.
func (in *Input) window(n int) (shown string, cut bool) {
	start := in.start(n)
	return in.shownText(in.value[start:]), start > 0
}

// start returns the first character shown: 0 if the text up to the cursor fits
// into n cells with one to spare for the cursor itself.
func (in *Input) start(n int) int {
	if theme.Width(in.shownText(in.value[:in.at])) < n {
		return 0
	}
	room := n - 1 - theme.Width(in.Theme.Glyphs().Ellipsis)
	start := 0
	for start < in.at && theme.Width(in.shownText(in.value[start:in.at])) > room {
		start += clusterLength(in.value[start:])
	}
	return min(start, in.at)
}

// cursorX returns the column of the cursor in a field of n cells.
func (in *Input) cursorX(n int) int {
	n -= promptWidth
	if in.Mode == InputCode {
		return promptWidth + in.codeX(in.at, n)
	}
	start := in.start(n)
	x := theme.Width(in.shownText(in.value[start:in.at]))
	if start > 0 {
		x += theme.Width(in.Theme.Glyphs().Ellipsis)
	}
	return promptWidth + x
}

// drawCode writes the digits and a slot for each that is missing.
func (in *Input) drawCode(p *theme.Pen, n int) {
	from := p.X()
	slot := in.Theme.Glyphs().Slot
	for i := range in.Limit() {
		x := in.codeX(i, n)
		if x >= n {
			return
		}
		p.To(from + x)
		if i < len(in.value) {
			p.Put(theme.Input, string(in.value[i]))
			continue
		}
		p.Put(theme.Placeholder, slot)
	}
}

// codeX returns the column of digit i: one blank between digits and two more
// between groups, or none where there is no room for them.
func (in *Input) codeX(i, n int) int {
	groups := 0
	if in.Group > 0 {
		groups = (in.Limit() - 1) / in.Group
	}
	if 2*in.Limit()+2*groups > n {
		return i
	}
	x := 2 * i
	if in.Group > 0 {
		x += 2 * (min(i, in.Limit()-1) / in.Group)
	}
	return x
}
