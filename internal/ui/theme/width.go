package theme

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Width returns how many cells s takes. Escape sequences and control
// characters take none.
//
// It agrees with the x/vt emulator and not always with ansi.StringWidth: a
// printable ASCII character is a cell of its own whatever follows it, because
// that is how a terminal receives it. (The keycap "1" + U+FE0F + U+20E3 is one
// cell here and in the emulator, two in ansi.StringWidth.)
func Width(s string) int {
	cells := 0
	for len(s) > 0 {
		n := plainRun(s)
		w := n
		if n == 0 {
			n, w = step(s)
		}
		cells += w
		s = s[n:]
	}
	return cells
}

// plainRun returns how many printable ASCII characters s begins with. Each is a
// byte and a cell; nearly all text is made of them and of styles.
func plainRun(s string) int {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return i
		}
	}
	return len(s)
}

// isPlainASCII reports whether every byte of s is a printable ASCII character.
func isPlainASCII(s string) bool { return plainRun(s) == len(s) }

// step measures the first indivisible piece of a non-empty s: an escape
// sequence, a control character or a grapheme cluster.
func step(s string) (bytes, cells int) {
	switch c := s[0]; {
	case c == 0x1b:
		return escapeLength(s), 0
	case c < 0x20 || c == 0x7f:
		return 1, 0
	case c < utf8.RuneSelf:
		return 1, 1
	}
	if n, w := simpleStep(s); n > 0 {
		return n, w
	}
	cluster, w := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	if n := strings.IndexFunc(cluster, isASCII); n > 0 {
		// A cluster never reaches into ASCII in a terminal; see Width.
		cluster, w = ansi.FirstGraphemeCluster(cluster[:n], ansi.GraphemeWidth)
	}
	if cluster == "" {
		return 1, 0
	}
	return len(cluster), w
}

// simpleStep measures a character that stands for itself: it and the next one
// are of scripts in which nothing combines. It returns 0 bytes otherwise. It
// spares nearly all text the search for grapheme clusters.
func simpleStep(s string) (bytes, cells int) {
	r, n := utf8.DecodeRuneInString(s)
	cells = simpleWidth(r)
	if cells == 0 {
		return 0, 0
	}
	if n < len(s) && s[n] >= utf8.RuneSelf {
		if next, _ := utf8.DecodeRuneInString(s[n:]); simpleWidth(next) == 0 {
			return 0, 0
		}
	}
	return n, cells
}

// simpleWidth returns the width of a character that neither combines with a
// neighbour nor has an emoji form by itself, else 0.
func simpleWidth(r rune) int {
	switch {
	case isSimpleNarrow(r):
		return 1
	case isSimpleWide(r):
		return 2
	}
	return 0
}

func isSimpleNarrow(r rune) bool {
	return r >= 0xa0 && r < 0x300 && r != 0xad || // Latin without the soft hyphen
		r >= 0x3a3 && r < 0x483 || // Greek, Cyrillic
		r >= 0x2010 && r < 0x2028 || // dashes, quotation marks, bullet, ellipsis
		r >= 0x2500 && r < 0x25aa || r >= 0x25ac && r < 0x25b6 || // lines, blocks and
		r >= 0x25b7 && r < 0x25c0 || r >= 0x25c1 && r < 0x25fb // shapes without an emoji form
}

func isSimpleWide(r rune) bool {
	return r >= 0x3041 && r < 0x3097 || // Hiragana
		r >= 0x30a1 && r < 0x30fb || // Katakana
		r >= 0x3400 && r < 0x4dc0 || r >= 0x4e00 && r < 0xa000 // CJK ideographs
}

func isASCII(r rune) bool { return r < utf8.RuneSelf }

// escapeLength returns the length in bytes of the escape sequence s begins
// with (ECMA-48 section 5.4); an unfinished one extends to the end of s.
func escapeLength(s string) int {
	if n := styleLength(s); n > 0 {
		return n
	}
	_, _, n, _ := ansi.GraphemeWidth.DecodeSequenceInString(s, ansi.NormalState, nil)
	return max(n, 1)
}

// styleLength is escapeLength of a control sequence with nothing but numbers
// in it, as all styles are; 0 for any other.
func styleLength(s string) int {
	if len(s) < 3 || s[1] != '[' {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= ';': // digits, colon and semicolon
		case c >= '@' && c <= '~':
			return i + 1
		default:
			return 0
		}
	}
	return 0
}
