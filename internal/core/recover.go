package core

import (
	"context"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// settle is how long after its deadline a change may still arrive at the directory; before that a missing change proves nothing.
const settle = 5 * time.Second

// Recover is called on start, before the desk opens, and again by Mend: it looks at every intent without a known outcome and closes
// those that the directory can answer. The others block changes on their account as Unknown. Operations that are under way in this Desk are
// left alone. It returns how many are still open. CodeAuditUnavailable.
func (d *Desk) Recover(ctx context.Context) (open int, err error) {
	if err := d.recall(ctx); err != nil {
		return 0, err
	}
	intents, err := d.Trail.OpenIntents(ctx, AccountID{})
	if err != nil {
		return 0, err
	}
	for _, i := range intents {
		if d.flights.has(i.Record.Operation) {
			continue
		}
		if !i.Unknown {
			if err := d.admit(ctx, i); err != nil {
				return len(intents), err
			}
		}
		closed, err := d.reconcile(ctx, i)
		if err != nil {
			d.Log.WarnContext(ctx, "an open operation could not be checked", "operation", i.Record.Operation, "error", err)
		}
		if !closed {
			open++
		}
	}
	return open, nil
}

// admit records that an operation was cut off: its outcome is Unknown and its evidence spent.
func (d *Desk) admit(ctx context.Context, i OpenIntent) error {
	rec := i.Record
	rec.Kind, rec.Outcome, rec.Code, rec.Intent, rec.At = KindOutcome, Unknown, CodeUnknown, i.Record.Seq, d.Clock.Now().UTC()
	rec.Detail = map[string]string{"why": "outcome.cut_off"}
	_, err := d.Trail.Conclude(ctx, Conclusion{Record: rec, Intent: i.Record.Seq, Spend: rec.Evidence})
	return err
}

// CheckAgain reconciles the open operation on one account, for an operator who waits for it. CodeDenied, also for an account outside the
// operator's scope; CodeNotFound when there is none.
func (d *Desk) CheckAgain(ctx context.Context, actor Actor, account AccountID) (Outcome, error) {
	o, err := d.allow(ctx, actor, rbac.CaseWork)
	if err != nil {
		return Unknown, err
	}
	if err := d.reach(ctx, o, account); err != nil {
		return Unknown, err
	}
	intents, err := d.Trail.OpenIntents(ctx, account)
	if err != nil {
		return Unknown, err
	}
	if len(intents) == 0 || d.flights.has(intents[0].Record.Operation) {
		return Unknown, Fail(CodeNotFound, sentence.Of("reconcile.nothing_open"))
	}
	if closed, err := d.reconcile(ctx, intents[0]); err != nil || !closed {
		return Unknown, err
	}
	was, err := d.Trail.Performed(ctx, intents[0].Record.Operation)
	return was.Record.Outcome, err
}

// reconcile compares the directory's own change times with those before the change. Where it was made after all, its owner is told now.
func (d *Desk) reconcile(ctx context.Context, i OpenIntent) (closed bool, err error) {
	dir, err := d.directory(i.Record.Subject.Directory)
	if err != nil {
		return false, err
	}
	now, err := d.readAccount(ctx, dir, i.Record.Subject.Key)
	gone := CodeOf(err) == CodeNotFound
	if err != nil && !gone {
		return false, err
	}
	rec := i.Record
	rec.Kind, rec.Intent, rec.At, rec.Detail = KindReconciled, i.Record.Seq, d.Clock.Now().UTC(), map[string]string{}
	c := Conclusion{Intent: i.Record.Seq}
	switch {
	case gone:
		rec.Outcome, rec.Code, rec.Reason = Failed, CodeNotFound, "reconcile.account_gone"
	case happened(rec.Verb, i.Record.Before, now):
		rec.Outcome, rec.Code, rec.Reason = Done, "", "reconcile.happened"
		c.Notices = noticesFor(noticeOf(rec.Verb), rec.Operation, d.caseOf(ctx, rec.Case), now, rec.At)
	case rec.At.Sub(i.Record.At) < d.Settings().Operation.Deadline+settle:
		return false, nil
	default:
		rec.Outcome, rec.Code, rec.Reason = Failed, CodeUnavailable, "reconcile.did_not_happen"
	}
	c.Record = rec
	if err := d.Trail.Reconcile(ctx, c); err != nil {
		return false, err
	}
	d.tell(Event{Kind: EventAccount, Account: rec.Subject, Case: rec.Case})
	return true, nil
}

// caseOf reads a case for what is told about it; one that cannot be read is named by its number alone.
func (d *Desk) caseOf(ctx context.Context, number int64) Case {
	c, err := d.Cases.Case(ctx, number)
	if err != nil {
		return Case{Number: number}
	}
	return c
}

// noticeOf is the notice that a change calls for.
func noticeOf(v Verb) NoticeKind {
	if v == VerbUnlock {
		return NoticeUnlocked
	}
	return NoticeReset
}

// happened reports whether a change took effect, from the account before and now.
func happened(v Verb, before Sighting, now Account) bool {
	if v == VerbUnlock {
		return (Unlock{}).happened(before, now)
	}
	return v == VerbReset && (Reset{}).happened(before, now)
}

// Mend clears the latch after the trail can be written again and open operations were looked at. CodeAuditUnavailable.
func (d *Desk) Mend(ctx context.Context) error {
	if err := d.Trail.Probe(ctx); err != nil {
		return err
	}
	if _, err := d.Recover(ctx); err != nil {
		return err
	}
	if d.latched.Swap(false) {
		d.Log.InfoContext(ctx, "the trail can be written again; changes are possible")
		d.tell(Event{Kind: EventHealth})
	}
	return nil
}

// Degraded reports whether changes are stopped because the trail could not be written.
func (d *Desk) Degraded() bool { return d.latched.Load() }
