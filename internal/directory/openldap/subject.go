package openldap

import (
	"context"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// subject is the entry of one person as it was read.
type subject struct {
	ldapconn.Entry
	version string
	server  *server
	rules   *policies
}

// state is its state now.
func (d *Directory) stateOf(s *subject) core.State {
	return stateOf(s.Entry, s.rules.of(s.Entry), d.clock.Now())
}

// subject finds and reads the entry with this key in one request. CodeNotFound, CodeUnavailable.
func (d *Directory) subject(ctx context.Context, key string) (*subject, error) {
	if !isUUID(key) {
		return nil, d.notFound()
	}
	srv, err := d.server(ctx)
	if err != nil {
		return nil, d.fault(ctx, err)
	}
	attributes := d.accountAttributes(srv)
	found, more, err := d.pool.Search(ctx, ldapconn.Request{
		Base: d.plan.baseDN, Filter: d.person(ldapconn.Equal(attrUUID, key)), Attributes: attributes, Limit: 1,
	})
	if err != nil {
		return nil, d.fault(ctx, err)
	}
	if len(found) != 1 || more || !strings.EqualFold(found[0].First(attrUUID), key) {
		return nil, d.notFound()
	}
	rules, err := d.policies(ctx, srv)
	if err != nil {
		return nil, d.fault(ctx, err)
	}
	return &subject{Entry: found[0], version: d.version.of(found[0], attributes), server: srv, rules: rules}, nil
}

// person narrows a filter down to people.
func (d *Directory) person(f ldapconn.Filter) ldapconn.Filter {
	return ldapconn.And(f, ldapconn.Equal("objectClass", d.plan.peopleClass))
}

// isUUID accepts the one spelling that slapd writes (RFC 4122 section 3): other spellings of a key would be other accounts
// to whoever compares keys.
func isUUID(key string) bool {
	const length = 36
	if len(key) != length {
		return false
	}
	for i := range len(key) {
		hyphen := i == 8 || i == 13 || i == 18 || i == 23
		hex := key[i] >= '0' && key[i] <= '9' || key[i] >= 'a' && key[i] <= 'f'
		if hyphen != (key[i] == '-') || !hyphen && !hex {
			return false
		}
	}
	return true
}

func (d *Directory) notFound() error {
	return core.Fail(core.CodeNotFound, sentence.Of("directory.not_found"))
}
