package core

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Unlock removes the lock of an account whose owner knows the password.
type Unlock struct {
	ID      string
	Case    int64
	Account AccountID
	Version string
	Behalf  Behalf
}

// OperationID implements Operation.
func (o Unlock) OperationID() string { return o.ID }

// Verb implements Operation.
func (o Unlock) Verb() Verb { return VerbUnlock }

// Permission implements Operation.
func (o Unlock) Permission() rbac.Permission { return rbac.Unlock }

// Validate implements Operation.
func (o Unlock) Validate() error {
	if o.Case <= 0 || o.Account.IsZero() {
		return Fail(CodeInvalid, sentence.Of("error.no_case"))
	}
	return nil
}

// Target implements AccountOperation.
func (o Unlock) Target() (int64, AccountID, string) { return o.Case, o.Account, o.Version }

func (o Unlock) need(a policy.Assurance, c rbac.Class) policy.Requirement {
	return needFor(VerbUnlock, a, c)
}

func (o Unlock) proposed() OutcomeCode { return Unlocked }

// notice says nothing about an account that was not locked: nothing happened to it.
func (o Unlock) notice(r *run) NoticeKind {
	if !r.unlock.WasLocked {
		return ""
	}
	return NoticeUnlocked
}

func (o Unlock) prepare(context.Context, *run) error { return nil }

func (o Unlock) write(ctx context.Context, r *run) (err error) {
	r.unlock, err = r.dir.Unlock(ctx, r.grant, UnlockChange{Account: r.account.ID, Version: r.account.Version, Behalf: o.Behalf})
	return err
}

func (o Unlock) finish(_ context.Context, r *run, res *Result) {
	if !r.unlock.WasLocked {
		res.Said = sentence.Of("unlock.was_not_locked")
		return
	}
	res.Said = sentence.Of("unlock.done", sentence.Time("at", r.d.Clock.Now()))
}

func (o Unlock) happened(before Sighting, now Account) bool {
	return before.Locked && !now.State.Locked
}
