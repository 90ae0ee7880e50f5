package openldap

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/directorytest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// truthful fails the test when an answer to a reset does not fit to what slapd has: success means the new password works, "nothing was
// changed" means that the old one does, and only "not known" may be either.
func truthful(t *testing.T, s *testlab.SlapdServer, dn, before, after string, err error) (made bool) {
	t.Helper()
	made = s.CanBind(t, dn, after)
	if made == s.CanBind(t, dn, before) {
		t.Fatalf("both passwords work, or none: %v", err)
	}
	switch e := core.AsError(err); {
	case err == nil && !made:
		t.Errorf("said to be done, and is not")
	case err != nil && e.Changed == core.NothingChanged && made:
		t.Errorf("said to have changed nothing, and did: %v", err)
	case err != nil && e.Changed != core.NothingChanged && (e.Changed != core.ChangeUnknown || e.Code != core.CodeUnknown):
		t.Errorf("error %v with change %q", err, e.Changed)
	}
	return made
}

// passwordsOf are as many passwords as rounds, each used once.
func passwordOf(round int) string { return fmt.Sprintf("Round-%04d-copper-window", round) }

// resetAfter resets in the background and does something at a random moment of it.
func resetAfter(ctx context.Context, t *testing.T, d *Directory, id core.AccountID, password string, most time.Duration, meanwhile func()) error {
	t.Helper()
	done := make(chan error, 1)
	grant := directorytest.Grant(t, rbac.ResetPassword, id)
	go func() {
		done <- d.SetPassword(ctx, grant, core.PasswordChange{Account: id, Password: secret.FromString(password)})
	}()
	timer := time.NewTimer(time.Duration(rand.Int64N(int64(most))))
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		meanwhile()
		return <-done
	}
}

// T110, T111: slapd is killed at a random moment of a reset, over and over.
func TestAServerThatIsKilledAtAnyMomentIsToldTheTruthOf(t *testing.T) {
	t.Parallel()
	const rounds = 15
	s := testlab.Slapd(t, testlab.SlapdOptions{Policy: map[string]string{"pwdInHistory": "0"}})
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	present := directorytest.FirstPassword
	for round := range rounds {
		d := open(t, options(s))
		mustAccount(t, d, id)
		next := passwordOf(round)
		err := resetAfter(guarded(t), t, d, id, next, 6*time.Millisecond, s.Kill)
		s.Kill()
		s.Start(t)
		if truthful(t, s, dn, present, next, err) {
			present = next
		}
	}
}

// The operator's connection drops at a random moment.
func TestAContextThatEndsAtAnyMomentIsToldTheTruthOf(t *testing.T) {
	t.Parallel()
	const rounds = 40
	s := testlab.Slapd(t, testlab.SlapdOptions{Policy: map[string]string{"pwdInHistory": "0"}})
	d := open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	mustAccount(t, d, id)
	present, outcomes := directorytest.FirstPassword, map[string]int{}
	for round := range rounds {
		ctx, cancel := context.WithCancel(guarded(t))
		next := passwordOf(round)
		err := resetAfter(ctx, t, d, id, next, 3*time.Millisecond, cancel)
		cancel()
		outcomes[string(core.CodeOf(err))]++
		if core.CodeOf(err) == core.CodeUnknown { // it may still arrive: slapd handles what it has in the end
			settle(t, s, dn)
		}
		if truthful(t, s, dn, present, next, err) {
			present = next
		}
	}
	t.Log(outcomes)
}

// settle gives slapd the time to handle what it was sent before: it answers over a connection of its own.
func settle(t *testing.T, s *testlab.SlapdServer, dn string) {
	t.Helper()
	for csn := ""; ; {
		now := s.Read(t, dn).First(attrCSN)
		if now == csn {
			return
		}
		csn = now
	}
}

func TestAFrozenServerIsNotWaitedForAndWhatItDoesLaterIsNotDenied(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	o := options(s)
	o.OpTimeout = 500 * time.Millisecond
	d := open(t, o)
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	mustAccount(t, d, id)
	s.Freeze(t)
	err := reset(t, d, id, false)
	s.Thaw()
	want(t, err, core.CodeUnavailable, core.NothingChanged, "openldap.down") // it was the reading that was not answered
	settle(t, s, dn)
	truthful(t, s, dn, directorytest.FirstPassword, directorytest.SecondPassword, err)
}

