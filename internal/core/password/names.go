package password

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// leastToken is the length from which Active Directory minds a part of a name.
	leastToken = 3
	// leastName is the length from which Microsoft Entra minds a given name or surname.
	leastName = 4
)

// findName returns the first part of the person's names that occurs in the password and must not.
func findName(password string, rules Rules, person Person) (part string, found bool) {
	if rules.ForbidNames {
		if part, found = containsAny(strings.ToLower(password), person.tokens()); found {
			return part, true
		}
	}
	if rules.ForbidDisguisedNames {
		return containsAny(normalise(password), person.plainNames())
	}
	return "", false
}

func containsAny(s string, parts []string) (part string, found bool) {
	i := slices.IndexFunc(parts, func(part string) bool { return strings.Contains(s, part) })
	if i < 0 {
		return "", false
	}
	return parts[i], true
}

// tokens are the parts that Active Directory minds: the login as a whole, and the display name cut at the separators
// of MS-SAMR 3.1.1.7.2, each in small letters.
func (p Person) tokens() []string {
	parts := append([]string{p.Login}, strings.FieldsFunc(p.DisplayName, isSeparator)...)
	return longEnough(parts, leastToken, strings.ToLower)
}

func isSeparator(r rune) bool { return strings.ContainsRune(",.-_ #\t", r) }

// plainNames are the names that Microsoft Entra minds, as it compares them.
func (p Person) plainNames() []string {
	return longEnough([]string{p.GivenName, p.Surname}, leastName, normalise)
}

func longEnough(parts []string, least int, fold func(string) string) []string {
	var kept []string
	for _, part := range parts {
		if utf8.RuneCountInString(part) >= least {
			kept = append(kept, fold(part))
		}
	}
	return kept
}
