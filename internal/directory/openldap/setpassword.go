package openldap

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// SetPassword implements core.Directory. slapd removes a lock with the new password. It would remove one that an
// administrator set for good as well: such an account is refused, as whoever may reset need not be one who may unlock.
func (d *Directory) SetPassword(ctx context.Context, g rbac.Grant, c core.PasswordChange) error {
	if err := d.checkGrant(g, rbac.ResetPassword, c.Account); err != nil {
		return err
	}
	if c.Password.Len() == 0 {
		return core.Fail(core.CodePolicy, sentence.Of("openldap.refused_empty"))
	}
	s, err := d.target(ctx, c.Account.Key, c.Version)
	if err != nil {
		return err
	}
	if isPermanent(s.Entry) {
		return core.Fail(core.CodePolicy, sentence.Of("openldap.refused_locked_for_good"))
	}
	about := change{noRight: "openldap.no_right_password", policy: true, rules: s.rules.of(s.Entry), password: c.Password}
	if d.plan.settings.exop && !c.MustChange {
		_, err = d.pool.PasswordModify(ctx, ldapconn.PasswordChange{UserDN: s.DN, New: c.Password})
		return d.writeFault(ctx, about, err)
	}
	err = d.modify(ctx, s, func(s *subject) ldapconn.Modification {
		return ldapconn.Modification{Changes: passwordChanges(s, c)}
	})
	return d.writeFault(ctx, about, err)
}

// passwordChanges set the password and whether it must be changed, in one request: slapd makes both or none. slapd does not
// set pwdReset by itself for an identity that is bound by the password policy (seen with 2.5).
func passwordChanges(s *subject, c core.PasswordChange) []ldapconn.Change {
	changes := []ldapconn.Change{ldapconn.ReplaceSecret(attrPassword, c.Password)}
	switch {
	case c.MustChange:
		changes = append(changes, ldapconn.Replace(attrReset, "TRUE"))
	case s.server.has(attrReset):
		changes = append(changes, ldapconn.Replace(attrReset))
	}
	return changes
}