// T130: two desks reset the same account at the same moment, each based on what it saw: one wins.
func TestOfTwoDesksAtOneAccountOneWins(t *testing.T) {
	t.Parallel()
	const rounds = 20
	s := testlab.Slapd(t, testlab.SlapdOptions{Policy: map[string]string{"pwdInHistory": "0"}})
	desks := []*Directory{open(t, options(s)), open(t, options(s))}
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	for round := range rounds {
		s.ModifyOperational(t, dn, testlab.Attributes{attrChanged: {ago(day)}})
		version := mustAccount(t, desks[0], id).Version
		errs := make([]error, len(desks))
		var both sync.WaitGroup
		for i, d := range desks {
			grant := directorytest.Grant(t, rbac.ResetPassword, id)
			both.Go(func() {
				errs[i] = d.SetPassword(guarded(t), grant, core.PasswordChange{
					Account: id, Version: version, Password: secret.FromString(passwordOf(2*round + i)),
				})
			})
		}
		both.Wait()
		won := 0
		for i, err := range errs {
			if err == nil {
				won++
			} else {
				want(t, err, core.CodeConflict, core.NothingChanged, "directory.changed_meanwhile")
			}
			if works := s.CanBind(t, dn, passwordOf(2*round+i)); works != (err == nil) {
				t.Errorf("desk %d: works %v, error %v", i, works, err)
			}
		}
		if won != 1 {
			t.Fatalf("round %d: %d won", round, won)
		}
	}
}

// Somebody keeps trying wrong passwords while the desk works: that must not stop it.
func TestACallerWhoKeepsTryingDoesNotStopTheDesk(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{Policy: map[string]string{"pwdMaxFailure": "0", "pwdInHistory": "0"}})
	d := open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	ctx, stop := context.WithCancel(guarded(t))
	var trying sync.WaitGroup
	for range 2 {
		trying.Go(func() { // ends with stop
			for ctx.Err() == nil {
				_, _ = d.Authenticate(ctx, raw("jane"), secret.FromString("the old one"))
			}
		})
	}
	version := mustAccount(t, d, id).Version
	for round := range 20 {
		if err := d.SetPassword(guarded(t), directorytest.Grant(t, rbac.ResetPassword, id), core.PasswordChange{
			Account: id, Version: version, Password: secret.FromString(passwordOf(round)),
		}); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		s.ModifyOperational(t, dn, testlab.Attributes{attrChanged: {ago(day)}})
		version = mustAccount(t, d, id).Version
	}
	stop()
	trying.Wait()
}

func TestManyAtOnceDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 200, Locked: 60})
	d := ready(t, options(s))
	var ids []core.AccountID
	for i := range 8 {
		_, id := add(t, s, testlab.Person{UID: fmt.Sprintf("busy%d", i), Surname: "Bee"})
		ids = append(ids, id)
	}
	var all sync.WaitGroup
	for _, id := range ids {
		grant, unlocking := directorytest.Grant(t, rbac.ResetPassword, id), directorytest.Grant(t, rbac.Unlock, id)
		all.Go(func() {
			for round := range 5 {
				if found := find(t, d, "busy bee", 50); len(found.Rows) != len(ids) {
					t.Errorf("found %d", len(found.Rows))
				}
				if a := mustAccount(t, d, id); a.ID != id || a.Surname.Raw() != "Bee" {
					t.Errorf("read %v instead of %v", a.ID, id)
				}
				err := d.SetPassword(guarded(t), grant, core.PasswordChange{Account: id, Password: secret.FromString(passwordOf(round))})
				if err != nil {
					t.Errorf("reset: %v", err)
				}
				if _, err := d.Unlock(guarded(t), unlocking, core.UnlockChange{Account: id}); err != nil {
					t.Errorf("unlock: %v", err)
				}
			}
		})
		all.Go(func() {
			if rows, _ := pages(t, d, core.ListQuery{State: core.ListLocked, Limit: 60}); len(rows) != 60 {
				t.Errorf("%d are locked", len(rows))
			}
		})
	}
	all.Wait()
}
