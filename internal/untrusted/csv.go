package untrusted

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCell is the longest value, in characters, that common spreadsheets accept in one cell. Counting bytes errs on
// the short side.
const maxCell = 32767

// CSVCell returns the visible form for one cell of a CSV file. A value that a spreadsheet could take for a formula
// begins with an apostrophe (OWASP "CSV Injection"). Quoting of commas, quotes and line ends is left to
// encoding/csv.
func (t Text) CSVCell() string {
	if startsFormula(t.raw) {
		return "'" + t.DisplayMax(maxCell-1)
	}
	return t.DisplayMax(maxCell)
}

// startsFormula looks at the first character that is neither a space nor invisible, because spreadsheets skip those.
func startsFormula(s string) bool {
	if s == "" {
		return false
	}
	if strings.ContainsRune("\t\r\n\x00", rune(s[0])) {
		return true
	}
	s = strings.TrimLeftFunc(s, skippedBySpreadsheet)
	first, _ := utf8.DecodeRuneInString(s)
	return s != "" && strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20", first)
}

func skippedBySpreadsheet(r rune) bool {
	return unicode.IsSpace(r) || r == 0 || unicode.Is(unicode.Cf, r)
}
