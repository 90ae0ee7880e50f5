package kit

import (
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Block is something that can be drawn into a rectangle.
type Block interface {
	// Height returns how many lines the block would like at a width of w cells.
	Height(w int) int
	// View returns exactly h lines of at most w cells. What does not fit is
	// left out from the bottom.
	View(w, h int) []string
}

// Stack is blocks below each other, in the order of their importance: where the
// height does not suffice, the last ones are cut.
type Stack struct {
	Theme  *theme.Theme
	Blocks []Block
	Gap    int // blank lines between two blocks
}

// Height returns the sum of the blocks and the gaps.
func (s *Stack) Height(w int) int {
	h := 0
	for i, b := range s.Blocks {
		if i > 0 {
			h += s.Gap
		}
		h += b.Height(w)
	}
	return h
}

// Top returns the line on which block i begins, for the cursor of a field in it.
func (s *Stack) Top(w, i int) int {
	top := 0
	for _, b := range s.Blocks[:max(0, min(i, len(s.Blocks)))] {
		top += b.Height(w) + s.Gap
	}
	return top
}

// View draws the blocks from the top.
func (s *Stack) View(w, h int) []string {
	lines := make([]string, 0, max(h, 0))
	for i, b := range s.Blocks {
		if i > 0 {
			lines = append(lines, make([]string, max(0, min(s.Gap, h-len(lines))))...)
		}
		room := min(b.Height(w), h-len(lines))
		if room <= 0 {
			break
		}
		lines = append(lines, b.View(w, room)...)
	}
	return Clamp(lines, w, h)
}

// Split is two panes beside each other with a rule between them.
type Split struct {
	Theme       *theme.Theme
	Left, Right Block
	// LeftWidth is the width of the left pane in cells; the rule takes one more.
	LeftWidth int
}

// Height returns the height of the taller pane.
func (s *Split) Height(w int) int {
	left, right := s.widths(w)
	return max(s.Left.Height(left), s.Right.Height(right))
}

func (s *Split) widths(w int) (left, right int) {
	left = max(0, min(s.LeftWidth, w-1))
	return left, max(0, w-left-1)
}

// View draws both panes.
func (s *Split) View(w, h int) []string {
	lw, rw := s.widths(w)
	left, right := s.Left.View(lw, h), s.Right.View(rw, h)
	divider := s.Theme.Glyphs().Divider
	p := theme.NewPen(s.Theme, w, h)
	for i := range left {
		p.Styled(left[i])
		p.To(lw)
		p.Put(theme.Rule, divider)
		p.Styled(right[i])
		p.Newline()
	}
	return p.Lines()
}

// Blank is a block of empty lines.
type Blank int

// Height returns the number of lines.
func (b Blank) Height(int) int { return int(b) }

// View returns h empty lines.
func (b Blank) View(_, h int) []string { return make([]string, max(0, h)) }

// Clamp returns lines as a block of exactly h lines of at most w cells. Lines
// that fit are passed on as they are.
func Clamp(lines []string, w, h int) []string {
	out := make([]string, max(h, 0))
	for i := range min(len(lines), len(out)) {
		out[i] = lines[i]
		if len(out[i]) > w {
			out[i] = theme.Truncate(out[i], w, "")
		}
	}
	return out
}

// Centre returns a block of exactly h lines of at most w cells with the given
// lines in its middle, slightly above the centre.
func Centre(lines []string, w, h int) []string {
	widest := 0
	for _, l := range lines {
		widest = max(widest, theme.Width(l))
	}
	left := strings.Repeat(" ", max(0, (w-widest)/2))
	out := make([]string, max(0, (h-len(lines))*2/5), max(h, 0)+len(lines))
	for _, l := range lines {
		if l != "" {
			l = left + l
		}
		out = append(out, l)
	}
	return Clamp(out, w, h)
}

// Overlay returns base with the lines of over in place of its own from line top
// on; the size of base does not change.
func Overlay(base, over []string, top int) []string {
	out := make([]string, len(base))
	copy(out, base)
	top = max(0, min(top, len(base)-len(over)))
	copy(out[top:], over)
	return out
}
