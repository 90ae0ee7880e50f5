package ldapconn

import (
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Entry is one entry as the server sent it. Attribute names are compared without case. Values are bytes of unknown
// origin: what is shown to a person is taken with Text and Texts.
type Entry struct {
	DN         string
	attributes []attribute
}

type attribute struct {
	name   string
	values []string
}

func newEntry(e *ldap.Entry) Entry {
	entry := Entry{DN: e.DN, attributes: make([]attribute, 0, len(e.Attributes))}
	for _, a := range e.Attributes {
		entry.attributes = append(entry.attributes, attribute{a.Name, a.Values})
	}
	return entry
}

// All returns every value, for deciding and for writing back.
func (e Entry) All(name string) []string {
	for _, a := range e.attributes {
		if strings.EqualFold(a.name, name) {
			return a.values
		}
	}
	return nil
}

// First returns the first value, "" when there is none.
func (e Entry) First(name string) string {
	if values := e.All(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Has reports whether there is a value.
func (e Entry) Has(name string) bool { return len(e.All(name)) > 0 }

// Text returns the first value for showing.
func (e Entry) Text(name string) untrusted.Text { return untrusted.New(e.First(name)) }

// Texts returns every value for showing.
func (e Entry) Texts(name string) []untrusted.Text {
	values := e.All(name)
	texts := make([]untrusted.Text, 0, len(values))
	for _, value := range values {
		texts = append(texts, untrusted.New(value))
	}
	return texts
}

// Time returns the first value as a GeneralizedTime; false when there is none or it is none.
func (e Entry) Time(name string) (time.Time, bool) {
	t, err := ParseTime(e.First(name))
	return t, err == nil
}
