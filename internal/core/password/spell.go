package password

import (
	"fmt"
	"strings"
	"unicode"
)

// Kind says what sort of character is spelled, so that the screen can say "capital" and "small" in its own language.
type Kind string

// The kinds of characters.
const (
	KindCapital Kind = "capital"
	KindSmall   Kind = "small"
	KindDigit   Kind = "digit"
	KindSymbol  Kind = "symbol"
	KindOther   Kind = "other" // not on every keyboard: Word is its Unicode number
)

const (
	// letterWords is the radiotelephony alphabet of ICAO Annex 10, A to Z.
	letterWords = "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa " +
		"Quebec Romeo Sierra Tango Uniform Victor Whiskey Xray Yankee Zulu"
	digitWords = "zero one two three four five six seven eight nine"
	// symbolWords are in the order of the constant symbols.
	symbolWords = "exclamation mark,quotation mark,number sign,dollar,percent,ampersand,apostrophe,left parenthesis," +
		"right parenthesis,asterisk,plus,comma,hyphen,full stop,slash,colon,semicolon,less than,equals,greater than," +
		"question mark,at sign,left bracket,backslash,right bracket,caret,underscore,backtick,left brace,vertical bar," +
		"right brace,tilde"
)

// Spoken is one character and the word to say for it.
type Spoken struct {
	Char rune
	Word string // "Alfa" for a capital A, "alfa" for a small a, "seven", "hyphen"
	Kind Kind
}

// Spell returns the words for reading a password aloud, one for each character. The result is as secret as the
// password.
func Spell(password string) []Spoken {
	spoken := make([]Spoken, 0, len(password))
	for _, r := range password {
		spoken = append(spoken, spellRune(r))
	}
	return spoken
}

func spellRune(r rune) Spoken {
	letters, digits := strings.Fields(letterWords), strings.Fields(digitWords)
	symbol := strings.IndexRune(symbols, r)
	switch {
	case r >= 'A' && r <= 'Z':
		return Spoken{Char: r, Word: letters[r-'A'], Kind: KindCapital}
	case r >= 'a' && r <= 'z':
		return Spoken{Char: r, Word: strings.ToLower(letters[r-'a']), Kind: KindSmall}
	case r >= '0' && r <= '9':
		return Spoken{Char: r, Word: digits[r-'0'], Kind: KindDigit}
	case r == ' ':
		return Spoken{Char: r, Word: "space", Kind: KindSymbol}
	case r < unicode.MaxASCII && symbol >= 0:
		return Spoken{Char: r, Word: strings.Split(symbolWords, ",")[symbol], Kind: KindSymbol}
	default:
		return Spoken{Char: r, Word: fmt.Sprintf("U+%04X", r), Kind: KindOther}
	}
}
