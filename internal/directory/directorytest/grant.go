package directorytest

import (
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

func grantChecks() []check {
	return []check{
		{"WithoutAGrantNoPasswordIsSet", (*suite).grantForPassword},
		{"WithoutAGrantNothingIsUnlocked", (*suite).grantForUnlock},
		{"AnAccountOfAnotherDirectoryIsNotTouched", (*suite).grantForAnotherDirectory},
	}
}

// wrongGrants allow something, and not this on this account.
func wrongGrants(t *testing.T, right rbac.Permission, id, other core.AccountID) map[string]rbac.Grant {
	t.Helper()
	wrong := rbac.Unlock
	if right == rbac.Unlock {
		wrong = rbac.ResetPassword
	}
	return map[string]rbac.Grant{
		"no grant":                       {},
		"a grant for another account":    Grant(t, right, other),
		"a grant for another permission": Grant(t, wrong, id),
	}
}

func (s *suite) grantForPassword(t *testing.T) {
	id, p := s.someone(t, Person{})
	other, _ := s.someone(t, Person{})
	before := s.read(t, id).Version
	for what, g := range wrongGrants(t, rbac.ResetPassword, id, other) {
		t.Log(what)
		refused(t, s.dir.SetPassword(limited(t), g, change(id, SecondPassword, false)), core.CodeDenied)
	}
	if s.read(t, id).Version != before || !s.f.SignsIn(t, p.Login, p.Password) {
		t.Error("a change without a grant was made")
	}
}

func (s *suite) grantForUnlock(t *testing.T) {
	id, p := s.someone(t, Person{})
	other, _ := s.someone(t, Person{})
	s.f.Lock(t, p.Login)
	for what, g := range wrongGrants(t, rbac.Unlock, id, other) {
		t.Log(what)
		_, err := s.dir.Unlock(limited(t), g, core.UnlockChange{Account: id})
		refused(t, err, core.CodeDenied)
	}
	if !s.read(t, id).State.Locked {
		t.Error("an account was unlocked without a grant")
	}
}

func (s *suite) grantForAnotherDirectory(t *testing.T) {
	id, p := s.someone(t, Person{})
	foreign := core.AccountID{Directory: "another-" + id.Directory, Key: id.Key}
	err := s.dir.SetPassword(limited(t), Grant(t, rbac.ResetPassword, foreign), change(foreign, SecondPassword, false))
	if code := core.CodeOf(err); code != core.CodeNotFound && code != core.CodeDenied {
		t.Errorf("error %v, want not found or denied", err)
	}
	if !s.f.SignsIn(t, p.Login, p.Password) {
		t.Error("an account of this directory was changed in the name of another's")
	}
}
