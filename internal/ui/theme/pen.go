package theme

import "strings"

// Pen writes a block of lines with as few bytes as possible: the look is
// switched only where it changes, blanks at the end of a line are not written.
// Nothing can be written past the right edge or below the last line, and no
// control byte gets from the text to the terminal, so a block made with a Pen
// always has exactly its height in lines, each at most its width in cells.
//
// A Pen is used for one block and by one goroutine.
type Pen struct {
	t        *Theme
	buf      strings.Builder
	ends     []int // offset in buf behind each finished line
	w, h     int   // size of the block in cells
	x        int   // cells written on this line, pending blanks included
	pending  int   // blanks not written yet
	start    int   // offset in buf of the current line
	ground   Ground
	cur      Token
	open     bool // a look other than the terminal's own is on
	ellipsis string
	tail     int // width of ellipsis in cells
}

// bufferLimit bounds what a pen asks for in advance, in bytes; a block that
// needs more grows.
const bufferLimit = 16 << 10

// NewPen returns a pen at the beginning of an empty block of h lines of w
// cells. Sizes below zero count as zero.
func NewPen(t *Theme, w, h int) *Pen {
	w, h = max(w, 0), max(h, 0)
	p := &Pen{t: t, w: w, h: h, ellipsis: "…", tail: 1}
	if t != nil {
		p.ellipsis = t.glyphs.Ellipsis
		p.tail = Width(p.ellipsis)
	}
	p.ends = make([]int, 0, h)
	p.buf.Grow(min(w*h+h*16, bufferLimit))
	return p
}

// Width returns the width of the block in cells.
func (p *Pen) Width() int { return p.w }

// X returns the column of the pen.
func (p *Pen) X() int { return p.x }

// Row returns the number of the current line, counted from 0.
func (p *Pen) Row() int { return len(p.ends) }

// Room returns how many cells are left on the line; none below the last line.
func (p *Pen) Room() int {
	if p.Full() {
		return 0
	}
	return p.w - p.x
}

// Full reports whether every line is finished.
func (p *Pen) Full() bool { return len(p.ends) >= p.h }

// On sets the ground of the line the pen stands on, from here to its end. The
// next line begins on the plain ground again.
func (p *Pen) On(g Ground) {
	if g == p.ground {
		return
	}
	p.flush()
	p.close()
	p.ground = g
}

// Put writes s; what does not fit on the line is cut with an ellipsis.
func (p *Pen) Put(token Token, s string) { p.Clip(token, s, p.Room()) }

// Clip writes s in at most n cells, cut with an ellipsis, and returns how many
// cells it took.
func (p *Pen) Clip(token Token, s string, n int) int {
	n = min(n, p.Room())
	if n <= 0 || s == "" {
		return 0
	}
	if isPlainASCII(s) {
		return p.clipASCII(token, s, n)
	}
	s = dropJoiners(Clean(s, p.replacement()))
	bytes, cells, whole := cut(s, n, min(p.tail, n))
	if whole {
		p.write(token, s, cells)
		return cells
	}
	return p.writeCut(token, s[:bytes], cells, n)
}

func (p *Pen) clipASCII(token Token, s string, n int) int {
	if len(s) <= n {
		p.write(token, s, len(s))
		return len(s)
	}
	k := max(n-p.tail, 0)
	return p.writeCut(token, s[:k], k, n)
}

// writeCut writes a head of the given width and the ellipsis, n cells at most.
func (p *Pen) writeCut(token Token, head string, cells, n int) int {
	tail, tw := clipTail(p.ellipsis, n-cells)
	p.write(token, head, cells)
	p.write(token, tail, tw)
	return cells + tw
}

// Fit writes s in exactly n cells, as far as the line goes.
func (p *Pen) Fit(token Token, s string, n int) {
	to := p.x + n
	p.Clip(token, s, n)
	p.To(to)
}

// FitRight writes s in exactly n cells with the blanks in front.
func (p *Pen) FitRight(token Token, s string, n int) {
	n = min(n, p.Room())
	p.Skip(n - min(p.measure(s), n))
	p.Clip(token, s, n)
}

// measure returns the width s will have once it is cleaned.
func (p *Pen) measure(s string) int {
	if isPlainASCII(s) {
		return len(s)
	}
	return Width(Clean(s, p.replacement()))
}

// dropJoiners removes what has no width at the beginning of s: a combining
// mark or variation selector there would change the width of the text that was
// written before it.
func dropJoiners(s string) string {
	for s != "" {
		n, cells := step(s)
		if cells > 0 {
			break
		}
		s = s[n:]
	}
	return s
}

// Skip writes n blanks.
func (p *Pen) Skip(n int) {
	n = min(n, p.Room())
	if n > 0 {
		p.pending += n
		p.x += n
	}
}

// To writes blanks up to column x; a pen that is further right stays.
func (p *Pen) To(x int) { p.Skip(x - p.x) }

// Fill writes a glyph n times, as far as the line goes.
func (p *Pen) Fill(token Token, glyph string, n int) {
	w := Width(glyph)
	if w < 1 {
		return
	}
	for n = min(n, p.Room()); n >= w; n -= w {
		p.write(token, glyph, w)
	}
}

// Styled writes a line that was made by another pen or by [Theme.Paint] and
// carries its own looks. It must not come from outside.
func (p *Pen) Styled(line string) {
	room := p.Room()
	if room <= 0 || line == "" {
		return
	}
	p.flush()
	p.close()
	line = Truncate(line, room, p.ellipsis)
	p.buf.WriteString(line)
	p.x += Width(line)
}

// Newline finishes the line. Below the last line it does nothing.
func (p *Pen) Newline() {
	if p.Full() {
		return
	}
	if p.ground != GroundPlain && p.t != nil && p.t.tinted {
		p.Skip(p.Room())
		p.flush()
	}
	p.close()
	p.pending, p.x, p.ground = 0, 0, GroundPlain
	p.start = p.buf.Len()
	p.ends = append(p.ends, p.start)
}

// Lines returns the block: exactly its height in lines. The pen is used up.
func (p *Pen) Lines() []string {
	if p.buf.Len() > p.start {
		p.Newline()
	}
	all := p.buf.String()
	lines := make([]string, p.h)
	from := 0
	for i, end := range p.ends {
		lines[i] = all[from:end]
		from = end
	}
	p.ends = nil
	return lines
}

func (p *Pen) replacement() string {
	if p.t == nil {
		return "\uFFFD"
	}
	return p.t.glyphs.Replacement
}

// write writes clean text of a known width that is known to fit.
func (p *Pen) write(token Token, s string, cells int) {
	if s == "" {
		return
	}
	p.flush()
	p.style(token)
	p.buf.WriteString(s)
	p.x += cells
}

// flush writes the pending blanks. They are written in whatever look is on
// unless that look shows on blanks.
func (p *Pen) flush() {
	if p.pending == 0 {
		return
	}
	if p.open && p.t.fills[p.cur] || !p.open && p.ground != GroundPlain {
		p.style(Text)
	}
	p.buf.WriteString(spaces(p.pending))
	p.pending = 0
}

func (p *Pen) style(token Token) {
	if p.t == nil || int(token) >= tokenCount {
		return
	}
	seq := &p.t.seq[p.ground][token]
	switch {
	case !p.open && seq.open != "":
		p.buf.WriteString(seq.open)
		p.open = true
	case p.open && p.cur != token:
		p.buf.WriteString(seq.change)
		p.open = seq.open != ""
	}
	p.cur = token
}

func (p *Pen) close() {
	if p.open {
		p.buf.WriteString(reset)
	}
	p.open = false
	p.cur = Text
}
