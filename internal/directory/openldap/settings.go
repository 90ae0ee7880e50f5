package openldap

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/dn"
)

// settings are what can be set beyond the attributes.
type settings struct {
	// defaultPolicy is the policy of entries without a pwdPolicySubentry, as olcPPolicyDefault has it. Zero: the one policy
	// that is found, or the one called "default".
	defaultPolicy dn.Name
	// exop uses the operation of RFC 3062 instead of a Modify where the new password need not be changed: for servers that
	// do not hash a password that comes in a Modify (olcPPolicyHashCleartext is off).
	exop bool

	prefix    attributes // looked for by how a value begins; need an index "sub"
	inside    attributes // looked for by what is inside a value; need an index "sub"
	addresses attributes // whole mail addresses; need an index "eq"
	phones    attributes // whole telephone numbers; need an index "eq"
	// insideFrom is the shortest word, in bytes, that is looked for inside values. A shorter one than olcIndexSubstrAnyLen,
	// which is 4 unless it was changed, makes slapd read every entry (seen with 2.5).
	insideFrom int
}

func newSettings(configured map[string]string, m mapping, p *problems) settings {
	known := []string{
		"default_policy", "password_change", "search_prefix", "search_inside", "search_inside_from", "search_addresses", "search_phones",
	}
	for _, key := range slices.Sorted(maps.Keys(configured)) {
		if !slices.Contains(known, key) {
			p.add("settings."+key, "one of "+strings.Join(known, ", "))
		}
	}
	s := settings{insideFrom: insideFrom(configured["search_inside_from"], p)}
	if value := configured["default_policy"]; value != "" {
		s.defaultPolicy = p.name("settings.default_policy", value)
	}
	switch configured["password_change"] {
	case "", "modify":
	case "exop":
		s.exop = true
	default:
		p.add("settings.password_change", `"modify" or "exop"`)
	}
	list := func(key string, otherwise ...attributes) attributes {
		if value, ok := configured[key]; ok {
			return newAttributes("settings."+key, strings.Split(value, ","), p)
		}
		return unique(slices.Concat(otherwise...))
	}
	s.prefix = list("search_prefix", m.login, m.givenName, m.surname, last(m.displayName), m.mail, m.employeeNumber)
	s.inside = list("search_inside", m.login, m.givenName, m.surname, last(m.displayName))
	s.addresses = list("search_addresses", m.mail)
	s.phones = list("search_phones", m.mobile)
	return s
}

func insideFrom(value string, p *problems) int {
	const usual, most = 4, 64
	if value == "" {
		return usual
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 2 || n > most {
		p.add("settings.search_inside_from", "a number of letters from 2 to 64")
	}
	return n
}

// last is the last alternative: the one that every entry has, and that has the index.
func last(a attributes) attributes {
	if len(a) == 0 {
		return nil
	}
	return a[len(a)-1:]
}

func unique(a attributes) attributes {
	var out attributes
	for _, name := range a {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
