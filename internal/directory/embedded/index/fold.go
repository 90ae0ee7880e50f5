package index

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the form in which names are compared: without case, accents, compatibility forms (full-width letters,
// ligatures) and invisible characters, with single spaces. Bytes that are not UTF-8 stay what they are.
func Fold(s string) string {
	if isASCII(s) {
		return strings.Join(strings.Fields(strings.ToLower(s)), " ")
	}
	out := make([]byte, 0, len(s)+8)
	for i, d := 0, norm.NFKD.String(s); i < len(d); {
		r, size := utf8.DecodeRuneInString(d[i:])
		if r == utf8.RuneError && size == 1 {
			out = append(out, d[i])
		} else {
			out = appendFolded(out, unicode.ToLower(r))
		}
		i += size
	}
	return strings.Join(strings.Fields(norm.NFC.String(string(out))), " ")
}

// appendFolded leaves marks and invisible characters out and spells the letters that have no decomposition.
func appendFolded(out []byte, r rune) []byte {
	switch {
	case isAccent(r) || unicode.Is(unicode.Cf, r):
		return out
	case unicode.IsSpace(r):
		return append(out, ' ')
	}
	if plain := spelled(r); plain != "" {
		return append(out, plain...)
	}
	return utf8.AppendRune(out, r)
}

// isAccent reports whether r is a mark that people leave out when they type: the diacritics of Latin, Greek and
// Cyrillic, Arabic vowel signs, Hebrew points. The vowel signs of Indic scripts and Thai are part of the spelling, and
// the voicing marks of Japanese make another syllable.
func isAccent(r rune) bool { return isDiacritic(r) || isPoint(r) }

// isDiacritic knows the blocks of combining diacritical marks.
func isDiacritic(r rune) bool {
	return r >= 0x300 && r <= 0x36f || r >= 0x1ab0 && r <= 0x1aff || r >= 0x1dc0 && r <= 0x1dff || r >= 0x20d0 && r <= 0x20ff || r >= 0xfe20 && r <= 0xfe2f
}

// isPoint knows Hebrew points and accents, and Arabic vowel signs.
func isPoint(r rune) bool {
	return r >= 0x591 && r <= 0x5c7 && unicode.Is(unicode.Mn, r) || r >= 0x64b && r <= 0x65f || r == 0x670
}

// spelled is the plain spelling of a small letter that Unicode does not decompose, "" for all others.
func spelled(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'ł':
		return "l"
	case 'ħ':
		return "h"
	case 'ı':
		return "i"
	case 'ς':
		return "σ"
	default:
		return ""
	}
}

// spelledOut is the name as people type it who have no umlauts on their keyboard: Müller as Mueller, Ångström as
// Aangstroem.
func spelledOut(s string) string {
	return umlauts().Replace(norm.NFC.String(s))
}

func umlauts() *strings.Replacer {
	return strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "ø", "oe", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "Å", "Aa", "Ø", "Oe")
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
