package directorytest

import (
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

func passwordChecks() []check {
	return []check{
		{"ANewPasswordReplacesTheOld", (*suite).passwordReplaces},
		{"ANewPasswordMustBeChangedWhenAsked", (*suite).passwordMustChange},
		{"ANewPasswordRemovesALock", (*suite).passwordUnlocks},
		{"AShortPasswordIsRefusedByPolicy", (*suite).passwordTooShort},
		{"AUsedPasswordIsRefusedByPolicy", (*suite).passwordUsedBefore},
		{"ANewPasswordChangesTheVersion", (*suite).passwordChangesVersion},
		{"ThePasswordOfNobodyIsNotFound", (*suite).passwordOfNobody},
		{"UnusualCharactersAreTaken", (*suite).passwordUnusual},
	}
}

func (s *suite) passwordReplaces(t *testing.T) {
	id, p := s.someone(t, Person{})
	if !s.f.SignsIn(t, p.Login, p.Password) {
		t.Fatal("the person cannot sign in to begin with")
	}
	if err := s.setPassword(t, id, SecondPassword, false); err != nil {
		t.Fatalf("set password: %v", err)
	}
	if s.f.SignsIn(t, p.Login, p.Password) || !s.f.SignsIn(t, p.Login, SecondPassword) {
		t.Error("the old password still works or the new one does not")
	}
	if st := s.read(t, id).State; st.MustChange || st.PasswordSet.IsZero() {
		t.Errorf("state %+v, want a time and no must change", st)
	}
}

func (s *suite) passwordMustChange(t *testing.T) {
	need(t, s.dir.Can().MustChange, "must change")
	id, p := s.someone(t, Person{})
	if err := s.setPassword(t, id, SecondPassword, true); err != nil {
		t.Fatalf("set password: %v", err)
	}
	if st := s.read(t, id).State; !st.MustChange || !s.f.SignsIn(t, p.Login, SecondPassword) {
		t.Errorf("state %+v, want must change with the new password", st)
	}
	if err := s.setPassword(t, id, ThirdPassword, false); err != nil {
		t.Fatalf("set password again: %v", err)
	}
	if st := s.read(t, id).State; st.MustChange {
		t.Error("a password that need not be changed leaves the must change of the one before")
	}
}

func (s *suite) passwordUnlocks(t *testing.T) {
	id, p := s.someone(t, Person{})
	s.f.Lock(t, p.Login)
	if err := s.setPassword(t, id, SecondPassword, false); err != nil {
		t.Fatalf("set password: %v", err)
	}
	if st := s.read(t, id).State; st.Locked || !s.f.SignsIn(t, p.Login, SecondPassword) {
		t.Errorf("state %+v; want unlocked, and a sign-in", st)
	}
}

func (s *suite) passwordTooShort(t *testing.T) {
	id, p := s.someone(t, Person{})
	before := s.read(t, id).Version
	refused(t, s.setPassword(t, id, ShortPassword, false), core.CodePolicy)
	refused(t, s.setPassword(t, id, "", false), core.CodePolicy)
	if s.read(t, id).Version != before || !s.f.SignsIn(t, p.Login, p.Password) {
		t.Error("a refused password changed the account")
	}
}

func (s *suite) passwordUsedBefore(t *testing.T) {
	need(t, s.traits.RefusesOld, "a history that binds the desk")
	id, p := s.someone(t, Person{})
	refused(t, s.setPassword(t, id, p.Password, false), core.CodePolicy)
	if err := s.setPassword(t, id, SecondPassword, false); err != nil {
		t.Fatalf("set password: %v", err)
	}
	refused(t, s.setPassword(t, id, p.Password, false), core.CodePolicy)
	if !s.f.SignsIn(t, p.Login, SecondPassword) {
		t.Error("a refused password changed the account")
	}
}

func (s *suite) passwordChangesVersion(t *testing.T) {
	id, _ := s.someone(t, Person{})
	before := s.read(t, id)
	if again := s.read(t, id); again.Version != before.Version {
		t.Errorf("the version changes by reading: %q, %q", before.Version, again.Version)
	}
	if err := s.setPassword(t, id, SecondPassword, false); err != nil {
		t.Fatalf("set password: %v", err)
	}
	if after := s.read(t, id); after.Version == before.Version {
		t.Errorf("the version is still %q", after.Version)
	}
}

func (s *suite) passwordOfNobody(t *testing.T) {
	id := core.AccountID{Directory: s.dir.Name(), Key: "00000000-0000-4000-8000-000000000000"}
	refused(t, s.setPassword(t, id, SecondPassword, false), core.CodeNotFound)
	_, err := s.dir.Unlock(limited(t), Grant(t, rbac.Unlock, id), core.UnlockChange{Account: id})
	refused(t, err, core.CodeNotFound)
}

func (s *suite) passwordUnusual(t *testing.T) {
	for _, password := range []string{`Quote"s and \ slash 7`, "Leerzeichen am Ende 7 ", "*)(uid=*) 7Aa-more", "$argon2id$v=19 Aa7", "0123456789 Aa long " + ThirdPassword} {
		id, p := s.someone(t, Person{})
		if err := s.setPassword(t, id, password, false); err != nil {
			t.Errorf("password %q: %v", password, err)
			continue
		}
		if !s.f.SignsIn(t, p.Login, password) {
			t.Errorf("password %q was set and does not work", password)
		}
	}
}
