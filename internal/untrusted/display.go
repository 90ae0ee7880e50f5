package untrusted

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	ellipsis = "…"
	// maxMarks is how many combining marks one base character may carry. More than two is "Zalgo" text that
	// paints over the neighbouring lines; Arabic, Hebrew, Thai, Vietnamese and decomposed Hangul names need two.
	maxMarks = 2
	// noBase is the state in which a combining mark has nothing of ours to stand on: it would alter a border,
	// a label or an escape, so it is escaped itself.
	noBase = maxMarks
)

// unit is one step through a text: the bytes raw[from:to], and whether they may be shown as they are.
type unit struct {
	from, to int
	r        rune
	bad      bool // invalid UTF-8: r is the byte
	shown    bool
	surplus  bool // a combining mark beyond the limit
}

// walker steps through a text and remembers how many marks the present base carries.
type walker struct {
	s     string
	at    int
	marks int
}

func newWalker(s string) walker { return walker{s: s, marks: noBase} }

// next returns the next unit; ok is false at the end.
func (w *walker) next() (u unit, ok bool) {
	if w.at >= len(w.s) {
		return unit{}, false
	}
	r, size := utf8.DecodeRuneInString(w.s[w.at:])
	u = unit{from: w.at, to: w.at + size, r: r}
	w.at += size
	if r == utf8.RuneError && size == 1 {
		u.r, u.bad = rune(w.s[u.from]), true
		w.marks = noBase
		return u, true
	}
	w.judge(&u)
	return u, true
}

func (w *walker) judge(u *unit) {
	switch classify(u.r) {
	case classBase:
		u.shown = true
		w.marks = 0
	case classMark:
		u.shown = w.marks < maxMarks
		u.surplus = !u.shown
		w.marks = min(w.marks+1, maxMarks)
	case classHidden:
		w.marks = noBase
	}
}

// isClean reports whether s can be shown exactly as it is.
func isClean(s string) bool {
	i := 0
	for i < len(s) && isPlainASCII(s[i]) {
		i++
	}
	if i == len(s) {
		return true
	}
	if i > 0 {
		i-- // the last ASCII character may be the base of the mark that follows it
	}
	w := newWalker(s[i:])
	for u, ok := w.next(); ok; u, ok = w.next() {
		if !u.shown {
			return false
		}
	}
	return true
}

func isPlainASCII(b byte) bool { return b >= 0x20 && b < 0x7f }

// visible builds the form to show in at most limit bytes. It reads no more of s than it shows.
func visible(s string, limit int) string {
	out := buffer{limit: limit}
	w := newWalker(s)
	for u, ok := w.next(); ok && !out.full; u, ok = w.next() {
		switch {
		case u.shown:
			out.add(s[u.from:u.to])
		case u.surplus:
			out.add(escape(u))
			out.add(w.skipSurplus(limit))
		default:
			out.add(escape(u))
		}
	}
	return out.String()
}

// skipSurplus steps over the marks that follow a surplus one and returns their number as "\{+n}", or nothing.
// It looks ahead at most limit runes, so that a mebibyte of marks does not cost a mebibyte of reading.
func (w *walker) skipSurplus(limit int) string {
	n := 0
	for n < limit {
		r, size := utf8.DecodeRuneInString(w.s[w.at:])
		if size == 0 || classify(r) != classMark {
			break
		}
		w.at += size
		n++
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(`\{+%d}`, n)
}

// escape spells one unit that must not be shown.
func escape(u unit) string {
	switch {
	case u.bad:
		return fmt.Sprintf(`\x%02x`, u.r)
	case u.r == '\t':
		return `\t`
	case u.r == '\n':
		return `\n`
	case u.r == '\r':
		return `\r`
	case u.r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, u.r)
	case u.r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, u.r)
	default:
		return fmt.Sprintf(`\U%08x`, u.r)
	}
}

// buffer collects whole pieces up to a limit and remembers where it could be cut for the ellipsis.
type buffer struct {
	b     strings.Builder
	limit int
	cut   int // the longest prefix of whole pieces that leaves room for the ellipsis
	full  bool
}

func (o *buffer) add(piece string) {
	if o.full {
		return
	}
	if o.b.Len()+len(piece) > o.limit {
		o.full = true
		return
	}
	o.b.WriteString(piece)
	if o.b.Len() <= o.limit-len(ellipsis) {
		o.cut = o.b.Len()
	}
}

// String returns what was collected, with the ellipsis when something did not fit.
func (o *buffer) String() string {
	if !o.full {
		return o.b.String()
	}
	return o.b.String()[:o.cut] + ellipsis
}
