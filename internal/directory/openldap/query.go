package openldap

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
)

// Bounds of what is looked for.
const (
	longestQuery = 256 // bytes; nobody has a longer name
	mostWords    = 8
	// prefixFrom is the shortest beginning, in bytes, for which slapd has an index (olcIndexSubstrIfMinlen).
	prefixFrom = 2
	// fewestDigits is the length from which a telephone number is looked for, so that nobody finds out hidden digits one by one.
	fewestDigits = 7
)

// query is what an operator typed.
type query struct {
	text   string   // trimmed
	words  []string // each once
	phones []string // spellings of the text as a whole telephone number
}

// newQuery takes a text apart; false when nobody can be found by it.
func newQuery(raw string) (query, bool) {
	q := query{text: strings.TrimSpace(raw)}
	if q.text == "" || len(raw) > longestQuery || !utf8.ValidString(raw) || strings.ContainsFunc(raw, unicode.IsControl) {
		return query{}, false
	}
	for word := range strings.FieldsSeq(q.text) {
		if !slices.ContainsFunc(q.words, func(w string) bool { return strings.EqualFold(w, word) }) {
			q.words = append(q.words, word)
		}
	}
	q.phones = phoneSpellings(q.text)
	return q, len(q.words) <= mostWords
}

// phoneSpellings are the ways in which a whole telephone number may be stored; none for a text that is not one. Blanks and
// hyphens do not count in a comparison of telephone numbers (RFC 4517 section 4.2.29), a plus does.
func phoneSpellings(text string) []string {
	number := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("-().", r) {
			return -1
		}
		return r
	}, text)
	digits := strings.TrimPrefix(number, "+")
	if len(digits) < fewestDigits || strings.Trim(digits, "0123456789") != "" {
		return nil
	}
	digits = strings.TrimPrefix(digits, "00")
	return unique([]string{"+" + digits, digits, number})
}

// clauses builds filters from what is indexed.
type clauses struct {
	settings settings
	login    attributes
	employee attributes
	indexes  *indexes
}

// exact matches who has the whole text as login, employee number, mail address or telephone number.
func (c clauses) exact(q query) []ldapconn.Filter {
	out := c.equal(slices.Concat(c.login, c.employee), q.text)
	if strings.ContainsRune(q.text, '@') {
		out = append(out, c.equal(c.settings.addresses, q.text)...)
	}
	for _, number := range q.phones {
		out = append(out, c.equal(c.settings.phones, number)...)
	}
	return out
}

// equal matches an attribute as a whole, as far as there is an index.
func (c clauses) equal(names attributes, value string) (out []ldapconn.Filter) {
	for _, name := range names {
		if c.indexes.usable(indexEqual, name) {
			out = append(out, ldapconn.Equal(name, value))
		}
	}
	return out
}

// word matches who has a word at the beginning of a login, a name, the local part of an address or an employee number;
// with inside also who has it anywhere. A word with an @ is an address and matches as a whole: nobody finds out an
// address letter by letter.
func (c clauses) word(word string, inside bool) []ldapconn.Filter {
	if strings.ContainsRune(word, '@') {
		return c.equal(slices.Concat(c.login, c.settings.addresses), word)
	}
	var out []ldapconn.Filter
	for _, name := range c.settings.prefix {
		switch {
		case c.indexes.usable(indexPart, name):
			out = append(out, ldapconn.Prefix(name, word))
		case c.indexes.usable(indexEqual, name):
			out = append(out, ldapconn.Equal(name, word))
		}
	}
	if !inside || len(word) < c.settings.insideFrom {
		return out
	}
	for _, name := range c.settings.inside {
		if c.indexes.usable(indexPart, name) {
			out = append(out, ldapconn.Substring(name, word))
		}
	}
	return out
}

// words matches who has all the words. False when slapd would have to read every entry for it, or when no word can be
// looked for.
func (c clauses) words(q query, inside bool) (ldapconn.Filter, bool) {
	indexed := false
	all := make([]ldapconn.Filter, 0, len(q.words))
	for _, word := range q.words {
		one := c.word(word, inside)
		if len(one) == 0 {
			return ldapconn.Filter{}, false
		}
		indexed = indexed || len(word) >= prefixFrom
		all = append(all, ldapconn.Or(one...))
	}
	return ldapconn.And(all...), indexed
}

// reachesInside reports whether looking inside of values can find more than looking at their beginnings.
func (c clauses) reachesInside(q query) bool {
	return slices.ContainsFunc(q.words, func(word string) bool { return len(c.word(word, true)) > len(c.word(word, false)) })
}
