package core_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// useUp makes a failure: a challenge used up by wrong entries.
func useUp(t *testing.T, b *coretest.Bench, c core.Case) {
	t.Helper()
	ch := start(t, b, coretest.L1(), c.Number, core.ProofTOTP)
	for range 5 {
		_, _ = say(t, b, coretest.L1(), ch.ID, "00000000")
	}
}

// The third failure locks for a day, not for what is left of the day since the first one.
func TestAVerificationLockLastsAWholeDayHoweverOldTheOtherFailuresAre(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	useUp(t, b, c)
	b.Clock.Add(23 * time.Hour)
	useUp(t, b, c)
	useUp(t, b, c)
	for _, wait := range []time.Duration{time.Second, 2 * time.Hour, 20 * time.Hour} {
		b.Clock.Add(wait)
		_, err := b.Desk.Perform(t.Context(), coretest.L1(), core.StartProof{ID: b.Op(), Case: c.Number, Kind: core.ProofTOTP})
		if e := code(t, err, core.CodeThrottled); e.Said.ID != "verify.locked" {
			t.Fatalf("after %s: %+v", wait, e)
		}
	}
	b.Clock.Add(2 * time.Hour)
	start(t, b, coretest.L1(), c.Number, core.ProofTOTP)
}

// An operator's line that drops at the right moment must not save the caller a failure.
func TestAFailureIsCountedWhenTheOperatorIsGone(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	for range 3 {
		ch := start(t, b, coretest.L1(), c.Number, core.ProofTOTP)
		for i := range 5 {
			ctx, cancel := context.WithCancel(t.Context())
			if i == 4 {
				b.TOTP.Do("Check", 1, func(context.Context) error { cancel(); return nil })
				b.Store.Do("FailChallenge", 1, func(ctx context.Context) error { return ctx.Err() })
			}
			_, _ = b.Desk.Perform(ctx, coretest.L1(), core.ConfirmProof{ID: b.Op(), Challenge: ch.ID, Code: secret.FromString("00000000")})
			cancel()
		}
	}
	n, _, err := b.Store.Recent(t.Context(), "failures:"+b.Jane.ID.String(), b.Clock.Now(), time.Hour)
	if err != nil || n != 3 {
		t.Fatalf("%d failures were counted, %v", n, err)
	}
}

// T28: many proofs begun at the same moment send one code.
func TestCodesStartedAtOnceAreCountedBeforeTheyAreSent(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	b.Parts.Rules.Settings.Proof.SendSpacing = 0
	b.Desk = core.NewDesk(b.Parts)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	const many = 40
	var before, all sync.WaitGroup
	before.Add(many)
	b.Store.Do("Count", 0, func(context.Context) error { // nobody counts before everybody has looked
		before.Done()
		before.Wait()
		return nil
	})
	for range many {
		op := b.Op()
		all.Go(func() {
			_, _ = b.Desk.Perform(t.Context(), coretest.L1(), core.StartProof{ID: op, Case: c.Number, Kind: core.ProofMail})
		})
	}
	all.Wait()
	b.Store.Heal()
	if n := b.Mail.Calls("Begin"); n > 3 {
		t.Fatalf("%d codes were sent where 3 an hour may be", n)
	}
	// What was refused is not counted as sent: a code can be sent when the hour is over.
	b.Clock.Add(time.Hour + time.Second)
	start(t, b, coretest.L1(), c.Number, core.ProofMail)
}

// T02: a challenge whose id another operator knows has leaked. It is burnt, and that is recorded.
func TestAChallengeInAnotherOperatorsHandsIsBurnt(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	ch := start(t, b, coretest.L1(), c.Number, core.ProofTOTP)
	elsewhere := coretest.L1()
	elsewhere.Credential = "key:another"
	_, err := say(t, b, elsewhere, ch.ID, coretest.RightCode)
	code(t, err, core.CodeUnverified)
	if now, _ := b.Store.Challenge(t.Context(), ch.ID); now.UsedUp {
		t.Fatal("the operator's own second key burns a challenge")
	}
	_, err = say(t, b, coretest.L2(), ch.ID, coretest.RightCode)
	if e := code(t, err, core.CodeUnverified); e.Said.ID != "verify.other_operator" {
		t.Fatalf("%+v", e)
	}
	last := b.Store.All()[len(b.Store.All())-1]
	if last.Kind != core.KindDenied || last.Actor.OperatorID != "l2" || last.Detail["result"] != "other_operator" || last.Subject != b.Jane.ID {
		t.Fatalf("recorded %+v", last)
	}
	_, err = say(t, b, coretest.L1(), ch.ID, coretest.RightCode)
	code(t, err, core.CodeUnverified)
	if n, _, _ := b.Store.Recent(t.Context(), "failures:"+b.Jane.ID.String(), b.Clock.Now(), time.Hour); n != 0 {
		t.Fatal("it counts as a failure of the caller")
	}
}

// Where two proofs are wanted, the same one twice is one.
func TestTheSameProofTwiceIsOneProof(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	b.Parts.Rules.Settings.Assurance.ResetPlain = policy.Requirement{Points: 2}
	b.Parts.Rules.Settings.Proof.SendSpacing = 0
	b.Desk = core.NewDesk(b.Parts)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	for range 2 {
		b.ProveBy(t, coretest.L1(), c.Number, core.ProofMail)
	}
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	if e := code(t, err, core.CodeUnverified); e.Said.ID != "evidence.not_enough" {
		t.Fatalf("%+v", e)
	}
	b.Prove(t, coretest.L1(), c.Number)
	st, err := b.Desk.ProofState(t.Context(), coretest.L1(), c.Number, core.VerbReset)
	if err != nil || !st.Enough {
		t.Fatalf("an app and a mailbox are not enough: %+v, %v", st.Counted, err)
	}
}

// What is refused at the desk stands in the trail like what is refused on its way to a directory.
func TestRefusalsAtTheDeskAreRecorded(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	for _, op := range []core.Operation{
		core.CloseCase{ID: b.Op(), Case: c.Number, Code: core.AssistedReset},
		core.TakeHandoff{ID: b.Op(), Case: c.Number},
		core.Reveal{ID: b.Op(), Account: core.AccountID{Directory: "corp", Key: "nobody"}, Method: "mail:1", Reason: text("x")},
	} {
		_, err := b.Desk.Perform(t.Context(), coretest.L2(), op)
		e := core.AsError(err)
		last := b.Store.All()[len(b.Store.All())-1]
		if err == nil || last.Kind != core.KindDenied || last.Verb != op.Verb() || last.Code != e.Code || last.Detail["why"] != e.Said.ID {
			t.Fatalf("%s: %v is recorded as %+v", op.Verb(), err, last)
		}
	}
}
