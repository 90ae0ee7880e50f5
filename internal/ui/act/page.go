package act

import (
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

const (
	readable   = 92 // cells: longer lines are hard to read
	stepsWidth = 48 // cells for the steps beside the page
)

// Page is what a screen shows, in reading order. It is made anew for every frame.
type Page struct {
	env   *screen.Env
	parts []part
	plain []string
	steps kit.Block
}

// part is one block of a page.
type part struct {
	block  kit.Block
	worth  worth
	close  bool // to the part above it
	cursor func(w, h int) (x, y int, ok bool)
}

// worth says what gives way where there is no room for everything.
type worth int

const (
	useful    worth = iota // goes first
	important              // what is the matter
	needed                 // without it nobody can go on
)

// NewPage begins an empty page.
func NewPage(env *screen.Env) *Page { return &Page{env: env} }

// Block adds a block, and what it says to somebody who hears it.
func (p *Page) Block(b kit.Block, plain ...string) {
	p.parts = append(p.parts, part{block: b})
	p.plain = append(p.plain, plain...)
}

// State says what is the matter, and below it what else must be known.
func (p *Page) State(s *kit.Statement) {
	p.parts = append(p.parts, part{block: s, worth: important})
	p.plain = append(append(p.plain, s.Text), s.Details...)
}

// Say adds a paragraph in the column of the statements.
func (p *Page) Say(token theme.Token, text string) {
	if text != "" {
		p.Block(&paragraph{p.env.Theme, token, text}, text)
	}
}

// Pairs adds labels and values in the column of the statements; label is the least width of the labels, for what stands below.
func (p *Page) Pairs(label int, pairs ...kit.Pair) {
	p.Block(&inset{p.env.Theme, &kit.Columns{Theme: p.env.Theme, Pairs: pairs, LabelWidth: label}})
	for _, one := range pairs {
		p.plain = append(p.plain, one.Label+": "+one.Value.Text)
	}
}

// Inset adds an important block in the column of the statements. What it shows is not spoken.
func (p *Page) Inset(b kit.Block) {
	p.parts = append(p.parts, part{block: &inset{p.env.Theme, b}, worth: important})
}

// Form adds a form in the column of the statements; the cursor stands in it.
func (p *Page) Form(f *kit.Form) {
	p.parts = append(p.parts, part{block: &inset{p.env.Theme, f}, worth: needed, cursor: func(w, h int) (int, int, bool) {
		x, y, ok := f.Cursor(w-pointer, h)
		return x + pointer, y, ok
	}})
}

// Close lets the last two parts stand without a blank line between them.
func (p *Page) Close() {
	if n := len(p.parts); n > 1 {
		p.parts[n-1].close = true
	}
}

// Next adds the line of the next key. While the grace lasts, nothing points at it.
func (p *Page) Next(ready bool, next kit.Binding, others ...kit.Binding) {
	p.parts = append(p.parts, part{block: &nextLine{p.env.Theme, ready, next, others}, worth: needed})
	p.plain = append(p.plain, next.Label)
}

// Choices adds a line for each key; the first one is the next. While the grace lasts, nothing points at it.
func (p *Page) Choices(ready bool, keys kit.KeyMap) {
	p.parts = append(p.parts, part{block: &choices{p.env.Theme, ready, keys}, worth: needed})
	for _, b := range keys {
		p.plain = append(p.plain, b.Label)
	}
}

// Steps stand beside the page where there is room.
func (p *Page) Steps(title string, steps []kit.Step) {
	th := p.env.Theme
	p.steps = &kit.Stack{Theme: th, Blocks: []kit.Block{
		&kit.Lines{Theme: th, Lines: []kit.Line{kit.Styled(theme.Heading, title)}}, &kit.Stepper{Theme: th, Steps: steps},
	}}
}

// Frame draws the page.
func (p *Page) Frame(w, h int) screen.Frame {
	room, split := w, p.steps != nil && kit.Pick(w, h+4) == kit.LayoutWide
	if split {
		room = w - stepsWidth - 1
	}
	lines, cursor := p.draw(min(room, readable), h)
	f := screen.Frame{Plain: p.plain, Cursor: cursor, Lines: kit.Clamp(lines, w, h)}
	if split {
		f.Lines = (&kit.Split{Theme: p.env.Theme, Left: ready(lines), Right: p.steps, LeftWidth: room}).View(w, h)
	}
	if cursor != nil && (cursor.X >= w || cursor.Y >= h) {
		f.Cursor = nil
	}
	return f
}

// draw draws the parts below each other.
func (p *Page) draw(w, h int) (lines []string, cursor *screen.Cursor) {
	heights, gap := p.share(w, h)
	for i, part := range p.parts {
		if heights[i] == 0 {
			continue
		}
		if len(lines) > 0 && !part.close {
			lines = append(lines, make([]string, gap)...)
		}
		if part.cursor != nil {
			if x, y, ok := part.cursor(w, heights[i]); ok {
				cursor = &screen.Cursor{X: x, Y: len(lines) + y}
			}
		}
		lines = append(lines, part.block.View(w, heights[i])...)
	}
	return lines, cursor
}

// share gives every part its lines. Where the height does not suffice, the blank lines go first, then what is worth least, from the bottom.
func (p *Page) share(w, h int) (heights []int, gap int) {
	sum, gaps := 0, -1
	for _, part := range p.parts {
		heights = append(heights, part.block.Height(w))
		sum += heights[len(heights)-1]
		if !part.close {
			gaps++
		}
	}
	if sum+gaps <= h {
		return heights, 1
	}
	over := sum - h
	for _, level := range []worth{useful, important, needed} {
		for i := len(heights) - 1; i >= 0 && over > 0; i-- {
			if p.parts[i].worth == level {
				cut := min(over, heights[i])
				heights[i], over = heights[i]-cut, over-cut
			}
		}
	}
	return heights, 0
}

// ready is lines that are drawn already.
type ready []string

// Height implements kit.Block.
func (r ready) Height(int) int { return len(r) }

// View implements kit.Block.
func (r ready) View(w, h int) []string { return kit.Clamp(r, w, h) }
