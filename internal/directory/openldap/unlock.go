package openldap

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Unlock implements core.Directory. With pwdAccountLockedTime slapd removes the failures it had counted, so that the next
// wrong password does not lock at once; that takes no right on pwdFailureTime. An account without a lock is left as it is.
func (d *Directory) Unlock(ctx context.Context, g rbac.Grant, c core.UnlockChange) (core.UnlockAnswer, error) {
	if err := d.checkGrant(g, rbac.Unlock, c.Account); err != nil {
		return core.UnlockAnswer{}, err
	}
	s, err := d.target(ctx, c.Account.Key, c.Version)
	if err != nil {
		return core.UnlockAnswer{}, err
	}
	if len(unlockChanges(s)) == 0 {
		return core.UnlockAnswer{}, d.provablyUnlocked(ctx, s)
	}
	answer := core.UnlockAnswer{WasLocked: d.stateOf(s).Locked}
	err = d.modify(ctx, s, func(s *subject) ldapconn.Modification {
		answer.WasLocked = d.stateOf(s).Locked
		return unlockModification(s)
	})
	if code, _ := ldapconn.CodeOf(err); code == ldapconn.CodeNoSuchAttribute {
		return core.UnlockAnswer{}, nil // a server without conditions, and somebody was faster
	}
	if err != nil {
		return core.UnlockAnswer{}, d.writeFault(ctx, change{noRight: "openldap.no_right_unlock"}, err)
	}
	return answer, nil
}

// unlockModification removes every lock that the entry has. The end of a short lock can only be removed by relaxing the
// rules of the schema.
func unlockModification(s *subject) ldapconn.Modification {
	m := ldapconn.Modification{Changes: unlockChanges(s)}
	if s.Has(attrTmpLocked) {
		m.Controls = append(m.Controls, ldapconn.RelaxRules())
	}
	return m
}

func unlockChanges(s *subject) []ldapconn.Change {
	var changes []ldapconn.Change
	if s.Has(attrLocked) {
		changes = append(changes, ldapconn.Delete(attrLocked))
	}
	if s.Has(attrTmpLocked) {
		changes = append(changes, ldapconn.Replace(attrTmpLocked))
	}
	return changes
}

// provablyUnlocked makes sure that an entry without a lock has none, and not one that may not be seen.
func (d *Directory) provablyUnlocked(ctx context.Context, s *subject) error {
	locks := s.server.known(attrLocked, attrTmpLocked)
	if len(locks) == 0 {
		return core.Fail(core.CodeUnavailable, sentence.Of("openldap.no_attribute", sentence.Word("directory", d.plan.name)))
	}
	none, err := d.lacks(ctx, s.DN, locks...)
	if err != nil {
		return d.fault(ctx, err)
	}
	if !none {
		return core.Fail(core.CodeDenied, sentence.Of("openldap.no_right_lock_seen", sentence.Word("directory", d.plan.name)))
	}
	return nil
}
