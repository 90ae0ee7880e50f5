package core

import (
	"context"
	"errors"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// outcome classifies what a write returned. Only an error of ours that says that nothing was changed is taken at its word; everything else
// after the intent is Unknown, a bare timeout too, because we never pretend.
func (r *run) outcome(err error) (Result, *Error) {
	res := Result{
		Operation: r.op.OperationID(), Verb: r.op.Verb(), Case: r.kase, Account: r.account, Outcome: Done,
		Proposed: r.op.proposed(),
	}
	if err == nil {
		return res, nil
	}
	e, known := errors.AsType[*Error](err)
	if !known || e.Changed != NothingChanged {
		res.Outcome = Unknown
		said := sentence.Of("outcome.unknown", sentence.Span("after", r.rules.settings.Operation.Deadline))
		e = (&Error{Code: CodeUnknown, Said: said, Changed: ChangeUnknown, Ref: AsError(err).Ref}).Because(err)
		res.Said, res.Proposed = said, Wait
		return res, e
	}
	res.Outcome, res.Proposed = Failed, ""
	if e.Code == CodePolicy || e.Code == CodeDenied || e.Code == CodeConflict || e.Code == CodeNotFound || e.Code == CodeInvalid {
		res.Outcome = Refused
	}
	res.Said = e.Said
	return res, e
}

// conclude writes the outcome and everything that belongs to it in one transaction.
func (r *run) conclude(ctx context.Context, res *Result, failure *Error) error {
	rec := r.record(KindOutcome)
	rec.Intent, rec.Outcome, rec.Before = r.intent, res.Outcome, sight(r.account)
	c := Conclusion{Record: rec, Intent: r.intent}
	if failure != nil {
		c.Record.Code = failure.Code
		c.Record.Detail["why"] = failure.Said.ID
	}
	switch res.Outcome {
	case Done:
		c.Spend = rec.Evidence
		c.Case = r.kase
		if kind := r.op.notice(r); kind != "" {
			c.Notices = noticesFor(kind, r.op.OperationID(), r.kase, r.account, rec.At)
		}
	case Unknown:
		c.Spend = rec.Evidence
	case Refused, Failed:
		c.Keep = rec.Evidence
	}
	ctx, cancel := detach(ctx, bookkeeping)
	defer cancel()
	seq, err := r.d.Trail.Conclude(ctx, c)
	if err != nil {
		return err
	}
	res.Seq, res.Notices = seq, len(c.Notices)
	r.d.counts.add(Counted{rec.Verb, rec.Outcome, rec.Desk})
	return nil
}

// unrecorded is said when the change was made and its record could not be.
func (r *run) unrecorded(res Result, err error) error {
	id, changed := "outcome.unrecorded_unknown", ChangeUnknown
	switch res.Outcome {
	case Done:
		id, changed = "outcome.unrecorded_done", WasChanged
	case Refused, Failed:
		id, changed = "outcome.unrecorded_nothing", NothingChanged
	case Unknown:
	}
	return (&Error{Code: CodeAuditUnavailable, Said: sentence.Of(id), Changed: changed}).Because(err)
}

// undelivered is said when a password was changed and could not be handed to its owner: the same evidence allows a repeat, if that could be
// recorded.
func (r *run) undelivered(ctx context.Context, res *Result, err error) {
	res.Delivery = DeliveryFailed
	life := r.rules.settings.Delivery.RepeatFor
	rec := r.record(KindDesk)
	rec.Reason, rec.Code = "delivery.failed", CodeOf(err)
	ctx, cancel := detach(ctx, bookkeeping)
	defer cancel()
	if err := r.d.Proofs.AllowRepeat(ctx, ids(r.evidence), r.d.Clock.Now().Add(life), rec); err != nil {
		r.d.Log.ErrorContext(ctx, "a failed delivery could not be recorded", "operation", r.op.OperationID(), "error", err)
		life = 0
	}
	if life == 0 {
		res.More = append(res.More, sentence.Of("delivery.failed_for_good"))
		return
	}
	res.More = append(res.More, sentence.Of("delivery.failed", sentence.Span("within", life)))
}

// latch stops further changes until the trail can be written again.
func (d *Desk) latch(ctx context.Context, err error) {
	d.latched.Store(true)
	d.Log.ErrorContext(ctx, "an outcome could not be recorded; changes are stopped until the trail can be written", "error", err)
	d.tell(Event{Kind: EventHealth})
}
