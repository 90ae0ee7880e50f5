package ldapconn

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"
)

// attributeForm is an attribute description: a name or an object identifier, and options (RFC 4512 section 2.5).
var attributeForm = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9-]*|[0-9]+(\.[0-9]+)+)(;[A-Za-z0-9-]+)*$`)

// Bounds of one filter.
const (
	maxFilterBytes = 64 << 10
	maxFilterDepth = 8
)

func checkAttribute(name string) error {
	const longest = 256
	if len(name) > longest || !attributeForm.MatchString(name) {
		return fmt.Errorf("%q is not the name of an attribute", name)
	}
	return nil
}

// Filter is a search filter. It is built from its parts, each of which holds any value as that value and nothing else:
// a star is a star, a bracket a bracket. The zero Filter is refused by Search, as is one whose building failed; the
// reason is kept until then, so that filters can be written as one expression.
type Filter struct {
	text  string // RFC 4515
	depth int
	err   error
}

// Equal matches entries with this very value, by the rules of the attribute.
func Equal(attribute, value string) Filter { return assertion(attribute, "=", value, "") }

// GreaterOrEqual matches entries with a value that orders at or after this one.
func GreaterOrEqual(attribute, value string) Filter { return assertion(attribute, ">=", value, "") }

// LessOrEqual matches entries with a value that orders at or before this one.
func LessOrEqual(attribute, value string) Filter { return assertion(attribute, "<=", value, "") }

// Prefix matches entries with a value that begins so. An empty prefix is refused: it would match everybody.
func Prefix(attribute, value string) Filter {
	return nonEmpty(value, assertion(attribute, "=", value, "*"))
}

// Substring matches entries with a value that contains this one. An empty one is refused.
func Substring(attribute, value string) Filter {
	return nonEmpty(value, assertion(attribute, "=*", value, "*"))
}

// Present matches entries that have the attribute.
func Present(attribute string) Filter { return assertion(attribute, "=*", "", "") }

// And matches what all of the filters match. At least one is needed: none at all would match everybody.
func And(filters ...Filter) Filter { return combine("&", filters) }

// Or matches what any of the filters matches. At least one is needed.
func Or(filters ...Filter) Filter { return combine("|", filters) }

// Not matches what the filter does not match.
func Not(filter Filter) Filter { return combine("!", []Filter{filter}) }

// Err says why the filter cannot be used, nil when it can. The error wraps ErrFilter.
func (f Filter) Err() error {
	switch {
	case f.err != nil:
		return f.err
	case f.text == "":
		return fmt.Errorf("%w: it is empty", ErrFilter)
	case len(f.text) > maxFilterBytes:
		return fmt.Errorf("%w: it has %d bytes", ErrFilter, len(f.text))
	case f.depth > maxFilterDepth:
		return fmt.Errorf("%w: it is nested %d deep", ErrFilter, f.depth)
	}
	return nil
}

// String names the filter without its values, which may be names of persons.
func (f Filter) String() string {
	if err := f.Err(); err != nil {
		return err.Error()
	}
	return fmt.Sprintf("filter of %d bytes", len(f.text))
}

func assertion(attribute, operator, value, end string) Filter {
	if err := checkAttribute(attribute); err != nil {
		return Filter{err: fmt.Errorf("%w: %w", ErrFilter, err)}
	}
	if !utf8.ValidString(value) && strings.Contains(operator+end, "*") {
		// Substrings of a broken value would be matched byte by byte, across the bounds of characters.
		return Filter{err: fmt.Errorf("%w: part of a value that is not UTF-8", ErrFilter)}
	}
	return Filter{text: "(" + attribute + operator + ldap.EscapeFilter(value) + end + ")", depth: 1}
}

func nonEmpty(value string, f Filter) Filter {
	if value == "" && f.err == nil {
		return Filter{err: fmt.Errorf("%w: part of nothing", ErrFilter)}
	}
	return f
}

func combine(operator string, filters []Filter) Filter {
	if len(filters) == 0 {
		return Filter{err: fmt.Errorf("%w: a combination of nothing", ErrFilter)}
	}
	var text strings.Builder
	text.WriteString("(" + operator)
	deepest := 0
	for _, f := range filters {
		if err := f.Err(); err != nil {
			return Filter{err: err}
		}
		text.WriteString(f.text)
		deepest = max(deepest, f.depth)
	}
	text.WriteByte(')')
	return Filter{text: text.String(), depth: deepest + 1}
}
