package untrusted

import "unicode"

// class says how a character may be shown.
type class int

const (
	classBase    class = iota // shown as it is, starts a new cell
	classMark                 // shown while its base does not carry too many
	classSpacing              // like a mark, with a width of its own (vowel signs of Indic scripts)
	classHidden               // never shown: acts on the terminal or cannot be seen
)

// classify decides by Unicode category, so that what is not known to be visible is escaped: Cc, Cf (bidi, zero
// width, tags, soft hyphen), Cs, Co, Cn, Zl and Zp are not graphic.
func classify(r rune) class {
	switch {
	case r >= 0x20 && r < 0x7f, isCommonLetter(r):
		return classBase
	case isInvisible(r), !unicode.IsGraphic(r):
		return classHidden
	case unicode.In(r, unicode.Mn, unicode.Me), isJoining(r):
		return classMark
	case unicode.Is(unicode.Mc, r), r == 0x0e33, r == 0x0eb3: // and Thai and Lao SARA AM
		return classSpacing
	default:
		return classBase
	}
}

// isCommonLetter spares the table look-ups for Latin letters with accents, CJK ideographs and Hangul syllables, in
// blocks that hold nothing but visible characters.
func isCommonLetter(r rune) bool {
	return r >= 0xae && r <= 0x2ff || r >= 0x4e00 && r <= 0x9fff || r >= 0xac00 && r <= 0xd7a3
}

// isInvisible names the graphic characters that nevertheless show nothing (Unicode: Default_Ignorable_Code_Point)
// and the blank Braille cell, which passes for a space.
func isInvisible(r rune) bool {
	switch {
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0100 && r <= 0xe01ef: // variation selectors
		return true
	case r >= 0x180b && r <= 0x180f: // Mongolian variation selectors
		return true
	}
	switch r {
	case 0x034f, // combining grapheme joiner
		0x115f, 0x1160, 0x3164, 0xffa0, // Hangul fillers
		0x17b4, 0x17b5, // Khmer inherent vowels
		0x2800: // blank Braille pattern
		return true
	}
	return false
}

// isJoining names characters outside category M that join the preceding one into a single cell and could be piled
// up like marks: Hangul medial and final letters, emoji skin tones.
func isJoining(r rune) bool {
	switch {
	case r >= 0x1160 && r <= 0x11ff, r >= 0xd7b0 && r <= 0xd7fb:
		return true
	case r >= 0x1f3fb && r <= 0x1f3ff:
		return true
	}
	return false
}
