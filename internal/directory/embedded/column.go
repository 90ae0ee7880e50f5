package embedded

import (
	"slices"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// column is one value of a Person in a file.
type column struct {
	name string
	// in points to the value: *untrusted.Text, *[]untrusted.Text, *bool or *time.Time.
	in func(p *Person) any
	// names reports that values are compared as logins and names of groups are: without regard to case.
	names bool
}

// columnSet is which columns a file has: what it has not is left as it is.
type columnSet uint64

const allColumns columnSet = 1<<64 - 1

func (s columnSet) has(i int) bool       { return s&(1<<i) != 0 }
func (s columnSet) with(i int) columnSet { return s | 1<<i }

// columns are the columns of files, in the order in which they are exported. The login is the first.
func columns() []column {
	return []column{
		{name: "login", in: func(p *Person) any { return &p.Login }},
		{name: "upn", in: func(p *Person) any { return &p.UPN }},
		{name: "given_name", in: func(p *Person) any { return &p.GivenName }},
		{name: "surname", in: func(p *Person) any { return &p.Surname }},
		{name: "display_name", in: func(p *Person) any { return &p.DisplayName }},
		{name: "title", in: func(p *Person) any { return &p.Title }},
		{name: "department", in: func(p *Person) any { return &p.Department }},
		{name: "office", in: func(p *Person) any { return &p.Office }},
		{name: "employee_number", in: func(p *Person) any { return &p.EmployeeNumber }},
		{name: "manager", in: func(p *Person) any { return &p.Manager }, names: true},
		{name: "place", in: func(p *Person) any { return &p.Place }},
		{name: "mail", in: func(p *Person) any { return &p.Mail }},
		{name: "alternate_mails", in: func(p *Person) any { return &p.AlternateMails }},
		{name: "mobile", in: func(p *Person) any { return &p.Mobile }},
		{name: "business_phones", in: func(p *Person) any { return &p.BusinessPhones }},
		{name: "groups", in: func(p *Person) any { return &p.Groups }, names: true},
		{name: "roles", in: func(p *Person) any { return &p.Roles }},
		{name: "disabled", in: func(p *Person) any { return &p.Disabled }},
		{name: "service", in: func(p *Person) any { return &p.Service }},
		{name: "built_in", in: func(p *Person) any { return &p.BuiltIn }},
		{name: "must_change", in: func(p *Person) any { return &p.MustChange }},
		{name: "password_never_expires", in: func(p *Person) any { return &p.PasswordNeverExpires }},
		{name: "account_expires", in: func(p *Person) any { return &p.AccountExpires }},
	}
}

// overlay copies the columns of a set from one person to another and reports whether that changed anything.
func overlay(onto, from *Person, cols []column, set columnSet) (changed bool) {
	for i, c := range cols {
		if set.has(i) && c.assign(c.in(onto), c.in(from)) {
			changed = true
		}
	}
	return changed
}

// assign copies one value and reports whether it was another.
func (c column) assign(to, from any) (changed bool) {
	same := func(a, b untrusted.Text) bool { return a == b }
	if c.names {
		same = func(a, b untrusted.Text) bool { return exactKey(a.Raw()) == exactKey(b.Raw()) }
	}
	switch from := from.(type) {
	case *untrusted.Text:
		return replace(to, from, same)
	case *[]untrusted.Text:
		return replace(to, from, func(a, b []untrusted.Text) bool { return slices.EqualFunc(a, b, same) })
	case *bool:
		return replace(to, from, func(a, b bool) bool { return a == b })
	case *time.Time:
		return replace(to, from, time.Time.Equal)
	}
	return false
}

func replace[T any](to any, from *T, equal func(a, b T) bool) (changed bool) {
	old, ok := to.(*T)
	if !ok || equal(*old, *from) {
		return false
	}
	*old = *from
	return true
}
