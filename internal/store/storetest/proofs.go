package storetest

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func proofTests() []func(*desk) {
	return []func(*desk){
		aChallengeComesBackAsItWasStored, aChallengeNobodyBeganIsNotFound, triesAreCountedDown, manyGuessesAtOnceGetNoMoreTries,
		anExpiredChallengeTakesNoTry, aConfirmedChallengeTakesNoTry, aChallengeUsedUpTakesNoTry, aChallengeIsConfirmedOnce,
		aUsedUpChallengeIsNotConfirmed, aConfirmedChallengeIsNotUsedUp,
	}
}

// aChallengeComesBackAsItWasStored and is recorded.
func aChallengeComesBackAsItWasStored(d *desk) {
	c := d.opened(d.alice, d.jane)
	want := d.challenged(c, d.alice)
	got, err := d.Challenge(d.Context(), want.ID)
	d.must(err)
	d.same(got, want)
	if d.last().Subject != d.jane.ID {
		d.Fatal("the beginning of a proof was not recorded")
	}
	silent := want
	silent.ID, silent.Digest, silent.SentTo = "ch_totp", nil, ""
	d.must(d.CreateChallenge(d.Context(), silent, d.record(d.alice, d.jane)))
	got, err = d.Challenge(d.Context(), silent.ID)
	d.must(err)
	d.same(got, silent)
	if got.Digest != nil {
		d.Fatal("a challenge without a digest got one")
	}
}

// aChallengeNobodyBeganIsNotFound by any method.
func aChallengeNobodyBeganIsNotFound(d *desk) {
	_, err := d.Challenge(d.Context(), "ch_0")
	d.wants(err, core.CodeNotFound, "verify.no_challenge")
	_, err = d.TakeTry(d.Context(), "ch_0", d.now)
	d.wants(err, core.CodeNotFound, "verify.no_challenge")
	d.wants(d.FailChallenge(d.Context(), "ch_0", d.record(d.alice, d.jane)), core.CodeNotFound, "verify.no_challenge")
	d.wants(d.Confirm(d.Context(), "ch_0", core.Evidence{ID: "ev_0"}, d.record(d.alice, d.jane)), core.CodeNotFound, "verify.no_challenge")
	if n := len(d.records(core.TrailFilter{})); n != 0 {
		d.Fatalf("%d records of nothing", n)
	}
}

// triesAreCountedDown to none.
func triesAreCountedDown(d *desk) {
	ch := d.challenged(d.opened(d.alice, d.jane), d.alice)
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

// manyGuessesAtOnceGetNoMoreTries than one after the other.
func manyGuessesAtOnceGetNoMoreTries(d *desk) {
	ch := d.challenged(d.opened(d.alice, d.jane), d.alice)
	// CodeUnavailable: nobody could count in time, so nothing is evaluated either.
	evaluated := d.race(100, func(int) error {
		_, err := d.TakeTry(d.Context(), ch.ID, d.now)
		return err
	}, core.CodeUnverified, core.CodeUnavailable)
	if evaluated == 0 || evaluated > 5 {
		d.Fatalf("%d guesses were evaluated, 5 are allowed", evaluated)
	}
}

// anExpiredChallengeTakesNoTry at the instant it expires, and one before it does.
func anExpiredChallengeTakesNoTry(d *desk) {
	ch := d.challenged(d.opened(d.alice, d.jane), d.alice)
	_, err := d.TakeTry(d.Context(), ch.ID, ch.ExpiresAt)
	d.wants(err, core.CodeUnverified, "verify.expired")
	left, err := d.TakeTry(d.Context(), ch.ID, ch.ExpiresAt.Add(-1))
	d.must(err)
	if left != 4 {
		d.Fatalf("%d left: the refused entry was counted", left)
	}
}

// aConfirmedChallengeTakesNoTry although it has some left.
func aConfirmedChallengeTakesNoTry(d *desk) {
	c := d.opened(d.alice, d.jane)
	ch := d.challenged(c, d.alice)
	d.must(d.Confirm(d.Context(), ch.ID, d.proof(c), d.record(d.alice, d.jane)))
	_, err := d.TakeTry(d.Context(), ch.ID, d.now)
	d.wants(err, core.CodeUnverified, "verify.already_confirmed")
}

// aChallengeUsedUpTakesNoTry and is recorded as used up.
func aChallengeUsedUpTakesNoTry(d *desk) {
	ch := d.challenged(d.opened(d.alice, d.jane), d.alice)
	r := d.record(d.alice, d.jane)
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

// aChallengeIsConfirmedOnce however many have the right code at the same instant.
func aChallengeIsConfirmedOnce(d *desk) {
	c := d.opened(d.alice, d.jane)
	ch := d.challenged(c, d.alice)
	proofs := many(16, func() core.Evidence { return d.proof(c) })
	records := many(16, func() core.Record { return d.record(d.alice, d.jane) })
	won := d.race(len(proofs), func(i int) error { return d.Confirm(d.Context(), ch.ID, proofs[i], records[i]) }, core.CodeConflict)
	evidence, err := d.EvidenceOf(d.Context(), c.Number)
	d.must(err)
	if won != 1 || len(evidence) != 1 {
		d.Fatalf("%d confirmations gave %d pieces of evidence", won, len(evidence))
	}
	d.wants(d.Confirm(d.Context(), ch.ID, d.proof(c), records[0]), core.CodeConflict, "verify.already_confirmed")
}

// aUsedUpChallengeIsNotConfirmed although a right entry was on its way.
func aUsedUpChallengeIsNotConfirmed(d *desk) {
	c := d.opened(d.alice, d.jane)
	ch := d.challenged(c, d.alice)
	d.must(d.FailChallenge(d.Context(), ch.ID, d.record(d.alice, d.jane)))
	d.wants(d.Confirm(d.Context(), ch.ID, d.proof(c), d.record(d.alice, d.jane)), core.CodeConflict, "verify.no_tries")
	evidence, err := d.EvidenceOf(d.Context(), c.Number)
	d.must(err)
	d.same(evidence, []core.Evidence{})
}

// aConfirmedChallengeIsNotUsedUp by a wrong entry that was on its way.
func aConfirmedChallengeIsNotUsedUp(d *desk) {
	c := d.opened(d.alice, d.jane)
	ch := d.challenged(c, d.alice)
	d.must(d.Confirm(d.Context(), ch.ID, d.proof(c), d.record(d.alice, d.jane)))
	d.must(d.FailChallenge(d.Context(), ch.ID, d.record(d.alice, d.jane)))
	got, err := d.Challenge(d.Context(), ch.ID)
	d.must(err)
	if !got.Confirmed || got.UsedUp {
		d.Fatalf("the challenge is %+v", got)
	}
}

// proof is new evidence for a case, not stored yet.
func (d *desk) proof(c core.Case) core.Evidence {
	return core.Evidence{
		ID: d.id("ev"), Case: c.Number, Account: c.Person.ID, Operator: "alice", Credential: d.alice.Credential, Kind: core.ProofTOTP,
		Method: "reg_1", Strength: core.Strong, ObtainedAt: d.now, ExpiresAt: d.now.Add(10 * time.Minute),
	}
}
