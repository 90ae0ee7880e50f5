package password

import (
	"errors"
	"io"

	"github.com/sspr-tui/sspr-tui/internal/secret"
)

const (
	// LeastEntropy is the strength in bits below which no password is made.
	LeastEntropy = 60
	// MaxGenerated is the longest password, in characters, that is made.
	MaxGenerated = 256
	// mostRolls is how many candidates are rolled for one that fits; the recipes make sure that one in 20 does.
	mostRolls = 1000
	// mostRefused is how many fitting candidates the rules on names and banned terms may refuse. With more the
	// choice would be noticeably smaller than Entropy says.
	mostRefused = 16
)

// ErrImpossible is returned when the rules leave no room for a password of [LeastEntropy].
var ErrImpossible = errors.New("password: no strong password conforms to the rules")

// recipe is one way to make passwords.
type recipe interface {
	// bits is the logarithm to the base 2 of how many equally likely passwords there are.
	bits() float64
	// draw rolls a candidate. It returns ErrNotRandom or the wrapped error of the source.
	draw(d *dice) ([]byte, error)
	// fits reports whether a candidate is one of those that bits counts.
	fits(candidate []byte) bool
}

// Generate makes a password that conforms to the rules: a passphrase such as "marble-Kite-…-47", or random characters
// where the greatest length leaves no room for words. It returns [ErrImpossible] when no strong password conforms,
// [ErrNotRandom] when random repeats itself, and the wrapped error of random; then nothing was made.
func Generate(rules Rules, person Person, random io.Reader) (*secret.Text, error) {
	chosen, err := choose(rules, person)
	if err != nil {
		return nil, err
	}
	d := &dice{source: random}
	refused := 0
	for range mostRolls {
		candidate, err := chosen.draw(d)
		if err != nil {
			return nil, err
		}
		if chosen.fits(candidate) {
			if len(Check(string(candidate), rules, person)) == 0 {
				return secret.New(candidate), nil
			}
			refused++
		}
		clear(candidate)
		if refused > mostRefused {
			break
		}
	}
	return nil, ErrImpossible
}

// Entropy returns the strength in bits of the passwords that [Generate] makes under the rules, 0 when it makes none.
// It counts what lengths and classes leave; words that hold a part of a person's name, of which the list loses a few,
// are counted when the password is made, which never goes below [LeastEntropy].
func Entropy(rules Rules) float64 {
	chosen, err := choose(rules, Person{})
	if err != nil {
		return 0
	}
	return chosen.bits()
}

func choose(rules Rules, person Person) (recipe, error) {
	longest := rules.longest(MaxGenerated)
	if rules.MinLength > longest {
		return nil, ErrImpossible
	}
	if p, ok := newPhrase(wordsWithout(person), rules.MinLength, longest); ok && rules.MinClasses <= 4 {
		return p, nil
	}
	if c, ok := newCode(rules.MinLength, longest, rules.MinClasses); ok {
		return c, nil
	}
	return nil, ErrImpossible
}
