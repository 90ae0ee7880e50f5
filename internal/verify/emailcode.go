package verify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"io"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// EmailCode proves a caller with a code sent to a mailbox on file: weak. The code is kept as a keyed hash bound to its challenge.
type EmailCode struct {
	courier core.Courier
	key     *secret.Text
	entropy core.Entropy
}

// NewEmailCode returns the way. key is the desk's secret key for hashes of codes, 32 bytes.
func NewEmailCode(courier core.Courier, key *secret.Text, entropy core.Entropy) *EmailCode {
	return &EmailCode{courier, key, entropy}
}

// Kind implements core.Prover.
func (e *EmailCode) Kind() core.ProofKind { return core.ProofMail }

// Strength implements core.Prover.
func (e *EmailCode) Strength() core.Strength { return core.Weak }

// Uses implements core.Prover.
func (e *EmailCode) Uses(k core.MethodKind) bool {
	return (k == core.MethodMail || k == core.MethodAlternate) && e.courier.Reaches(k)
}

// Begin implements core.Prover: it makes a code and sends it.
func (e *EmailCode) Begin(ctx context.Context, p core.ProofRequest) ([]byte, error) {
	code, err := makeCode(e.entropy, p.Digits)
	if err != nil {
		return nil, core.Fail(core.CodeInternal, sentence.Of("error.entropy")).Because(err)
	}
	defer code.Destroy()
	consignment, err := e.courier.Prepare(ctx, p.Method)
	if err != nil {
		return nil, err
	}
	err = consignment.Send(ctx, core.Letter{
		Kind: core.LetterCode, Name: p.Account.DisplayName, Login: p.Account.Login, Secret: code,
		Life: p.Life, Case: p.Case.Number, Ticket: p.Case.Ticket,
	})
	if err != nil {
		return nil, err
	}
	return e.digest(p.Challenge, code), nil
}

// Check implements core.Prover.
func (e *EmailCode) Check(_ context.Context, c core.Challenge, code *secret.Text) (bool, error) {
	typed := secret.FromString(digits(code))
	defer typed.Destroy()
	return len(c.Digest) > 0 && hmac.Equal(c.Digest, e.digest(c.ID, typed)), nil
}

// digest binds a code to its challenge under the desk's key.
func (e *EmailCode) digest(challenge string, code *secret.Text) []byte {
	var sum []byte
	_ = e.key.Use(func(key []byte) error {
		mac := hmac.New(sha256.New, key)
		_, _ = io.WriteString(mac, "code:"+challenge+":")
		err := code.Use(func(raw []byte) error {
			_, err := mac.Write(raw)
			return err
		})
		sum = mac.Sum(nil)
		return err
	})
	return sum
}

// makeCode draws n decimal digits, each equally likely, leading zeros kept.
func makeCode(entropy core.Entropy, n int) (*secret.Text, error) {
	out := make([]byte, n)
	for i := range out {
		d, err := drawDigit(entropy)
		if err != nil {
			return nil, err
		}
		out[i] = '0' + d
	}
	return secret.New(out), nil
}

// drawDigit rejects bytes from 250 on, so that no digit is likelier than another.
func drawDigit(entropy core.Entropy) (byte, error) {
	var b [1]byte
	for {
		if _, err := io.ReadFull(entropy, b[:]); err != nil {
			return 0, err
		}
		if b[0] < 250 {
			return b[0] % 10, nil
		}
	}
}
