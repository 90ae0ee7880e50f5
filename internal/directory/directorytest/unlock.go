package directorytest

import (
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

func unlockChecks() []check {
	return []check{
		{"UnlockRemovesTheLockAndNothingElse", (*suite).unlockRemovesTheLock},
		{"UnlockOfAnUnlockedAccountSaysSo", (*suite).unlockOfAnUnlocked},
	}
}

func (s *suite) unlock(t *testing.T, id core.AccountID) core.UnlockAnswer {
	t.Helper()
	answer, err := s.dir.Unlock(limited(t), Grant(t, rbac.Unlock, id), core.UnlockChange{Account: id})
	if err != nil {
		t.Fatalf("unlock: %v", err)
	}
	return answer
}

func (s *suite) unlockRemovesTheLock(t *testing.T) {
	id, p := s.someone(t, Person{})
	s.f.Lock(t, p.Login)
	before := s.read(t, id)
	if !s.unlock(t, id).WasLocked {
		t.Error("a locked account was not")
	}
	after := s.read(t, id)
	if after.State.Locked || !s.f.SignsIn(t, p.Login, p.Password) {
		t.Errorf("state %+v; the person cannot sign in with the old password", after.State)
	}
	if !after.State.PasswordSet.Equal(before.State.PasswordSet) || after.State.MustChange != before.State.MustChange {
		t.Errorf("the unlock changed more than the lock: %+v, then %+v", before.State, after.State)
	}
}

func (s *suite) unlockOfAnUnlocked(t *testing.T) {
	id, p := s.someone(t, Person{})
	if s.unlock(t, id).WasLocked {
		t.Error("an account that was never locked was")
	}
	s.f.Lock(t, p.Login)
	if first, second := s.unlock(t, id), s.unlock(t, id); !first.WasLocked || second.WasLocked {
		t.Errorf("was locked: %v at first, %v at the second time", first.WasLocked, second.WasLocked)
	}
}
