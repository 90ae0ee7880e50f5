package theme

import (
	"strings"
	"unicode/utf8"
)

// Clean returns s without anything that could leave its line or command the
// terminal: line breaks and tabs become blanks; other C0 and C1 controls, line
// and paragraph separators, bidirectional overrides and invalid UTF-8 become
// the replacement. Text from outside is made visible long before it comes here
// (package untrusted); this is the second fence.
func Clean(s, replacement string) string {
	if isPlainASCII(s) || isClean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			b.WriteByte(' ')
		case forbidden(r, n):
			b.WriteString(replacement)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

func isClean(s string) bool {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if forbidden(r, n) {
			return false
		}
		i += n
	}
	return true
}

// forbidden reports whether a decoded rune of n bytes must not reach a
// terminal inside a line.
func forbidden(r rune, n int) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0: // C0, DEL, C1
		return true
	case r == utf8.RuneError && n < 2:
		return true
	case r == 0x2028, r == 0x2029: // separators that some terminals obey
		return true
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // bidi
		return true
	}
	return false
}
