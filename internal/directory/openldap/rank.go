package openldap

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// rank says how well an entry answers a query. The server has matched it already, by rules of its own.
func (d *Directory) rank(e ldapconn.Entry, q query) core.Rank {
	m := d.plan.attributes
	if isOne(q.text, m.login.values(e), m.employeeNumber.values(e)) || d.hasAddress(e, q) {
		return core.RankExact
	}
	begins := beginnings(slices.Concat(
		m.login.values(e), m.givenName.values(e), m.surname.values(e), last(m.displayName).values(e), m.displayName.values(e),
		m.employeeNumber.values(e), m.mail.values(e)))
	for _, word := range q.words {
		word = fold(word)
		if !slices.ContainsFunc(begins, func(s string) bool { return strings.HasPrefix(s, word) }) {
			return core.RankSubstring
		}
	}
	return core.RankPrefix
}

// hasAddress reports whether the whole text is an address or a number of the entry.
func (d *Directory) hasAddress(e ldapconn.Entry, q query) bool {
	for _, name := range d.plan.settings.addresses {
		if isOne(q.text, e.Texts(name)) {
			return true
		}
	}
	for _, name := range d.plan.settings.phones {
		for _, number := range e.Texts(name) {
			stored := phoneSpellings(number.Raw())
			if len(q.phones) > 0 && len(stored) > 0 && stored[0] == q.phones[0] {
				return true
			}
		}
	}
	return false
}

// isOne reports whether text is one of the values.
func isOne(text string, lists ...[]untrusted.Text) bool {
	text = fold(text)
	return slices.ContainsFunc(slices.Concat(lists...), func(v untrusted.Text) bool { return fold(v.Raw()) == text })
}

// beginnings are the values from each of their words on.
func beginnings(values []untrusted.Text) []string {
	const most = 4096 // bytes of a value; a longer one is nobody's name
	var out []string
	for _, v := range values {
		s := v.Raw()
		s = fold(s[:min(len(s), most)])
		out = append(out, s)
		for i := range s {
			if i > 0 && strings.ContainsRune(" .-_'", rune(s[i-1])) {
				out = append(out, s[i:])
			}
		}
	}
	return out
}

// fold makes values comparable as slapd compares them (RFC 4518): case, width and repeated blanks make no difference.
func fold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(s))), " ")
}
