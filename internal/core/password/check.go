package password

import (
	"unicode"
	"unicode/utf8"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// MaxChecked is the longest password, in code points, that [Check] looks into. A longer one is too long whatever the
// rules say.
const MaxChecked = 1024

// Rule names what a password offends against.
type Rule string

// The rules, in the order in which [Check] reports them.
const (
	RuleTooShort    Rule = "too_short"   // Limit is the least length
	RuleTooLong     Rule = "too_long"    // Limit is the greatest length
	RuleUnprintable Rule = "unprintable" // a control or invisible character, or bytes that are not UTF-8
	RuleASCII       Rule = "ascii"       // Detail is the first character that not every keyboard has
	RuleClasses     Rule = "classes"     // Limit is how many classes there must be
	RuleName        Rule = "name"        // Detail is the part of the name that occurs
	RuleBanned      Rule = "banned"      // Detail is the banned term, Limit the points to reach
)

// Violation is one objection. Fields that do not belong to the rule are zero.
type Violation struct {
	Rule   Rule
	Limit  int
	Detail untrusted.Text
}

// Check returns what the rules object to in a password of this person, nothing if it is acceptable as far as that can
// be told without the directory: history and age are not looked at.
func Check(password string, rules Rules, person Person) []Violation {
	length := utf8.RuneCountInString(password)
	if length > MaxChecked {
		return []Violation{{Rule: RuleTooLong, Limit: rules.longest(MaxChecked)}}
	}
	var found []Violation
	if length < rules.MinLength {
		found = append(found, Violation{Rule: RuleTooShort, Limit: rules.MinLength})
	}
	if length > rules.longest(MaxChecked) {
		found = append(found, Violation{Rule: RuleTooLong, Limit: rules.MaxLength})
	}
	found = append(found, checkCharacters(password, rules)...)
	if part, ok := findName(password, rules, person); ok {
		found = append(found, Violation{Rule: RuleName, Detail: untrusted.New(part)})
	}
	if term, banned := findBanned(password, rules.Banned); banned {
		found = append(found, Violation{Rule: RuleBanned, Limit: pointsToPass, Detail: untrusted.New(term)})
	}
	return found
}

// longest returns the greatest length, or otherwise where the rules set none.
func (r Rules) longest(otherwise int) int {
	if r.MaxLength > 0 {
		return min(r.MaxLength, otherwise)
	}
	return otherwise
}

func checkCharacters(password string, rules Rules) []Violation {
	var found []Violation
	if !isPrintable(password) {
		found = append(found, Violation{Rule: RuleUnprintable})
	}
	if r, ok := firstBeyondASCII(password); ok && rules.ASCIIOnly {
		found = append(found, Violation{Rule: RuleASCII, Detail: untrusted.New(string(r))})
	}
	if classesOf(password).count() < rules.MinClasses {
		found = append(found, Violation{Rule: RuleClasses, Limit: rules.MinClasses})
	}
	return found
}

func isPrintable(password string) bool {
	if !utf8.ValidString(password) {
		return false
	}
	for _, r := range password {
		if !unicode.IsGraphic(r) {
			return false
		}
	}
	return true
}

func firstBeyondASCII(password string) (rune, bool) {
	for _, r := range password {
		if r > unicode.MaxASCII {
			return r, true
		}
	}
	return 0, false
}
