package core

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

// Verb names an operation. It is stable: it stands in the trail and in the command line.
type Verb string

// The operations.
const (
	VerbReset        Verb = "password.reset"
	VerbUnlock       Verb = "account.unlock"
	VerbOpenCase     Verb = "case.open"
	VerbCloseCase    Verb = "case.close"
	VerbStartProof   Verb = "verify.start"
	VerbConfirmProof Verb = "verify.confirm"
	VerbHandOff      Verb = "handoff.create"
	VerbTakeHandoff  Verb = "handoff.take"
	VerbReveal       Verb = "contact.reveal"
	VerbOperator     Verb = "operator.edit"
)

// Operation is something that changes something. There are two families, AccountOperation and DeskOperation; both are sealed:
// every operation is one file of this package.
type Operation interface {
	// OperationID is made by the screen or the command, so that a repeat is the same operation.
	OperationID() string
	Verb() Verb
	Permission() rbac.Permission
	// Validate refuses what can be refused without looking at anything: CodeInvalid.
	Validate() error
}

// AccountOperation changes an account in a directory. It needs evidence.
type AccountOperation interface {
	Operation
	// Target is the case, the account and the version of it the operator acted on ("" when they saw none).
	Target() (caseNumber int64, account AccountID, version string)

	need(a policy.Assurance, c rbac.Class) policy.Requirement
	// prepare makes ready what must be ready before the intent: a new password, its delivery. CodePolicy, CodeUnavailable.
	prepare(ctx context.Context, r *run) error
	// write does it. Its error says what was changed.
	write(ctx context.Context, r *run) error
	// finish hands out or delivers what prepare made, after the outcome is recorded.
	finish(ctx context.Context, r *run, res *Result)
	// happened reports, from the account as it is now and as it was before, whether the write took effect.
	happened(before Sighting, now Account) bool
	proposed() OutcomeCode
	// notice is what its owner is told after the write, "" when there is nothing to tell.
	notice(r *run) NoticeKind
}

// DeskOperation changes the desk's own state. It needs the right, and no evidence.
type DeskOperation interface {
	Operation
	apply(ctx context.Context, w *desktop) error
}

// Sighting is what an account looked like before a change: enough to tell later whether the change took effect.
type Sighting struct {
	Version     string `json:"version"`
	PasswordSet int64  `json:"password_set"` // unix nanoseconds, 0 when not known
	Locked      bool   `json:"locked"`
	MustChange  bool   `json:"must_change"`
}

func sight(a Account) Sighting {
	s := Sighting{Version: a.Version, Locked: a.State.Locked, MustChange: a.State.MustChange}
	if !a.State.PasswordSet.IsZero() {
		s.PasswordSet = a.State.PasswordSet.UnixNano()
	}
	return s
}

// requirement picks the requirement for a class.
func requirement(plain, guarded policy.Requirement, c rbac.Class) policy.Requirement {
	if c == rbac.Plain {
		return plain
	}
	return guarded
}
