package openldap

import (
	"context"
	"crypto/rand"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Authenticate implements core.Authenticator: it signs in as the person, on a connection of its own. Everything that is
// refused is refused alike; for a login that nobody has, or two have, a sign-in is tried all the same, as somebody who does
// not exist.
func (d *Directory) Authenticate(ctx context.Context, login untrusted.Text, password *secret.Text) (core.AccountID, error) {
	refused := core.Fail(core.CodeDenied, sentence.Of("directory.sign_in_refused"))
	if ctx.Err() == nil && password.Len() == 0 {
		return core.AccountID{}, refused
	}
	key, name, err := d.whose(ctx, login)
	if err != nil {
		return core.AccountID{}, err
	}
	policy, err := d.pool.CheckPassword(ctx, name, password)
	if _, answered := ldapconn.CodeOf(err); answered {
		return core.AccountID{}, refused.Because(err)
	}
	if err != nil {
		return core.AccountID{}, d.fault(ctx, err)
	}
	if key == "" || policy.Error != "" {
		return core.AccountID{}, refused
	}
	return d.id(key), nil
}

// whose finds the one person with this login; the name of an entry that does not exist, and no key, when there is none.
func (d *Directory) whose(ctx context.Context, login untrusted.Text) (key, name string, err error) {
	nobody := d.plan.attributes.login[0] + "=" + rand.Text() + "," + d.plan.baseDN
	q, ok := newQuery(login.Raw())
	if !ok {
		return "", nobody, d.fault(ctx, ctx.Err())
	}
	found, more, err := d.pool.Search(ctx, ldapconn.Request{
		Base: d.plan.baseDN, Filter: d.person(ldapconn.Equal(d.plan.attributes.login[0], q.text)), Attributes: []string{attrUUID}, Limit: 2,
	})
	if err != nil {
		return "", "", d.fault(ctx, err)
	}
	if len(found) != 1 || more || found[0].First(attrUUID) == "" {
		return "", nobody, nil
	}
	return found[0].First(attrUUID), found[0].DN, nil
}
