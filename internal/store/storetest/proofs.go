package storetest

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func proofTests() []func(*desk) {
	return []func(*desk){
		AChallengeComesBackAsItWasStored, AChallengeNobodyBeganIsNotFound, TriesAreCountedDown, ManyGuessesAtOnceGetNoMoreTries,
		AnExpiredChallengeTakesNoTry, AConfirmedChallengeTakesNoTry, AChallengeUsedUpTakesNoTry, AChallengeIsConfirmedOnce,
		AUsedUpChallengeIsNotConfirmed, AConfirmedChallengeIsNotUsedUp,
	}
}

// AChallengeComesBackAsItWasStored and is recorded.
func AChallengeComesBackAsItWasStored(d *desk) {
	c := d.opened(alice, jane)
	want := d.challenged(c, alice)
	got, err := d.Challenge(d.Context(), want.ID)
	d.must(err)
	d.same(got, want)
	if d.last().Subject != jane.ID {
		d.Fatal("the beginning of a proof was not recorded")
	}
	silent := want
	silent.ID, silent.Digest, silent.SentTo = "ch_totp", nil, ""
	d.must(d.CreateChallenge(d.Context(), silent, d.record(alice, jane)))
	got, err = d.Challenge(d.Context(), silent.ID)
	d.must(err)
	d.same(got, silent)
	if got.Digest != nil {
		d.Fatal("a challenge without a digest got one")
	}
}

// AChallengeNobodyBeganIsNotFound by any method.
func AChallengeNobodyBeganIsNotFound(d *desk) {
	_, err := d.Challenge(d.Context(), "ch_0")
	d.wants(err, core.CodeNotFound, "verify.no_challenge")
	_, err = d.TakeTry(d.Context(), "ch_0", d.now)
	d.wants(err, core.CodeNotFound, "verify.no_challenge")
	d.wants(d.FailChallenge(d.Context(), "ch_0", d.record(alice, jane)), core.CodeNotFound, "verify.no_challenge")
	d.wants(d.Confirm(d.Context(), "ch_0", core.Evidence{ID: "ev_0"}, d.record(alice, jane)), core.CodeNotFound, "verify.no_challenge")
	if n := len(d.records(core.TrailFilter{})); n != 0 {
		d.Fatalf("%d records of nothing", n)
	}
}

// TriesAreCountedDown to none.
func TriesAreCountedDown(d *desk) {
	ch := d.challenged(d.opened(alice, jane), alice)
	for want := 4; want >= 0; want-- {
		left, err := d.TakeTry(d.Context(), ch.ID, d.now)
		d.must(err)
		if left != want {
			d.Fatalf("%d left, want %d", left, want)
		}
	}
	_, err := d.TakeTry(d.Context(), ch.ID, d.now)
	d.wants(err, core.CodeUnverified, "verify.no_tries")
}

// ManyGuessesAtOnceGetNoMoreTries than one after the other.
func ManyGuessesAtOnceGetNoMoreTries(d *desk) {
	ch := d.challenged(d.opened(alice, jane), alice)
	var evaluated atomic.Int32
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			_, err := d.TakeTry(d.Context(), ch.ID, d.now)
			switch core.CodeOf(err) {
			case "":
				evaluated.Add(1)
			case core.CodeUnverified, core.CodeUnavailable: // none left, or nobody could count in time: not evaluated either
			default:
				d.Error(err)
			}
		})
	}
	all.Wait()
	if n := evaluated.Load(); n == 0 || n > 5 {
		d.Fatalf("%d guesses were evaluated, 5 are allowed", n)
	}
}

// AnExpiredChallengeTakesNoTry at the instant it expires, and one before it does.
func AnExpiredChallengeTakesNoTry(d *desk) {
	ch := d.challenged(d.opened(alice, jane), alice)
	_, err := d.TakeTry(d.Context(), ch.ID, ch.ExpiresAt)
	d.wants(err, core.CodeUnverified, "verify.expired")
	left, err := d.TakeTry(d.Context(), ch.ID, ch.ExpiresAt.Add(-1))
	d.must(err)
	if left != 4 {
		d.Fatalf("%d left: the refused entry was counted", left)
	}
}

