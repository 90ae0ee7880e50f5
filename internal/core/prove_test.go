package core_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

func start(t *testing.T, b *coretest.Bench, a core.Actor, number int64, kind core.ProofKind) core.Challenge {
	t.Helper()
	res, err := b.Desk.Perform(t.Context(), a, core.StartProof{ID: b.Op(), Case: number, Kind: kind})
	if err != nil {
		t.Fatal(err)
	}
	return res.Challenge
}

func say(t *testing.T, b *coretest.Bench, a core.Actor, challenge, code string) (core.Result, error) {
	t.Helper()
	return b.Desk.Perform(t.Context(), a, core.ConfirmProof{ID: b.Op(), Challenge: challenge, Code: secret.FromString(code)})
}

// T01: nothing is changed without evidence, whatever the operation.
func TestNothingIsChangedForACallerWhoIsNotProved(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L2(), b.Jane.ID)
	for _, op := range []core.AccountOperation{
		core.Reset{ID: b.Op(), Case: c.Number, Account: b.Jane.ID}, core.Unlock{ID: b.Op(), Case: c.Number, Account: b.Jane.ID},
	} {
		_, err := b.Desk.Perform(t.Context(), coretest.L2(), op)
		if e := code(t, err, core.CodeUnverified); e.Changed != core.NothingChanged || e.Said.ID != "evidence.none" {
			t.Fatalf("%s: %+v", op.Verb(), e)
		}
	}
	if b.Dir.Writes() != 0 {
		t.Fatal("the directory was touched")
	}
}

// T02: evidence of another case, another account, another operator, another credential.
func TestEvidenceOfAnotherCaseOperatorOrCredentialDoesNotCount(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	other := coretest.Jane(b.Clock.Now())
	other.Login = text("omar.haddad")
	omar := b.Dir.Put(other)
	c2 := b.OpenCase(t, coretest.L1(), omar.ID)
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), core.Reset{ID: b.Op(), Case: c2.Number, Account: omar.ID})
	code(t, err, core.CodeUnverified)

	_, err = b.Desk.Perform(t.Context(), coretest.L1(), core.Reset{ID: b.Op(), Case: c.Number, Account: omar.ID})
	code(t, err, core.CodeInvalid)

	_, err = b.Desk.Perform(t.Context(), coretest.L2(), b.ResetJane(c))
	code(t, err, core.CodeDenied)

	stolen := coretest.L1()
	stolen.Credential = "key:another"
	_, err = b.Desk.Perform(t.Context(), stolen, b.ResetJane(c))
	if e := code(t, err, core.CodeUnverified); e.Said.ID != "evidence.other_operator" {
		t.Fatalf("%+v", e)
	}
	if b.Dir.Writes() != 0 {
		t.Fatal("the directory was touched")
	}
}

// T03: 9:59 and 10:01, used twice, used after a refusal.
func TestEvidenceCountsForTenMinutesAndOnce(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Clock.Add(10*time.Minute - time.Second)
	if _, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c)); err != nil {
		t.Fatalf("one second before it expires: %v", err)
	}
	again := b.ResetJane(c)
	again.Version = ""
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), again)
	if e := code(t, err, core.CodeUnverified); e.Said.ID != "evidence.spent" {
		t.Fatalf("used twice: %+v", e)
	}

	b, c = ready(t)
	b.Clock.Add(10*time.Minute + time.Second)
	_, err = b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	if e := code(t, err, core.CodeUnverified); e.Said.ID != "evidence.expired" {
		t.Fatalf("expired: %+v", e)
	}
}

func TestARefusalKeepsTheEvidenceForThreeWritesAtMost(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Dir.Fail("SetPassword", 0, core.Fail(core.CodePolicy, sent("directory.refused_history")))
	for i := range 3 {
		res, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
		if e := code(t, err, core.CodePolicy); res.Outcome != core.Refused || e.Changed != core.NothingChanged {
			t.Fatalf("refusal %d: %+v, %v", i, res.Outcome, e)
		}
	}
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	if e := code(t, err, core.CodeUnverified); e.Said.ID != "evidence.used_too_often" {
		t.Fatalf("%+v", e)
	}
}

