package openldap

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
)

// slapd leaves out what may not be read, as if it were not there. A filter tells the difference: "(!(x=*))" is true only
// where the identity may look at x and there is none; where it may not look, the filter is undefined and matches nothing
// (RFC 4511 section 4.5.1.7, slapd.access(5)).

// hidden returns those of the attributes that are missing from an entry without being proved to be missing: they may not
// be read, or came meanwhile. It asks once, and for each attribute only where the answer is no.
func (d *Directory) hidden(ctx context.Context, e ldapconn.Entry, attributes []string) ([]string, error) {
	var missing []string
	for _, name := range attributes {
		if !e.Has(name) {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil, nil
	}
	proved, err := d.lacks(ctx, e.DN, missing...)
	if err != nil || proved {
		return nil, err
	}
	var hidden []string
	for _, name := range missing {
		proved, err := d.lacks(ctx, e.DN, name)
		if err != nil {
			return nil, err
		}
		if !proved {
			hidden = append(hidden, name)
		}
	}
	return hidden, nil
}

// lacks reports whether the server says that an entry has none of the attributes.
func (d *Directory) lacks(ctx context.Context, name string, attributes ...string) (bool, error) {
	none := make([]ldapconn.Filter, 0, len(attributes))
	for _, a := range attributes {
		none = append(none, ldapconn.Not(ldapconn.Present(a)))
	}
	found, _, err := d.pool.Search(ctx, ldapconn.Request{
		Base: name, Scope: ldapconn.ScopeBase, Filter: ldapconn.And(none...), Limit: 1,
	})
	if _, refused := ldapconn.CodeOf(err); refused {
		return false, nil
	}
	return len(found) == 1, err
}
