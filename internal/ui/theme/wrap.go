package theme

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Wrap breaks plain text into lines of at most w cells: at blanks, and between
// wide (Chinese, Japanese, Korean) characters where UAX #14 allows it. Mail
// addresses, logins and other words stay whole; only a word wider than a line
// is cut. Line breaks in s are kept. No lines come out for w < 1; text to be
// styled is wrapped first and painted line by line.
func Wrap(s string, w int) []string {
	if w < 1 {
		return nil
	}
	var lines []string
	for s != "" {
		var paragraph string
		paragraph, s, _ = strings.Cut(s, "\n")
		lines = wrapParagraph(lines, paragraph, w)
	}
	return lines
}

// wrapParagraph appends the lines of s. s[start:pos] is the line so far.
func wrapParagraph(lines []string, s string, w int) []string {
	if Width(s) <= w {
		return append(lines, trimBlanks(s))
	}
	start, pos, cells := 0, 0, 0
	for pos < len(s) {
		word := wordLength(s[pos:])
		c := Width(s[pos : pos+word])
		if cells > 0 && cells+c > w {
			lines = append(lines, trimBlanks(s[start:pos]))
			start, cells = pos, 0
		}
		if c > w {
			n := cutLength(s[pos:], w)
			lines = append(lines, s[pos:pos+n])
			pos = skipTooWide(s, pos+n, n)
			start = pos
			continue
		}
		next := pos + word
		for next < len(s) && s[next] == ' ' {
			next++
		}
		cells += c + next - pos - word
		pos = next
	}
	if start < len(s) {
		lines = append(lines, trimBlanks(s[start:]))
	}
	return lines
}

func trimBlanks(s string) string { return strings.TrimRight(s, " ") }

// cutLength returns how many bytes of s fill a line of w cells.
func cutLength(s string, w int) int {
	n, _, _ := cut(s, w, 0)
	return n
}

// skipTooWide leaves out a character at pos that is wider than a whole line:
// the cut before it took no bytes.
func skipTooWide(s string, pos, taken int) int {
	if taken > 0 || pos >= len(s) {
		return pos
	}
	n, _ := step(s[pos:])
	return pos + n
}

// wordLength returns the length in bytes of what must stay together at the
// beginning of s: up to a blank, or up to a place beside a wide character where
// UAX #14 allows a break.
func wordLength(s string) int {
	chunk, _, _ := strings.Cut(s, " ")
	if strings.IndexFunc(chunk, mayBeWide) < 0 {
		return len(chunk)
	}
	taken, state := 0, -1
	for rest := chunk; rest != ""; {
		var segment string
		segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		taken += len(segment)
		if rest == "" || isWideAt(rest) || endsWide(segment) {
			break
		}
	}
	return taken
}

// mayBeWide is a cheap test: no character below Hangul Jamo is wide.
func mayBeWide(r rune) bool { return r >= 0x1100 }

func isWideAt(s string) bool {
	_, c := step(s)
	return c > 1
}

func endsWide(s string) bool {
	last := 0
	for len(s) > 0 {
		n, c := step(s)
		if c > 0 {
			last = c
		}
		s = s[n:]
	}
	return last > 1
}