func TestAFailedDeliveryAllowsTheSameProofAgainForTenMinutes(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Courier.Fail("Send", 1, core.Fail(core.CodeUnavailable, sent("mail.down")))
	res, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	if err != nil || res.Outcome != core.Done || res.Delivery != core.DeliveryFailed {
		t.Fatalf("%+v, %v", res, err)
	}
	again := b.ResetJane(c)
	again.Version = ""
	if res, err = b.Desk.Perform(t.Context(), coretest.L1(), again); err != nil || res.Delivery != core.Delivered {
		t.Fatalf("the repeat: %+v, %v", res, err)
	}
	again.ID = b.Op()
	_, err = b.Desk.Perform(t.Context(), coretest.L1(), again)
	code(t, err, core.CodeUnverified)
}

// T21: five wrong entries end a code; the right one at the fifth try counts.
func TestFiveWrongEntriesEndAChallenge(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	ch := start(t, b, coretest.L1(), c.Number, core.ProofTOTP)
	for left := 4; left >= 1; left-- {
		_, err := say(t, b, coretest.L1(), ch.ID, "00000000")
		e := code(t, err, core.CodeUnverified)
		if f, _ := e.Said.Field("left"); e.Said.ID != "verify.not_accepted" || f.Count != left {
			t.Fatalf("said %+v, want %d left", e.Said, left)
		}
	}
	if _, err := say(t, b, coretest.L1(), ch.ID, coretest.RightCode); err != nil {
		t.Fatalf("the right code at the fifth try: %v", err)
	}

	ch = start(t, b, coretest.L1(), c.Number, core.ProofTOTP)
	for range 5 {
		_, _ = say(t, b, coretest.L1(), ch.ID, "00000000")
	}
	_, err := say(t, b, coretest.L1(), ch.ID, coretest.RightCode)
	code(t, err, core.CodeUnverified)
}

// T22: however many guess at once, no more than the tries are compared.
func TestParallelGuessesAreCountedBeforeTheyAreCompared(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	ch := start(t, b, coretest.L1(), c.Number, core.ProofTOTP)
	var wg sync.WaitGroup
	var accepted atomic.Int64
	for i := range 500 {
		wg.Go(func() {
			op := core.ConfirmProof{ID: fmt.Sprintf("guess-%d", i), Challenge: ch.ID, Code: secret.FromString(fmt.Sprintf("%08d", i))}
			if _, err := b.Desk.Perform(t.Context(), coretest.L1(), op); err == nil {
				accepted.Add(1)
			}
		})
	}
	wg.Wait()
	if compared := b.TOTP.Calls("Check"); compared > 5 || accepted.Load() != 0 {
		t.Fatalf("%d were compared, %d accepted", compared, accepted.Load())
	}
}

// T135: the same right code in two terminals at once makes one piece of evidence.
func TestOneChallengeMakesOnePieceOfEvidence(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	ch := start(t, b, coretest.L1(), c.Number, core.ProofTOTP)
	var wg sync.WaitGroup
	var accepted atomic.Int64
	for i := range 4 {
		wg.Go(func() {
			op := core.ConfirmProof{ID: fmt.Sprintf("twin-%d", i), Challenge: ch.ID, Code: secret.FromString(coretest.RightCode)}
			if _, err := b.Desk.Perform(t.Context(), coretest.L1(), op); err == nil {
				accepted.Add(1)
			}
		})
	}
	wg.Wait()
	if accepted.Load() != 1 {
		t.Fatalf("%d were accepted", accepted.Load())
	}
}

