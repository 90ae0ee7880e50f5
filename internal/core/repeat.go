package core

import (
	"cmp"
	"context"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// performedBefore answers an operation id that was performed already: after a reconnect, a second Enter, a repeated command.
func (d *Desk) performedBefore(ctx context.Context, actor Actor, op AccountOperation) (Result, bool, error) {
	was, err := d.Trail.Performed(ctx, op.OperationID())
	if CodeOf(err) == CodeNotFound {
		return Result{}, false, nil
	}
	if err != nil {
		return Result{}, false, err
	}
	_, account, _ := op.Target()
	if was.Record.Actor.OperatorID != actor.OperatorID || was.Record.Verb != op.Verb() || was.Record.Subject != account {
		return Result{}, false, Fail(CodeConflict, sentence.Of("conflict.operation_id"))
	}
	if was.Open {
		return Result{}, false, (&Error{Code: CodeConflict, Said: sentence.Of("conflict.still_open")}).After(ChangeUnknown)
	}
	res := Result{
		Operation: op.OperationID(), Verb: op.Verb(), Outcome: was.Record.Outcome, Seq: was.Record.Seq, Repeated: true,
		Said: sentence.Of("outcome.repeated"), SentTo: was.Record.Personal["sent_to"], Proposed: op.proposed(),
	}
	if kase, err := d.Cases.Case(ctx, was.Record.Case); err == nil {
		res.Case = kase
	}
	if res.Outcome == Done {
		if op.Verb() == VerbReset { // whether the password arrived is not in the outcome: say what to do if it did not
			res.Said = sentence.Of("outcome.repeated_reset")
		}
		return res, true, nil
	}
	return res, true, failureOf(was.Record)
}

// failureOf is the error an earlier attempt ended with.
func failureOf(r Record) *Error {
	switch r.Outcome {
	case Unknown:
		return (&Error{Code: CodeUnknown, Said: sentence.Of("outcome.unknown_still")}).After(ChangeUnknown)
	case Refused, Failed:
		return Fail(cmp.Or(r.Code, CodeUnavailable), sentence.Of("outcome.repeated_refused"))
	case Done:
		return nil
	default:
		return Fail(CodeInternal, sentence.Of("error.internal"))
	}
}
