package sshd

import (
	"context"
	"errors"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// ErrRefused is the answer to every wrong credential, unknown login and disabled operator alike.
var ErrRefused = errors.New("sign-in refused")

// Authenticator says which operator a credential belongs to. Logins are printable and at most 128 bytes, as typed: it
// is the Authenticator that decides whether case matters.
//
// Every method returns [ErrRefused] when the credential is not good, and any other error when it could not find out;
// both refuse, the second is logged as a fault. No error text reaches the client. To keep known and unknown logins
// alike, the methods should do the same work for both. They are called from several goroutines.
type Authenticator interface {
	// PublicKey names the operator who signs in as login with key. It is asked for keys that are only offered, so it
	// must change nothing. Errors: ErrRefused.
	PublicKey(ctx context.Context, login string, key gossh.PublicKey) (operatorID string, err error)

	// Certificate names the operator who signs in as login with a certificate that has passed every check of this
	// package, login being one of its principals. It must change nothing either. Errors: ErrRefused.
	Certificate(ctx context.Context, login string, cert Certificate) (operatorID string, err error)

	// Password names the operator whose password this is. It counts failures by itself. The password is never empty
	// and is destroyed after the call. Errors: ErrRefused.
	Password(ctx context.Context, login string, password *secret.Text) (operatorID string, err error)

	// NeedsTOTP reports whether the operator, who has proven one factor, must give a code as well.
	// Errors: any; it refuses the sign-in.
	NeedsTOTP(ctx context.Context, operatorID string) (bool, error)

	// TOTP accepts a code once. It counts failures by itself. The code is destroyed after the call.
	// Errors: ErrRefused.
	TOTP(ctx context.Context, operatorID string, code *secret.Text) error
}
