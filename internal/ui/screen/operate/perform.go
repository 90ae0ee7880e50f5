package operate

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
)

// What work is called in screen.Failed.
const (
	workPerform = "perform"
	workCheck   = "check"
)

// performed is what came of the operation after its intent was recorded.
type performed struct {
	res core.Result
	err *core.Error
}

// perform does what was confirmed. The id of the operation was made with the confirmation, so that a repeat is the same operation.
func (o *Operate) perform() tea.Cmd {
	o.phase = performing
	op := o.operation()(o.version)
	return o.change(func(context.Context) (core.Operation, error) { return op, nil })
}

// repeat does it again as a new operation: it was refused, or did not reach its owner. After a change of our own the account is not the one
// the operator saw any more, so its version is read anew.
func (o *Operate) repeat() tea.Cmd {
	o.op = o.env.NewID()
	if !o.verdict.ours {
		return o.perform()
	}
	o.phase = performing
	desk, actor, number, goal := o.env.Desk, o.env.Actor, o.entry.Number(), o.with.Goal
	op := o.operation()
	return o.change(func(ctx context.Context) (core.Operation, error) {
		st, err := desk.ProofState(ctx, actor, number, goal)
		return op(st.Account.Version), err
	})
}

// operation is what is being confirmed, for a version of the account.
func (o *Operate) operation() func(version string) core.Operation {
	id, number, account := o.op, o.entry.Number(), o.with.Account.ID
	if o.with.Goal == core.VerbUnlock {
		return func(version string) core.Operation {
			return core.Unlock{ID: id, Case: number, Account: account, Version: version}
		}
	}
	to := o.reaches.chosen().id
	return func(version string) core.Operation {
		return core.Reset{ID: id, Case: number, Account: account, Version: version, Deliver: to}
	}
}

// change performs an operation. It is never cancelled; a password that nobody is there to see any more is forgotten.
func (o *Operate) change(prepare func(context.Context) (core.Operation, error)) tea.Cmd {
	desk, actor, life := o.env.Desk, o.env.Actor, o.life
	return o.life.Change(workPerform, act.Asking(o.with.Account.ID), func(ctx context.Context) (tea.Msg, error) {
		op, err := prepare(ctx)
		if err != nil {
			return nil, err
		}
		res, err := desk.Perform(ctx, actor, op)
		if res.Password != nil {
			life.AtEnd(res.Password.Destroy)
		}
		if res.Outcome == "" && err != nil {
			return nil, err // refused before anything was tried
		}
		return performed{res, core.AsError(err)}, nil
	})
}

// rechecked is what became of an operation whose outcome was not known.
type rechecked struct{ outcome core.Outcome }

// checkAgain has the directory looked at. Where that was done already, the operation itself is asked what came of it: it is not done again.
func (o *Operate) checkAgain() tea.Cmd {
	if o.verdict.checking {
		return nil
	}
	o.verdict.checking = true
	desk, actor, account, op := o.env.Desk, o.env.Actor, o.with.Account.ID, o.operation()(o.version)
	return o.life.Run(workCheck, sentence.Of("operate.checking", sentence.Word("directory", account.Directory)), func(ctx context.Context) (tea.Msg, error) {
		outcome, err := desk.CheckAgain(ctx, actor, account)
		if core.CodeOf(err) != core.CodeNotFound {
			return rechecked{outcome}, err
		}
		res, err := desk.Perform(ctx, actor, op)
		if res.Outcome == "" {
			return nil, err
		}
		return settled(res, core.AsError(err)), nil
	})
}

// settled is the outcome that a repeated operation answers with.
func settled(res core.Result, err *core.Error) rechecked {
	if err != nil && err.Code == core.CodeUnknown {
		return rechecked{core.Unknown}
	}
	return rechecked{res.Outcome}
}
