package dn

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Escape writes an attribute value so that it can stand in the string form of a name (RFC 4514 section 2.4).
// Controls, DEL and bytes that are not UTF-8 are written as hexadecimal pairs.
func Escape(value string) string {
	if isPlain(value) {
		return value
	}
	var out strings.Builder
	for i := 0; i < len(value); {
		r, size := utf8.DecodeRuneInString(value[i:])
		switch {
		case r < 0x20, r == 0x7f, r == utf8.RuneError && size == 1:
			_, _ = fmt.Fprintf(&out, `\%02X`, value[i])
		case isSpecial(r), r == '#' && i == 0, r == ' ' && (i == 0 || i == len(value)-1):
			out.WriteByte('\\')
			out.WriteRune(r)
		default:
			out.WriteString(value[i : i+size])
		}
		i += size
	}
	return out.String()
}

// isPlain recognises the values most names are made of: letters, digits, inner spaces and hyphens of ASCII.
func isPlain(value string) bool {
	for i := range len(value) {
		inner := i > 0 && i < len(value)-1
		if c := value[i]; !isLetter(c) && !isDigit(c) && c != '-' && (c != ' ' || !inner) {
			return false
		}
	}
	return true
}

func isSpecial(r rune) bool { return strings.ContainsRune(`"+,;<>\`, r) }
