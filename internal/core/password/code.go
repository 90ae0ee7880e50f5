package password

import (
	"math"
	"strings"
)

const (
	// The characters of a code, without those that are taken for one another: 0 O o, 1 I l.
	codeCapitals = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	codeSmalls   = "abcdefghijkmnpqrstuvwxyz"
	codeDigits   = "23456789"
	codeAlphabet = codeCapitals + codeSmalls + codeDigits
	mostCode     = 64
)

// code is a recipe: random characters, in groups where there is room. It holds capital, small and digit, and with
// groups a symbol.
type code struct {
	length int // without hyphens
	group  int // characters between hyphens, 0: no hyphens
}

// newCode returns the shortest recipe that is strong enough, in groups that are easy to read if possible; ok is false
// when there is none.
func newCode(shortest, longest, minClasses int) (c code, ok bool) {
	for length := 1; length <= mostCode; length++ {
		for _, group := range []int{4, 6, 0} {
			c = code{length: length, group: group}
			total := c.total()
			if total >= shortest && total <= longest && c.classes() >= minClasses && c.bits() >= LeastEntropy {
				return c, true
			}
		}
	}
	return code{}, false
}

// total is the length with hyphens.
func (c code) total() int {
	if c.group == 0 {
		return c.length
	}
	return c.length + (c.length-1)/c.group
}

func (c code) classes() int {
	if c.total() == c.length {
		return 3
	}
	return 4
}

// bits counts the codes that hold a capital, a small letter and a digit, by inclusion and exclusion.
func (c code) bits() float64 {
	of := func(n int) float64 { return math.Pow(float64(n), float64(c.length)) }
	capitals, smalls, digits := len(codeCapitals), len(codeSmalls), len(codeDigits)
	return math.Log2(of(capitals+smalls+digits) -
		of(capitals+smalls) - of(capitals+digits) - of(smalls+digits) +
		of(capitals) + of(smalls) + of(digits))
}

// draw rolls one code, which may lack a class: those are rolled again as a whole.
func (c code) draw(d *dice) ([]byte, error) {
	out := make([]byte, 0, c.total())
	for i := range c.length {
		if c.group > 0 && i > 0 && i%c.group == 0 {
			out = append(out, separator)
		}
		var err error
		if out, err = appendRandom(out, d, codeAlphabet, 1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fits reports whether all three classes are there.
func (c code) fits(candidate []byte) bool {
	var capital, small, digit bool
	for _, b := range candidate {
		capital = capital || strings.IndexByte(codeCapitals, b) >= 0
		small = small || strings.IndexByte(codeSmalls, b) >= 0
		digit = digit || strings.IndexByte(codeDigits, b) >= 0
	}
	return capital && small && digit
}

// appendRandom appends count characters of the alphabet. On an error it clears what was made so far.
func appendRandom(out []byte, d *dice, alphabet string, count int) ([]byte, error) {
	for range count {
		chosen, err := d.roll(len(alphabet))
		if err != nil {
			clear(out)
			return nil, err
		}
		out = append(out, alphabet[chosen])
	}
	return out, nil
}
