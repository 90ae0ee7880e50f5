package core

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Step names one step of the pipeline, in the order in which they are taken.
type Step string

// The steps. Up to StepIntend each can only refuse; from StepWrite on the work no longer depends on the caller's connection.
const (
	StepOperator  Step = "operator"
	StepCase      Step = "case"
	StepAccount   Step = "account"
	StepClass     Step = "class"
	StepAuthorize Step = "authorize"
	StepQuota     Step = "quota"
	StepEvidence  Step = "evidence"
	StepApproval  Step = "approval"
	StepPrepare   Step = "prepare"
	StepIntend    Step = "intend"
	StepWrite     Step = "write"
	StepConclude  Step = "conclude"
	StepFinish    Step = "finish"
)

// Steps lists every step in order.
func Steps() []Step {
	return []Step{
		StepOperator, StepCase, StepAccount, StepClass, StepAuthorize, StepQuota, StepEvidence, StepApproval, StepPrepare,
		StepIntend, StepWrite, StepConclude, StepFinish,
	}
}

// take runs one step. A panic becomes an internal error whose change is not known; the caller decides what that means where it stands.
func (d *Desk) take(ctx context.Context, s Step, do func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			d.Log.ErrorContext(ctx, "a step panicked", "step", string(s), "stack", string(debug.Stack()))
			err = (&Error{Code: CodeInternal, Said: sentence.Of("error.internal"), Changed: ChangeUnknown}).
				Because(fmt.Errorf("panic in step %s", s))
		}
	}()
	if d.OnStep != nil {
		if err := d.OnStep(ctx, s); err != nil {
			return err
		}
	}
	return do(ctx)
}
