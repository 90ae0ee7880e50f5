package app

import (
	"context"
	"errors"
	"strings"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sshd"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// authenticator implements sshd.Authenticator and ui.Unlocker: which operator a credential belongs to.
type authenticator struct {
	operators   *operators
	store       core.OperatorStore
	attempts    core.Attempts
	totp        core.Prover
	methods     core.Registrations
	clock       core.Clock
	requireTOTP func() bool
}

// An operator's second factor is a registration of this account; no directory can have the name.
const deskDirectory = "(desk)"

func secondFactor(operatorID string) core.AccountID {
	return core.AccountID{Directory: deskDirectory, Key: operatorID}
}

// Sign-in tries of one login in this time; directories count and lock by themselves beside it.
const (
	signInWindow = 15 * time.Minute
	signInTries  = 10
)

// PublicKey implements sshd.Authenticator.
func (a *authenticator) PublicKey(ctx context.Context, login string, key gossh.PublicKey) (string, error) {
	op, known := a.enabled(ctx, login)
	match, err := a.hasKey(ctx, login, gossh.FingerprintSHA256(key))
	if err != nil {
		return "", err
	}
	if !known || !match {
		return "", sshd.ErrRefused
	}
	return op.ID, nil
}

// hasKey reports whether an operator has a key.
func (a *authenticator) hasKey(ctx context.Context, login, fingerprint string) (bool, error) {
	keys, err := a.keys(ctx)
	return keys[keyOf{strings.ToLower(login), fingerprint}], err
}

// keyOf is a key in an operator's hands.
type keyOf struct{ operator, fingerprint string }

// keys are all keys that operators may sign in with, from the store and from the configuration.
func (a *authenticator) keys(ctx context.Context) (map[keyOf]bool, error) {
	stored, err := a.store.Keys(ctx, "")
	if err != nil {
		return nil, err
	}
	out := map[keyOf]bool{}
	for _, k := range stored {
		out[keyOf{strings.ToLower(k.OperatorID), k.Fingerprint}] = true
	}
	for _, c := range a.operators.configured() {
		for _, line := range c.Keys {
			if key, _, _, _, err := gossh.ParseAuthorizedKey([]byte(line)); err == nil {
				out[keyOf{strings.ToLower(c.Login), gossh.FingerprintSHA256(key)}] = true
			}
		}
	}
	return out, nil
}

// takenAway tells of which of those who are signed in the key was taken away since. Other credentials are looked after elsewhere: certificates by
// the revocations, passwords by the directory's account.
func (a *authenticator) takenAway(ctx context.Context) (func(sshd.Identity) bool, error) {
	keys, err := a.keys(ctx)
	return func(id sshd.Identity) bool {
		return strings.HasPrefix(id.Credential, "key:") && !keys[keyOf{strings.ToLower(id.OperatorID), id.Fingerprint}]
	}, err
}

// Certificate implements sshd.Authenticator: the certificate was checked, the login is one of its principals.
func (a *authenticator) Certificate(ctx context.Context, login string, _ sshd.Certificate) (string, error) {
	op, ok := a.enabled(ctx, login)
	if !ok {
		return "", sshd.ErrRefused
	}
	return op.ID, nil
}

// enabled reads an operator who may sign in.
func (a *authenticator) enabled(ctx context.Context, login string) (core.Operator, bool) {
	op, err := a.operators.Operator(ctx, login)
	return op, err == nil && !op.Disabled && len(op.Roles) > 0 && op.ID != hostOperator
}

// Password implements sshd.Authenticator with the password of the operator's own directory account.
func (a *authenticator) Password(ctx context.Context, login string, password *secret.Text) (string, error) {
	op, ok := a.enabled(ctx, login)
	counted := strings.ToLower(login)
	if op.ID != "" { // one counter for all names an operator answers to
		counted = op.ID
	}
	err := a.tried(ctx, "signin:"+counted, func() error { return a.compare(ctx, op, ok, password) })
	if err != nil {
		return "", err
	}
	return op.ID, nil
}

// compare asks the directory of the operator's own account, and another one for a login nobody has: that is the same work.
func (a *authenticator) compare(ctx context.Context, op core.Operator, may bool, password *secret.Text) error {
	dir, name := a.ownDirectory(ctx, op)
	if dir == nil {
		dir, name, may = a.anyDirectory(), untrusted.New("(nobody)"), false
	}
	if dir == nil {
		return sshd.ErrRefused
	}
	id, err := dir.Authenticate(ctx, name, password)
	switch {
	case core.CodeOf(err) == core.CodeUnavailable:
		return err
	case err != nil || !may || id != op.Account:
		return sshd.ErrRefused
	}
	return nil
}

// tried counts a try, durably, before anything is compared, and takes it back when it succeeds: those who run one command after the other
// are not kept out.
func (a *authenticator) tried(ctx context.Context, key string, check func() error) error {
	at := a.clock.Now()
	n, err := a.attempts.Count(ctx, key, at, signInWindow)
	if err != nil {
		return err
	}
	if n > signInTries {
		return sshd.ErrRefused
	}
	if err := check(); err != nil {
		return err
	}
	return a.attempts.Forget(ctx, key, at)
}

// passwordDirectory is a directory that can check passwords.
type passwordDirectory interface {
	core.Directory
	core.Authenticator
}

// ownDirectory is where an operator's own account is, and its login there.
func (a *authenticator) ownDirectory(ctx context.Context, op core.Operator) (passwordDirectory, untrusted.Text) {
	for _, d := range a.operators.directories() {
		pd, ok := d.(passwordDirectory)
		if !ok || d.Name() != op.Account.Directory {
			continue
		}
		if own, err := d.Account(ctx, op.Account.Key); err == nil {
			return pd, own.Login
		}
	}
	return nil, untrusted.Text{}
}

func (a *authenticator) anyDirectory() passwordDirectory {
	for _, d := range a.operators.directories() {
		if pd, ok := d.(passwordDirectory); ok {
			return pd
		}
	}
	return nil
}

// NeedsTOTP implements sshd.Authenticator.
func (a *authenticator) NeedsTOTP(ctx context.Context, operatorID string) (bool, error) {
	if a.requireTOTP() {
		return true, nil
	}
	regs, err := a.methods.RegistrationsOf(ctx, secondFactor(operatorID))
	return len(regs) > 0, err
}

// TOTP implements sshd.Authenticator.
func (a *authenticator) TOTP(ctx context.Context, operatorID string, code *secret.Text) error {
	return a.tried(ctx, "signin-totp:"+operatorID, func() error { return a.checkCode(ctx, operatorID, code) })
}

func (a *authenticator) checkCode(ctx context.Context, operatorID string, code *secret.Text) error {
	regs, err := a.methods.RegistrationsOf(ctx, secondFactor(operatorID))
	if err != nil {
		return err
	}
	for _, r := range regs {
		if right, err := a.totp.Check(ctx, core.Challenge{Method: r.ID}, code); err != nil || right {
			return err
		}
	}
	return sshd.ErrRefused
}

// CanUnlock implements ui.Unlocker.
func (a *authenticator) CanUnlock(ctx context.Context, actor core.Actor) bool {
	regs, err := a.methods.RegistrationsOf(ctx, secondFactor(actor.OperatorID))
	return (err == nil && len(regs) > 0) || strings.HasPrefix(actor.Credential, "password:")
}

// Unlock implements ui.Unlocker: a code of the second factor, else the directory password of one who signed in with it.
func (a *authenticator) Unlock(ctx context.Context, actor core.Actor, typed *secret.Text) error {
	refused := core.Fail(core.CodeDenied, sentence.Of("lock.refused"))
	err := a.TOTP(ctx, actor.OperatorID, typed)
	if err == nil || !errors.Is(err, sshd.ErrRefused) {
		return err
	}
	if !strings.HasPrefix(actor.Credential, "password:") {
		return refused
	}
	if _, err = a.Password(ctx, actor.OperatorID, typed); errors.Is(err, sshd.ErrRefused) {
		return refused
	}
	return err
}