// AConfirmedChallengeTakesNoTry although it has some left.
func AConfirmedChallengeTakesNoTry(d *desk) {
	c := d.opened(alice, jane)
	ch := d.challenged(c, alice)
	d.must(d.Confirm(d.Context(), ch.ID, d.proof(c), d.record(alice, jane)))
	_, err := d.TakeTry(d.Context(), ch.ID, d.now)
	d.wants(err, core.CodeUnverified, "verify.already_confirmed")
}

// AChallengeUsedUpTakesNoTry and is recorded as used up.
func AChallengeUsedUpTakesNoTry(d *desk) {
	ch := d.challenged(d.opened(alice, jane), alice)
	r := d.record(alice, jane)
	r.Code = core.CodeUnverified
	d.must(d.FailChallenge(d.Context(), ch.ID, r))
	if d.last().Code != core.CodeUnverified {
		d.Fatal("the failure was not recorded")
	}
	_, err := d.TakeTry(d.Context(), ch.ID, d.now)
	d.wants(err, core.CodeUnverified, "verify.no_tries")
	got, err := d.Challenge(d.Context(), ch.ID)
	d.must(err)
	if !got.UsedUp || got.TriesLeft != 0 {
		d.Fatalf("the challenge is %+v", got)
	}
}

// AChallengeIsConfirmedOnce however many have the right code at the same instant.
func AChallengeIsConfirmedOnce(d *desk) {
	c := d.opened(alice, jane)
	ch := d.challenged(c, alice)
	proofs := make([]core.Evidence, 16)
	records := make([]core.Record, 16)
	for i := range proofs {
		proofs[i], records[i] = d.proof(c), d.record(alice, jane)
	}
	var won atomic.Int32
	var all sync.WaitGroup
	for i := range proofs {
		all.Go(func() {
			err := d.Confirm(d.Context(), ch.ID, proofs[i], records[i])
			switch {
			case err == nil:
				won.Add(1)
			case core.CodeOf(err) != core.CodeConflict || core.AsError(err).Said.ID != "verify.already_confirmed":
				d.Error(err)
			}
		})
	}
	all.Wait()
	evidence, err := d.EvidenceOf(d.Context(), c.Number)
	d.must(err)
	if won.Load() != 1 || len(evidence) != 1 {
		d.Fatalf("%d confirmations gave %d pieces of evidence", won.Load(), len(evidence))
	}
}

// AUsedUpChallengeIsNotConfirmed although a right entry was on its way.
func AUsedUpChallengeIsNotConfirmed(d *desk) {
	c := d.opened(alice, jane)
	ch := d.challenged(c, alice)
	d.must(d.FailChallenge(d.Context(), ch.ID, d.record(alice, jane)))
	d.wants(d.Confirm(d.Context(), ch.ID, d.proof(c), d.record(alice, jane)), core.CodeConflict, "verify.no_tries")
	evidence, err := d.EvidenceOf(d.Context(), c.Number)
	d.must(err)
	d.same(evidence, []core.Evidence{})
}

// AConfirmedChallengeIsNotUsedUp by a wrong entry that was on its way.
func AConfirmedChallengeIsNotUsedUp(d *desk) {
	c := d.opened(alice, jane)
	ch := d.challenged(c, alice)
	d.must(d.Confirm(d.Context(), ch.ID, d.proof(c), d.record(alice, jane)))
	d.must(d.FailChallenge(d.Context(), ch.ID, d.record(alice, jane)))
	got, err := d.Challenge(d.Context(), ch.ID)
	d.must(err)
	if !got.Confirmed || got.UsedUp {
		d.Fatalf("the challenge is %+v", got)
	}
}

// proof is new evidence for a case, not stored yet.
func (d *desk) proof(c core.Case) core.Evidence {
	return core.Evidence{
		ID: d.id("ev"), Case: c.Number, Account: c.Person.ID, Operator: "alice", Credential: alice.Credential, Kind: core.ProofTOTP,
		Method: "reg_1", Strength: core.Strong, ObtainedAt: d.now, ExpiresAt: d.now.Add(10 * time.Minute),
	}
}
