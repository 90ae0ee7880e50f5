package core

import (
	"context"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Perform is the one door through which everything that changes anything goes: terminal screens, commands and tests alike.
//
// It returns what came of the operation. An error says what happened, whether anything was changed and what to do next; it comes with the
// Result when an intent had been recorded (outcomes Refused, Failed and Unknown), and with the zero Result when the operation was
// refused before that.
func (d *Desk) Perform(ctx context.Context, actor Actor, op Operation) (Result, error) {
	if err := checkID(op.OperationID()); err != nil {
		return Result{}, err
	}
	if err := op.Validate(); err != nil {
		return Result{}, err
	}
	d.underway.enter()
	defer d.underway.leave()
	if err := d.keepTime(ctx); err != nil {
		return Result{}, err
	}
	return d.flights.once(ctx, flightOf(actor, op), func() (Result, error) {
		switch op := op.(type) {
		case AccountOperation:
			return d.performOnAccount(ctx, actor, op)
		case DeskOperation:
			return d.performAtDesk(ctx, actor, op)
		default:
			return Result{}, Fail(CodeInvalid, sentence.Of("error.no_operation_id"))
		}
	})
}

// maxID is the longest operation id, in bytes.
const maxID = 64

// checkID refuses operation ids that could not stand in a record, a log and a command line as they are: callers choose them.
func checkID(id string) error {
	if id == "" {
		return Fail(CodeInvalid, sentence.Of("error.no_operation_id"))
	}
	odd := strings.IndexFunc(id, func(r rune) bool { return !alphanumeric(r) && !strings.ContainsRune("-_.", r) }) >= 0
	if odd || len(id) > maxID {
		return Fail(CodeInvalid, sentence.Of("error.operation_id", sentence.Count("limit", maxID)))
	}
	return nil
}

func (d *Desk) performOnAccount(ctx context.Context, actor Actor, op AccountOperation) (Result, error) {
	r := &run{d: d, actor: actor, op: op, rules: d.rules.Load()}
	defer r.release()
	if err := d.take(ctx, StepOperator, r.readOperator); err != nil {
		return Result{}, r.refused(ctx, StepOperator, err)
	}
	if res, done, err := d.performedBefore(ctx, actor, op); done || err != nil {
		return res, err
	}
	before := []struct {
		step Step
		do   func(context.Context) error
	}{
		{StepCase, r.readCase},
		{StepAccount, r.readAccount},
		{StepClass, r.classify},
		{StepAuthorize, r.authorize},
		{StepQuota, r.countChange},
		{StepEvidence, r.weighEvidence},
		{StepApproval, r.askApproval},
		{StepPrepare, r.prepare},
		{StepIntend, r.intend},
	}
	for _, b := range before {
		if err := d.take(ctx, b.step, b.do); err != nil {
			return Result{}, r.refused(ctx, b.step, err)
		}
	}
	// The intent is durable. From here on a dropped connection must not tear the change from its record.
	ctx, cancel := detach(ctx, r.rules.settings.Operation.Deadline+2*bookkeeping)
	defer cancel()
	return r.carryOut(ctx)
}

// carryOut writes, records the outcome and delivers what there is to deliver.
func (r *run) carryOut(ctx context.Context) (Result, error) {
	write, cancel := context.WithTimeout(ctx, r.rules.settings.Operation.Deadline)
	wrong := r.d.take(write, StepWrite, func(ctx context.Context) error { return r.op.write(ctx, r) })
	cancel()
	res, failure := r.outcome(wrong)
	if err := r.d.take(ctx, StepConclude, func(ctx context.Context) error { return r.conclude(ctx, &res, failure) }); err != nil {
		r.d.latch(ctx, err)
		return res, r.unrecorded(res, err)
	}
	r.d.tell(Event{Kind: EventAccount, Account: r.account.ID, Case: r.kase.Number})
	if res.Outcome == Done {
		if err := r.d.take(ctx, StepFinish, func(ctx context.Context) error { r.op.finish(ctx, r, &res); return nil }); err != nil {
			r.undelivered(ctx, &res, err)
		}
		return res, nil
	}
	return res, failure
}

func (d *Desk) tell(e Event) {
	if d.Events != nil {
		d.Events.Changed(e)
	}
}
