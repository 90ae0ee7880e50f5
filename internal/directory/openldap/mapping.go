package openldap

import (
	"maps"
	"slices"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// mapping says which attribute holds what. Of several attributes the first that has a value counts.
type mapping struct {
	login, displayName, givenName, surname, department, title, office attributes
	manager, employeeNumber, mail, alternateMail, mobile, phone       attributes
}

// attributes are the names of alternatives, the preferred one first; none where the directory does not have such a thing.
type attributes []string

// defaults are the attributes of inetOrgPerson (RFC 2798) and organizationalPerson (RFC 4519). There is no common one for
// an alternate mail address.
func defaultAttributes() map[string]string {
	return map[string]string{
		"login": "uid", "display_name": "displayName|cn", "given_name": "givenName", "surname": "sn",
		"department": "departmentNumber|ou", "title": "title", "manager": "manager", "employee_number": "employeeNumber",
		"mail": "mail", "alternate_mail": "", "mobile": "mobile", "phone": "telephoneNumber", "office": "physicalDeliveryOfficeName",
	}
}

func newMapping(configured map[string]string, p *problems) mapping {
	names := defaultAttributes()
	for _, key := range slices.Sorted(maps.Keys(configured)) {
		if _, known := names[key]; !known {
			p.add("attributes."+key, "one of "+strings.Join(slices.Sorted(maps.Keys(names)), ", "))
			continue
		}
		names[key] = configured[key]
	}
	take := func(key string) attributes {
		return newAttributes("attributes."+key, strings.Split(names[key], "|"), p)
	}
	m := mapping{
		login: take("login"), displayName: take("display_name"), givenName: take("given_name"), surname: take("surname"),
		department: take("department"), title: take("title"), office: take("office"), manager: take("manager"),
		employeeNumber: take("employee_number"), mail: take("mail"), alternateMail: take("alternate_mail"),
		mobile: take("mobile"), phone: take("phone"),
	}
	if len(m.login) != 1 {
		p.add("attributes.login", "exactly one attribute")
	}
	return m
}

// newAttributes checks names; empty ones are left out.
func newAttributes(key string, names []string, p *problems) attributes {
	var out attributes
	for _, name := range names {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		if ldapconn.Present(name).Err() != nil {
			p.add(key, `names of attributes, and not "`+untrusted.Sanitize(name)+`"`)
			continue
		}
		out = append(out, name)
	}
	return out
}

// all are all attributes that are read of a person.
func (m mapping) all() []string {
	return slices.Concat(m.login, m.displayName, m.givenName, m.surname, m.department, m.title, m.office, m.manager,
		m.employeeNumber, m.mail, m.alternateMail, m.mobile, m.phone)
}

// row are the attributes of a row of a list or a search.
func (m mapping) row() []string {
	return slices.Concat(m.login, m.displayName, m.department)
}

// value is the first value of the first alternative that has one.
func (a attributes) value(e ldapconn.Entry) untrusted.Text {
	for _, name := range a {
		if e.Has(name) {
			return e.Text(name)
		}
	}
	return untrusted.Text{}
}

// values are all values of the first alternative that has one.
func (a attributes) values(e ldapconn.Entry) []untrusted.Text {
	for _, name := range a {
		if e.Has(name) {
			return e.Texts(name)
		}
	}
	return nil
}