// T24, T25: three used-up challenges by any operators lock verification for the account, and only that.
func TestThreeFailuresByAnyOperatorsLockVerificationAndNeverTheSignIn(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	for _, a := range []core.Actor{coretest.L1(), coretest.L2(), coretest.Admin()} {
		c := b.OpenCase(t, a, b.Jane.ID)
		ch := start(t, b, a, c.Number, core.ProofTOTP)
		for range 5 {
			_, _ = say(t, b, a, ch.ID, "00000000")
		}
	}
	before, err := b.Dir.Account(t.Context(), b.Jane.ID.Key)
	if err != nil || before.Version != b.Jane.Version {
		t.Fatalf("the account itself was changed: %v", err)
	}
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	_, err = b.Desk.Perform(t.Context(), coretest.L1(), core.StartProof{ID: b.Op(), Case: c.Number, Kind: core.ProofTOTP})
	if e := code(t, err, core.CodeThrottled); e.Said.ID != "verify.locked" {
		t.Fatalf("%+v", e)
	}
	card, err := b.Desk.Card(t.Context(), coretest.L2(), b.Jane.ID)
	if err != nil || card.LockedFor.IsZero() {
		t.Fatalf("the card does not show the lock: %v", err)
	}
	b.Clock.Add(24*time.Hour + time.Second)
	start(t, b, coretest.L1(), c.Number, core.ProofTOTP)
}

func TestNewChallengesWinNoMoreTries(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	var err error
	for range 20 {
		var res core.Result
		res, err = b.Desk.Perform(t.Context(), coretest.L1(), core.StartProof{ID: b.Op(), Case: c.Number, Kind: core.ProofTOTP})
		if err != nil {
			break
		}
		for range 4 { // never the fifth, so that no challenge is used up
			_, _ = say(t, b, coretest.L1(), res.Challenge.ID, "00000000")
		}
	}
	code(t, err, core.CodeThrottled)
	if compared := b.TOTP.Calls("Check"); compared > 15 {
		t.Fatalf("%d guesses were compared", compared)
	}
}

func TestHonestCallersDoNotUseUpTheTries(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	for range 30 {
		b.Prove(t, coretest.L1(), c.Number)
		b.Clock.Add(time.Minute)
	}
}

func TestCodesAreSentRarely(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	send := func() error {
		_, err := b.Desk.Perform(t.Context(), coretest.L1(), core.StartProof{ID: b.Op(), Case: c.Number, Kind: core.ProofMail})
		return err
	}
	refused := func(want string) {
		t.Helper()
		if e := code(t, send(), core.CodeThrottled); e.Said.ID != want {
			t.Fatalf("said %s, want %s", e.Said.ID, want)
		}
	}
	for i := range 3 {
		if err := send(); err != nil {
			t.Fatalf("code %d: %v", i+1, err)
		}
		refused("throttled.send_spacing")
		b.Clock.Add(time.Minute)
	}
	refused("throttled.sends_hour")
	for range 3 {
		b.Clock.Add(time.Hour)
		if err := send(); err != nil {
			t.Fatal(err)
		}
	}
	b.Clock.Add(2 * time.Hour)
	refused("throttled.sends_day")
	// T115: a clock that is set back forgives nothing.
	b.Clock.Add(-3 * time.Hour)
	if err := send(); err == nil {
		t.Fatal("setting the clock back allowed another code")
	}
}

func TestAChallengeBelongsToItsOperatorAndExpires(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	ch := start(t, b, coretest.L1(), c.Number, core.ProofTOTP)
	_, err := say(t, b, coretest.L2(), ch.ID, coretest.RightCode)
	code(t, err, core.CodeUnverified)
	b.Clock.Add(10 * time.Minute)
	_, err = say(t, b, coretest.L1(), ch.ID, coretest.RightCode)
	code(t, err, core.CodeUnverified)
	if b.TOTP.Calls("Check") != 0 {
		t.Fatal("a code was compared that must not count")
	}
}

// T31: whatever was wrong, the caller's side learns the same words.
func TestTheWordsNeverSayWhatWasWrong(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	for _, kind := range []core.ProofKind{core.ProofTOTP, core.ProofMail} {
		ch := start(t, b, coretest.L1(), c.Number, kind)
		for _, wrong := range []string{"0", "00000000", "abcdefgh", strings.Repeat("9", 60)} {
			_, err := say(t, b, coretest.L1(), ch.ID, wrong)
			if e := code(t, err, core.CodeUnverified); e.Said.ID != "verify.not_accepted" {
				t.Fatalf("%s, %q: %s", kind, wrong, e.Said.ID)
			}
		}
	}
}
