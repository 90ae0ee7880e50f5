package store

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// onStore is a Desk with this store behind it.
func onStore(t *testing.T, s *Store) *coretest.Bench {
	t.Helper()
	b := coretest.NewBench(t)
	b.Parts.Cases, b.Parts.Proofs, b.Parts.Attempts, b.Parts.Registrations, b.Parts.OperatorStore, b.Parts.Trail = s, s, s, s, s, s
	b.Desk = core.NewDesk(b.Parts)
	return b
}

func newDesk(t *testing.T) (*coretest.Bench, *Store) {
	t.Helper()
	s := openStore(t, newOptions(t))
	return onStore(t, s), s
}

func TestAResetOnARealStoreLeavesWhatItShould(t *testing.T) {
	t.Parallel()
	b, s := newDesk(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	b.Prove(t, coretest.L1(), c.Number)
	reset := b.ResetJane(c)
	res, err := b.Desk.Perform(t.Context(), coretest.L1(), reset)
	must(t, err)
	if res.Outcome != core.Done || b.Dir.Writes() != 1 {
		t.Fatalf("%s after %d writes", res.Outcome, b.Dir.Writes())
	}
	again, err := b.Desk.Perform(t.Context(), coretest.L1(), reset)
	if err != nil || !again.Repeated || again.Seq != res.Seq || b.Dir.Writes() != 1 {
		t.Errorf("the same operation again: %+v, %v, %d writes", again, err, b.Dir.Writes())
	}
	_, err = b.Desk.Perform(t.Context(), coretest.L1(), core.Reset{ID: b.Op(), Case: c.Number, Account: b.Jane.ID})
	wantCode(t, "a second reset with spent evidence", err, core.CodeUnverified)
	_, err = b.Desk.Perform(t.Context(), coretest.L1(), core.CloseCase{ID: b.Op(), Case: c.Number, Code: res.Proposed})
	must(t, err)
	due, err := s.DueNotices(t.Context(), b.Clock.Now(), 0)
	must(t, err)
	if len(due) != 1 || due[0].To.Raw() != "jane@home.example" {
		t.Errorf("notices %+v", due)
	}
	verified(t, s)
}

func TestGuessingManyCodesAtOnceIsEvaluatedFiveTimes(t *testing.T) {
	t.Parallel()
	b, s := newDesk(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	started, err := b.Desk.Perform(t.Context(), coretest.L1(), core.StartProof{ID: b.Op(), Case: c.Number, Kind: core.ProofMail})
	must(t, err)
	var all sync.WaitGroup
	var accepted atomic.Int32
	for i := range 100 {
		all.Go(func() {
			_, err := b.Desk.Perform(t.Context(), coretest.L1(), core.ConfirmProof{
				ID: fmt.Sprint("guess-", i), Challenge: started.Challenge.ID, Code: secret.FromString(fmt.Sprintf("%08d", i)),
			})
			if err == nil {
				accepted.Add(1)
			}
		})
	}
	all.Wait()
	if n := b.Mail.Calls("Check"); n == 0 || n > 5 || accepted.Load() != 0 {
		t.Errorf("%d of 100 guesses were evaluated, %d accepted", n, accepted.Load())
	}
	evidence, err := s.EvidenceOf(t.Context(), c.Number)
	must(t, err)
	if len(evidence) != 0 {
		t.Errorf("guessing gave %+v", evidence)
	}
}

func TestTwoOperatorsOnOneAccountChangeItOnce(t *testing.T) {
	t.Parallel()
	b, _ := newDesk(t)
	first, second := b.OpenCase(t, coretest.L1(), b.Jane.ID), b.OpenCase(t, coretest.L2(), b.Jane.ID)
	b.Prove(t, coretest.L1(), first.Number)
	b.Prove(t, coretest.L2(), second.Number)
	unlock := core.Unlock{ID: b.Op(), Case: second.Number, Account: b.Jane.ID}
	b.Dir.Do("SetPassword", 1, func(ctx context.Context) error { // while the first one is at the directory
		_, err := b.Desk.Perform(ctx, coretest.L2(), unlock)
		if core.CodeOf(err) != core.CodeConflict || core.AsError(err).Said.ID != "conflict.other_operation" {
			t.Errorf("the second operator: got %v, want a conflict", err)
		}
		return nil
	})
	res, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(first))
	must(t, err)
	if res.Outcome != core.Done || b.Dir.Writes() != 1 {
		t.Errorf("%s after %d writes", res.Outcome, b.Dir.Writes())
	}
}

func TestAnUnknownOutcomeBlocksTheAccountUntilARestartReconcilesIt(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s, err := Open(t.Context(), o)
	must(t, err)
	b := onStore(t, s)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	b.Prove(t, coretest.L1(), c.Number)
	b.Clock.Add(time.Second)
	lost := (&core.Error{Code: core.CodeUnknown, Said: sentence.Of("outcome.unknown")}).After(core.ChangeUnknown)
	b.Dir.Fail("SetPassword.applied", 1, lost)
	res, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	wantCode(t, "the reset", err, core.CodeUnknown)
	b.Prove(t, coretest.L1(), c.Number)
	_, err = b.Desk.Perform(t.Context(), coretest.L1(), core.Reset{ID: b.Op(), Case: c.Number, Account: b.Jane.ID})
	wantCode(t, "another reset meanwhile", err, core.CodeConflict)
	must(t, s.Close())

	s = openStore(t, o)
	b.Parts.Cases, b.Parts.Proofs, b.Parts.Attempts, b.Parts.Registrations, b.Parts.Trail = s, s, s, s, s
	if open := b.Restart(t); open != 0 {
		t.Errorf("%d operations are still open", open)
	}
	was, err := s.Performed(t.Context(), res.Operation)
	must(t, err)
	if was.Record.Outcome != core.Done || was.Record.Kind != core.KindReconciled {
		t.Errorf("it ended as %+v", was.Record)
	}
	verified(t, s)
}
