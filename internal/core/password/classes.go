package password

import (
	"strings"
	"unicode"
)

// symbols are the characters that Active Directory counts as non-alphanumeric. Currency signs beyond the dollar and
// the space do not count.
const symbols = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// classes are the five categories of MS-SAMR 3.1.1.7.2 that a password uses.
type classes struct{ capital, small, digit, symbol, otherLetter bool }

func classesOf(password string) classes {
	var c classes
	for _, r := range password {
		switch {
		case unicode.IsUpper(r):
			c.capital = true
		case unicode.IsLower(r):
			c.small = true
		case r >= '0' && r <= '9':
			c.digit = true
		case strings.ContainsRune(symbols, r):
			c.symbol = true
		case unicode.IsLetter(r):
			c.otherLetter = true
		}
	}
	return c
}

func (c classes) count() int {
	n := 0
	for _, used := range []bool{c.capital, c.small, c.digit, c.symbol, c.otherLetter} {
		if used {
			n++
		}
	}
	return n
}
