package verify

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// step is the time step of TOTP (RFC 6238 section 4), the value every authenticator app uses.
const step = 30 * time.Second

// TOTP proves a caller with their authenticator app: strong. It accepts the code of the current step or the one before, and never one at
// or before the last accepted step.
type TOTP struct {
	registrations core.Registrations
	clock         core.Clock
}

// NewTOTP returns the way; its secrets come from the desk's registrations.
func NewTOTP(r core.Registrations, clock core.Clock) *TOTP { return &TOTP{r, clock} }

// Kind implements core.Prover.
func (t *TOTP) Kind() core.ProofKind { return core.ProofTOTP }

// Strength implements core.Prover.
func (t *TOTP) Strength() core.Strength { return core.Strong }

// Uses implements core.Prover.
func (t *TOTP) Uses(k core.MethodKind) bool { return k == core.MethodTOTP }

// Begin implements core.Prover. Nothing is sent: the app shows the code.
func (t *TOTP) Begin(context.Context, core.ProofRequest) ([]byte, error) { return nil, nil }

// Check implements core.Prover.
func (t *TOTP) Check(ctx context.Context, c core.Challenge, code *secret.Text) (bool, error) {
	id := strings.TrimPrefix(c.Method, "registration:")
	shared, err := t.registrations.TOTPSecret(ctx, id)
	if err != nil {
		return false, err
	}
	defer shared.Destroy()
	now := t.clock.Now().Unix() / int64(step/time.Second)
	matched := int64(-1)
	for _, s := range []int64{now, now - 1} {
		if s >= 0 && sameCode(shared, s, code) && matched < 0 {
			matched = s
		}
	}
	if matched < 0 {
		return false, nil
	}
	return t.registrations.AcceptStep(ctx, id, matched)
}

// sameCode compares in constant time.
func sameCode(shared *secret.Text, step int64, code *secret.Text) bool {
	var want string
	_ = shared.Use(func(raw []byte) error { // an error leaves want empty, which no code equals
		key := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
		var err error
		want, err = hotp.GenerateCodeCustom(key, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		return err
	})
	got := digits(code)
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}

// digits is the code without the blanks and dashes with which people read it out.
func digits(code *secret.Text) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, code.Reveal())
}
