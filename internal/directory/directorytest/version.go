package directorytest

import (
	"sync"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

func versionChecks() []check {
	return []check{
		{"AChangeBasedOnAnOldVersionIsAConflict", (*suite).versionOld},
		{"AChangeBasedOnThePresentVersionIsMade", (*suite).versionPresent},
		{"OfTwoChangesAtOnceOneIsAConflict", (*suite).versionRace},
	}
}

func (s *suite) versionOld(t *testing.T) {
	id, p := s.someone(t, Person{})
	old := s.read(t, id).Version
	if err := s.setPassword(t, id, SecondPassword, false); err != nil {
		t.Fatalf("set password: %v", err)
	}
	c := change(id, ThirdPassword, false)
	c.Version = old
	refused(t, s.dir.SetPassword(limited(t), Grant(t, rbac.ResetPassword, id), c), core.CodeConflict)
	s.f.Lock(t, p.Login)
	_, err := s.dir.Unlock(limited(t), Grant(t, rbac.Unlock, id), core.UnlockChange{Account: id, Version: old})
	refused(t, err, core.CodeConflict)
	if !s.read(t, id).State.Locked {
		t.Error("an unlock that was refused was made")
	}
}

func (s *suite) versionPresent(t *testing.T) {
	id, p := s.someone(t, Person{})
	c := change(id, SecondPassword, false)
	c.Version = s.read(t, id).Version
	if err := s.dir.SetPassword(limited(t), Grant(t, rbac.ResetPassword, id), c); err != nil {
		t.Fatalf("set password: %v", err)
	}
	s.f.Lock(t, p.Login)
	u := core.UnlockChange{Account: id, Version: s.read(t, id).Version}
	if _, err := s.dir.Unlock(limited(t), Grant(t, rbac.Unlock, id), u); err != nil {
		t.Fatalf("unlock: %v", err)
	}
}

func (s *suite) versionRace(t *testing.T) {
	need(t, s.traits.Versions, "changes that exclude each other")
	id, p := s.someone(t, Person{})
	version := s.read(t, id).Version
	passwords := []string{SecondPassword, ThirdPassword}
	errs := make([]error, len(passwords))
	var both sync.WaitGroup
	for i, password := range passwords {
		both.Go(func() {
			c := change(id, password, false)
			c.Version = version
			errs[i] = s.dir.SetPassword(limited(t), Grant(t, rbac.ResetPassword, id), c)
		})
	}
	both.Wait()
	done := 0
	for i, err := range errs {
		if err == nil {
			done++
		} else {
			refused(t, err, core.CodeConflict)
		}
		if works := s.f.SignsIn(t, p.Login, passwords[i]); works != (err == nil) {
			t.Errorf("password %d: error %v, works: %v", i+1, err, works)
		}
	}
	if done != 1 {
		t.Errorf("%d of two changes based on one version were made", done)
	}
}
