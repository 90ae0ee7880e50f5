package openldap

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// mostTries is how often a change is tried when a sign-in of the person comes between the reading and the change: slapd
// counts sign-ins in the entry itself.
const mostTries = 10

// checkGrant refuses a change that was not authorised, before anything is sent. CodeDenied, CodeNotFound.
func (d *Directory) checkGrant(g rbac.Grant, p rbac.Permission, id core.AccountID) error {
	if id.Directory != d.plan.name {
		return d.notFound()
	}
	if !g.Allows(p, id.String()) {
		return core.Fail(core.CodeDenied, sentence.Of("directory.no_grant"))
	}
	return nil
}

// target reads the entry that a change is for. CodeNotFound, CodeConflict when it is not the version, CodeUnavailable.
func (d *Directory) target(ctx context.Context, key, version string) (*subject, error) {
	s, err := d.subject(ctx, key)
	if err != nil {
		return nil, err
	}
	if version != "" && version != s.version {
		return nil, core.Fail(core.CodeConflict, sentence.Of("directory.changed_meanwhile"))
	}
	return s, nil
}

// unchanged is the condition under which a change is made: it is still the same entry, and nobody has written to it since
// it was read. A server that does not know conditions has none.
func (s *subject) unchanged() ([]ldapconn.Control, error) {
	if !s.server.canAssert() {
		return nil, nil
	}
	same := ldapconn.Equal(attrUUID, s.First(attrUUID))
	if s.Has(attrCSN) {
		same = ldapconn.And(same, ldapconn.Equal(attrCSN, s.First(attrCSN)))
	}
	condition, err := ldapconn.Assertion(same)
	return []ldapconn.Control{condition}, err
}

// signInBetween reports whether the entry differs from what it was by a sign-in alone: its version is the same, and slapd
// has counted a failure, or cleared what it had counted.
func signInBetween(before, after *subject) bool {
	if before.version != after.version {
		return false
	}
	for _, name := range []string{attrFailures, attrLastSuccess, attrAuthTime} {
		if newest(before.All(name)) != newest(after.All(name)) {
			return true
		}
	}
	return false
}

// newest is the last of several times; they are written so that they order as text.
func newest(times []string) string {
	last := ""
	for _, t := range times {
		last = max(last, t)
	}
	return last
}

// modify makes a change under the condition that the entry is still the one that was read. changes is called for every
// try with what was read then.
func (d *Directory) modify(ctx context.Context, s *subject, changes func(s *subject) ldapconn.Modification) error {
	for try := 1; ; try++ {
		condition, err := s.unchanged()
		if err != nil {
			return err
		}
		m := changes(s)
		m.DN, m.Controls = s.DN, append(m.Controls, condition...)
		_, err = d.pool.Modify(ctx, m)
		if code, _ := ldapconn.CodeOf(err); code != ldapconn.CodeAssertionFailed || try == mostTries {
			return err
		}
		now, readErr := d.subject(ctx, s.First(attrUUID))
		if readErr != nil {
			return readErr
		}
		if !signInBetween(s, now) {
			return err
		}
		s = now
	}
}
