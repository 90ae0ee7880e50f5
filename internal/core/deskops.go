package core

import (
	"context"
	"maps"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

// desktop is what a DeskOperation works with: the operator was re-read and has the permission.
type desktop struct {
	d        *Desk
	actor    Actor
	operator Operator
	settings policy.Settings
	res      Result
	record   Record
	noted    bool // a refusal stands in the trail already
}

// performAtDesk authorizes a DeskOperation and applies it. The change and its record are one transaction of the store.
func (d *Desk) performAtDesk(ctx context.Context, actor Actor, op DeskOperation) (Result, error) {
	var w *desktop
	if err := d.take(ctx, StepOperator, func(ctx context.Context) error {
		o, err := d.allow(ctx, actor, op.Permission())
		w = &desktop{d: d, actor: actor, operator: o, settings: d.Settings()}
		return err
	}); err != nil {
		return Result{}, err
	}
	w.record = d.base(actor, w.operator, KindDesk, op.Verb(), op.OperationID())
	w.res = Result{Operation: op.OperationID(), Verb: op.Verb(), Outcome: Done}
	if err := d.take(ctx, StepWrite, func(ctx context.Context) error { return op.apply(ctx, w) }); err != nil {
		w.refused(err)
		return Result{}, err
	}
	return w.res, nil
}

// refused notes what was not done, and why.
func (w *desktop) refused(err error) {
	if w.noted {
		return
	}
	e := AsError(err)
	rec := w.record
	rec.Kind, rec.Code = KindDenied, e.Code
	rec.Detail = maps.Clone(rec.Detail)
	if rec.Detail == nil {
		rec.Detail = map[string]string{}
	}
	rec.Detail["why"] = e.Said.ID
	w.d.Trail.Note(rec)
}

// about completes the record with the case and the person it concerns.
func (w *desktop) about(c Case) {
	w.record.Case, w.record.Ticket, w.record.Subject = c.Number, c.Ticket.String(), c.Person.ID
	w.record.Personal = map[string]string{
		"login": c.Person.Login.String(), "name": c.Person.DisplayName.String(), "department": c.Person.Department.String(),
	}
}

// classOf classifies an account for an operator.
func (d *Desk) classOf(ctx context.Context, o Operator, a Account) (Classification, error) {
	owner, err := d.Operators.Owner(ctx, a)
	if err != nil {
		return Classification{Class: rbac.Forbidden, Reason: ReasonUnreadable}, err
	}
	return classify(a, classFacts{operator: o, owner: owner, program: d.Program, guard: d.Settings().Guard}), nil
}
