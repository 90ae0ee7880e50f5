package kit

import (
	"strings"
	"unicode"
)

// accepted returns the characters of s that a field of the mode takes, at most
// limit of them.
func accepted(mode InputMode, s string, limit int) []rune {
	s = strings.Trim(s, "\r\n") // a line copied whole
	taken := make([]rune, 0, max(0, min(len(s), limit)))
	for _, r := range s {
		if len(taken) >= limit {
			break
		}
		if r, ok := accept(mode, r); ok {
			taken = append(taken, r)
		}
	}
	return taken
}

func accept(mode InputMode, r rune) (rune, bool) {
	if mode == InputCode {
		return digit(r)
	}
	if r == '\t' || r == '\n' || r == '\r' {
		return ' ', mode == InputText
	}
	return r, printable(r)
}

// printable reports whether a character may be typed. Of the invisible format
// characters only the joiners may, which Persian and Indic names need.
func printable(r rune) bool {
	switch {
	case r == unicode.ReplacementChar || unicode.IsControl(r):
		return false
	case r == '\u200c' || r == '\u200d':
		return true
	case unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Cs):
		return false
	}
	return true
}

// digit returns the ASCII digit of the same value as r, for the digits that
// keyboards write where codes are read out.
func digit(r rune) (rune, bool) {
	for _, zero := range [...]rune{'0', '\uff10', '\u0660', '\u06f0', '\u0966'} {
		if r >= zero && r <= zero+9 {
			return '0' + r - zero, true
		}
	}
	return 0, false
}

// wordStart returns where the word in front of at begins. A word is a run of
// letters and digits.
func wordStart(value []rune, at int) int {
	for at > 0 && !inWord(value[at-1]) {
		at--
	}
	for at > 0 && inWord(value[at-1]) {
		at--
	}
	return at
}

// wordEnd returns where the word behind at ends.
func wordEnd(value []rune, at int) int {
	for at < len(value) && !inWord(value[at]) {
		at++
	}
	for at < len(value) && inWord(value[at]) {
		at++
	}
	return at
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}
