package openldap

import (
	"context"
	"slices"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// mostResolved is how many accounts one name resolves to. More than one is refused anyway.
const mostResolved = 20

// Resolve implements core.Directory. Everybody who is meant is returned: who a name belongs to is not guessed.
func (d *Directory) Resolve(ctx context.Context, name untrusted.Text) ([]core.AccountID, error) {
	q, ok := newQuery(name.Raw())
	if !ok {
		return nil, d.fault(ctx, ctx.Err())
	}
	names := slices.Concat(d.plan.attributes.login, d.plan.attributes.mail)
	meant := make([]ldapconn.Filter, 0, len(names)+1)
	for _, attribute := range names {
		meant = append(meant, ldapconn.Equal(attribute, q.text))
	}
	if isUUID(q.text) {
		meant = append(meant, ldapconn.Equal(attrUUID, q.text))
	}
	found, _, err := d.pool.Search(ctx, ldapconn.Request{
		Base: d.plan.baseDN, Filter: d.person(ldapconn.Or(meant...)), Attributes: []string{attrUUID}, Limit: mostResolved,
	})
	if err != nil {
		return nil, d.fault(ctx, err)
	}
	var out []core.AccountID
	for _, e := range found {
		if key := e.First(attrUUID); key != "" {
			out = append(out, d.id(key))
		}
	}
	return out, nil
}
