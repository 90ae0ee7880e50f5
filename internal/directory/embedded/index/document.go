package index

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lineEnd parts the names of a document. Neither a folded name nor a word of a query holds one.
const lineEnd = '\n'

// Document is one person as the index sees them.
type Document struct {
	ID   int64
	Text string // made by Text
}

// Text makes the text of a document. Documents are ordered by it, so the display name comes first. A name that stands
// in an earlier one already is left out: whatever matches it matches the earlier one as well.
func Text(displayName string, others ...string) string {
	text := Fold(displayName)
	for _, name := range others {
		text = appendName(text, Fold(name))
	}
	if !isASCII(displayName) {
		text = appendName(text, Fold(spelledOut(displayName)))
	}
	return text
}

func appendName(text, name string) string {
	if name == "" || startsWord(text, name) {
		return text
	}
	return text + string(lineEnd) + name
}

// startsWord reports whether word stands at the beginning of a word of text.
func startsWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		if isStart(text, from+i) {
			return true
		}
		from += i + 1
	}
}

// isStart reports whether a word begins at byte i: at the beginning of a name, after a space, or where a letter or
// digit follows something that is neither ("doe" in "jane.doe").
func isStart(text string, i int) bool {
	if i == 0 || text[i-1] == lineEnd || text[i-1] == ' ' {
		return true
	}
	if text[i-1] < utf8.RuneSelf && text[i] < utf8.RuneSelf {
		return !isWordByte(text[i-1]) && isWordByte(text[i])
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	r, _ := utf8.DecodeRuneInString(text[i:])
	return !isWordRune(before) && isWordRune(r)
}

// isWordByte is isWordRune for ASCII.
func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z'
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
