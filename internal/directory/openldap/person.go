package openldap

import (
	"context"
	"slices"
	"strconv"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// personOf is what a row or a heading shows of an entry.
func (d *Directory) personOf(e ldapconn.Entry) core.Person {
	m := d.plan.attributes
	return core.Person{
		ID: d.id(e.First(attrUUID)), Login: m.login.value(e), DisplayName: m.displayName.value(e), Department: m.department.value(e),
	}
}

// placeOf is the name of the entry above this one; "" when the entry's own name cannot be read.
func placeOf(e ldapconn.Entry) string {
	name, err := dn.Parse(e.DN)
	if err != nil {
		return ""
	}
	return name.Parent().String()
}

// manager reads who an entry names as manager; the zero Person when it names nobody. hidden is true when that entry is not
// there or may not be read.
func (d *Directory) manager(ctx context.Context, e ldapconn.Entry) (manager core.Person, hidden bool, err error) {
	name := d.plan.attributes.manager.value(e)
	if name.IsZero() {
		return core.Person{}, false, nil
	}
	found, err := d.pool.Read(ctx, name.Raw(), unique(append([]string{attrUUID}, d.plan.attributes.row()...))...)
	if _, refused := ldapconn.CodeOf(err); refused {
		return core.Person{}, true, nil
	}
	if err != nil {
		return core.Person{}, false, err
	}
	if !found.Has(attrUUID) {
		return core.Person{}, true, nil
	}
	return d.personOf(found), false, nil
}

// mostContacts is how many addresses of a kind are taken from one entry.
const mostContacts = 20

// contacts are the addresses on file, and the same as methods.
func (d *Directory) contacts(e ldapconn.Entry) (c core.Contacts, methods []core.Method) {
	m := d.plan.attributes
	add := func(kind core.MethodKind, from attributes) []untrusted.Text {
		values := from.values(e)
		values = values[:min(len(values), mostContacts)]
		for i, position := range positions(values) {
			methods = append(methods, core.Method{
				ID: string(kind) + ":" + strconv.Itoa(position), Kind: kind, Destination: values[i], Purpose: core.ForReset, Source: "directory",
			})
		}
		return values
	}
	c.Mail = first(add(core.MethodMail, m.mail))
	c.AlternateMails = add(core.MethodAlternate, m.alternateMail)
	c.Mobile = first(add(core.MethodMobile, m.mobile))
	c.BusinessPhones = add(core.MethodOfficePhone, m.phone)
	return c, methods
}

// positions number values by their order as text: the order in which a server sends values means nothing (RFC 4511 section
// 4.1.7), and a method keeps its id while the values stay.
func positions(values []untrusted.Text) []int {
	sorted := make([]string, 0, len(values))
	for _, v := range values {
		sorted = append(sorted, v.Raw())
	}
	slices.Sort(sorted)
	out := make([]int, 0, len(values))
	for _, v := range values {
		at, _ := slices.BinarySearch(sorted, v.Raw())
		out = append(out, at)
	}
	return out
}

func first(values []untrusted.Text) untrusted.Text {
	if len(values) == 0 {
		return untrusted.Text{}
	}
	return values[0]
}
