package untrusted

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	ellipsis = "…"
	// maxMarks is how many nonspacing marks one base character may carry. More than two is "Zalgo" text that
	// paints over the neighbouring lines; Arabic, Hebrew, Thai, Vietnamese and decomposed Hangul names need two.
	maxMarks = 2
	// maxSpacing is the same for spacing marks: Burmese syllables need three beside the nonspacing ones.
	maxSpacing = 3
)

// unit is one step through a text: the bytes raw[from:to], and whether they may be shown as they are.
type unit struct {
	from, to int
	r        rune
	bad      bool // invalid UTF-8: r is the byte
	shown    bool
	surplus  bool // a combining mark beyond the limit
}

// walker steps through a text and remembers how many marks the present base can still carry.
type walker struct {
	s             string
	at            int
	marks, spaces int
}

// newWalker starts without a base: a mark there would alter a border or a label before the text.
func newWalker(s string) walker { return walker{s: s} }

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
		w.expect(0, 0)
		return u, true
	}
	w.judge(&u)
	return u, true
}

func (w *walker) judge(u *unit) {
	switch classify(u.r) {
	case classBase:
		u.shown = true
		w.expect(maxMarks, maxSpacing)
	case classMark:
		w.spend(&w.marks, u)
	case classSpacing:
		w.spend(&w.spaces, u)
	case classHidden:
		w.expect(0, 0)
	}
}

// expect sets how many marks may follow. After an escape none may: they would alter the escape.
func (w *walker) expect(marks, spaces int) { w.marks, w.spaces = marks, spaces }

// spend shows a mark if its base can still carry one.
func (w *walker) spend(left *int, u *unit) {
	if *left == 0 {
		u.surplus = true
		w.expect(0, 0)
		return
	}
	u.shown = true
	*left--
}

// isClean reports whether s can be shown exactly as it is.
func isClean(s string) bool {
	i := plainPrefix(s)
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

// visible builds the form to show in at most limit bytes. It reads no more than a small multiple of limit.
func (w *walker) visible(limit int) string {
	out := buffer{limit: limit}
	for u, ok := w.next(); ok && !out.full; u, ok = w.next() {
		if u.shown {
			out.add(w.s[u.from:u.to])
			continue
		}
		out.add(escape(u))
		if u.surplus {
			out.addSkipped(w.skipSurplus(limit))
		}
	}
	return out.String()
}

// skipSurplus steps over the marks that follow a surplus one, at most most of them, and returns their number.
func (w *walker) skipSurplus(most int) (n int) {
	for ; n < most; n++ {
		r, size := utf8.DecodeRuneInString(w.s[w.at:])
		if c := classify(r); size == 0 || (c != classMark && c != classSpacing) {
			break
		}
		w.at += size
	}
	return n
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

// addSkipped says as "\{+n}" how many marks were left out. As many as the limit or more end the text: counting a
// mebibyte of them would cost reading it.
func (o *buffer) addSkipped(n int) {
	switch {
	case n >= o.limit:
		o.full = true
	case n > 0:
		o.add(fmt.Sprintf(`\{+%d}`, n))
	}
}

// String returns what was collected, with the ellipsis when something did not fit.
func (o *buffer) String() string {
	if !o.full {
		return o.b.String()
	}
	return o.b.String()[:o.cut] + ellipsis
}
