package verify_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
	"github.com/sspr-tui/sspr-tui/internal/verify"
)

// rfcSecret is the shared secret of the RFC 6238 appendix B vectors.
const rfcSecret = "12345678901234567890"

func app(t *testing.T) (*verify.TOTP, *coretest.Store, *coretest.Clock, core.Challenge) {
	t.Helper()
	store, clock := coretest.NewStore(), coretest.NewClock()
	reg := core.Registration{ID: "r1", Account: core.AccountID{Directory: "corp", Key: "jane"}, Kind: core.MethodTOTP, Secret: []byte(rfcSecret)}
	if err := store.Register(t.Context(), reg, core.Record{}); err != nil {
		t.Fatal(err)
	}
	return verify.NewTOTP(store, clock), store, clock, core.Challenge{ID: "ch_1", Method: "registration:r1"}
}

func codeAt(t *testing.T, at time.Time) *secret.Text {
	t.Helper()
	code, err := totp.GenerateCodeCustom("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at, totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix})
	if err != nil {
		t.Fatal(err)
	}
	return secret.FromString(code)
}

func check(t *testing.T, p core.Prover, c core.Challenge, code *secret.Text) bool {
	t.Helper()
	ok, err := p.Check(t.Context(), c, code)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

// T23: the same code twice, the step before, the next step, after a restart.
func TestATOTPCodeCountsOnceAndOnlyForItsStepOrTheNext(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		off  time.Duration
		want bool
	}{
		{"this step", 0, true},
		{"the step before", -30 * time.Second, true},
		{"two steps before", -60 * time.Second, false},
		{"the next step", 30 * time.Second, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p, _, clock, ch := app(t)
			if got := check(t, p, ch, codeAt(t, clock.Now().Add(tc.off))); got != tc.want {
				t.Fatalf("accepted %v, want %v", got, tc.want)
			}
		})
	}
}

func TestAnAcceptedTOTPStepAndEarlierOnesAreNeverAcceptedAgain(t *testing.T) {
	t.Parallel()
	p, store, clock, ch := app(t)
	now := clock.Now()
	if !check(t, p, ch, codeAt(t, now)) {
		t.Fatal("the first use was refused")
	}
	if check(t, p, ch, codeAt(t, now)) {
		t.Fatal("the same code was accepted twice")
	}
	if check(t, p, ch, codeAt(t, now.Add(-30*time.Second))) {
		t.Fatal("an earlier step was accepted after a later one")
	}
	again := verify.NewTOTP(store, clock) // as after a restart
	if check(t, again, ch, codeAt(t, now)) {
		t.Fatal("the same code was accepted after a restart")
	}
	clock.Add(30 * time.Second)
	if !check(t, again, ch, codeAt(t, clock.Now())) {
		t.Fatal("the next step's code was refused")
	}
}

func TestACodeReadWithBlanksIsTheSameCode(t *testing.T) {
	t.Parallel()
	p, _, clock, ch := app(t)
	code := codeAt(t, clock.Now()).Reveal()
	if !check(t, p, ch, secret.FromString(code[:3]+" "+code[3:])) {
		t.Fatal("refused a code with a blank in the middle")
	}
}

func TestAnUnknownRegistrationIsAnErrorAndNotAWrongCode(t *testing.T) {
	t.Parallel()
	p, _, _, ch := app(t)
	ch.Method = "registration:gone"
	if _, err := p.Check(t.Context(), ch, secret.FromString("000000")); core.CodeOf(err) != core.CodeNotFound {
		t.Fatalf("error %v", err)
	}
}

func mailed(t *testing.T) (*verify.EmailCode, *coretest.Courier, core.ProofRequest) {
	t.Helper()
	courier := &coretest.Courier{}
	p := verify.NewEmailCode(courier, secret.New(bytes.Repeat([]byte{7}, 32)), rand.Reader)
	return p, courier, core.ProofRequest{
		Challenge: "ch_1", Digits: 8, Life: 10 * time.Minute,
		Method: core.Method{ID: "mail:1", Kind: core.MethodAlternate, Destination: untrusted.New("jane@home.example")},
	}
}

func TestACodeByMailProvesItsOwnChallengeOnly(t *testing.T) {
	t.Parallel()
	p, courier, req := mailed(t)
	digest, err := p.Begin(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	code := courier.Letters()[0].Secret
	if len(code) != 8 || strings.Trim(code, "0123456789") != "" || courier.Letters()[0].Kind != core.LetterCode {
		t.Fatalf("sent %q", code)
	}
	ch := core.Challenge{ID: "ch_1", Digest: digest}
	if !check(t, p, ch, secret.FromString(code[:4]+" "+code[4:])) {
		t.Fatal("refused the code that was sent")
	}
	if bytes.Contains(digest, []byte(code)) {
		t.Fatal("the hash holds the code")
	}
	ch.ID = "ch_2"
	if check(t, p, ch, secret.FromString(code)) {
		t.Fatal("accepted for another challenge")
	}
	if check(t, p, core.Challenge{ID: "ch_1"}, secret.FromString("")) {
		t.Fatal("a challenge without a hash accepts an empty code")
	}
}

func TestNothingIsOutstandingWhenTheCodeCouldNotBeSent(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"Prepare", "Send"} {
		p, courier, req := mailed(t)
		courier.Fail(at, 1, errors.New("no"))
		if digest, err := p.Begin(t.Context(), req); err == nil || digest != nil {
			t.Fatalf("%s failed, but Begin returned %v, %v", at, digest, err)
		}
	}
}

// T116: a failure of the random source ends the operation; there is no fallback.
func TestWithoutRandomnessThereIsNoCode(t *testing.T) {
	t.Parallel()
	courier := &coretest.Courier{}
	p := verify.NewEmailCode(courier, secret.New(make([]byte, 32)), iotest.ErrReader(errors.New("dry")))
	_, err := p.Begin(context.Background(), core.ProofRequest{Digits: 8})
	if core.CodeOf(err) != core.CodeInternal || len(courier.Letters()) != 0 {
		t.Fatalf("error %v, %d letters", err, len(courier.Letters()))
	}
}

// T26: every digit is equally likely at every place, and leading zeros are kept.
func TestDigitsAreEquallyLikely(t *testing.T) {
	t.Parallel()
	p, courier, req := mailed(t)
	const codes = 5000
	var seen [10]int
	for range codes {
		if _, err := p.Begin(t.Context(), req); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range courier.Letters() {
		if len(l.Secret) != 8 {
			t.Fatalf("a code of %d digits", len(l.Secret))
		}
		for _, d := range l.Secret {
			seen[d-'0']++
		}
	}
	want, chi := float64(codes*8)/10, 0.0
	for _, n := range seen {
		chi += (float64(n) - want) * (float64(n) - want) / want
	}
	if chi > 33.7 { // 9 degrees of freedom, p = 0.0001
		t.Fatalf("chi-square %.1f: %v", chi, seen)
	}
}
