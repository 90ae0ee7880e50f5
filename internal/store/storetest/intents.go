package storetest

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func intentTests() []func(*desk) {
	return []func(*desk){
		anIntentIsOpenUntilItsOutcome, anIntentComesBackAsItWasWritten, oneIntentPerAccount, oneOfManyIntendsOnAnAccount,
		anotherAccountIsNotBlocked, anOperationIsIntendedOnce, anIntentWithoutAnAccountIsRefused, theUnknownBlocksUntilReconciled,
		anIntentIsReconciledOnce, performedFindsHowItEnded, performedSaysWhenNothingWas, aDeniedOperationWasNotPerformed,
	}
}

func (d *desk) openIntents(account core.AccountID) []core.OpenIntent {
	d.Helper()
	open, err := d.OpenIntents(d.Context(), account)
	d.must(err)
	return open
}

// anIntentIsOpenUntilItsOutcome is recorded, with every outcome but Unknown.
func anIntentIsOpenUntilItsOutcome(d *desk) {
	c := d.opened(d.alice, d.jane)
	for _, o := range []core.Outcome{core.Done, core.Refused, core.Failed} {
		i := d.intent(c, d.alice)
		seq := d.intended(i)
		if open := d.openIntents(d.jane.ID); len(open) != 1 || open[0].Unknown || open[0].Record.Seq != seq {
			d.Fatalf("open before the outcome: %+v", open)
		}
		d.concluded(d.conclusion(i, seq, o))
		d.same(len(d.openIntents(core.AccountID{})), 0)
	}
}

// anIntentComesBackAsItWasWritten: Recover works with nothing else.
func anIntentComesBackAsItWasWritten(d *desk) {
	c := d.opened(d.alice, d.jane)
	e := d.proved(c, d.alice)
	i := d.intent(c, d.alice, e.ID)
	want := i.Record
	want.Seq = d.intended(i)
	for _, id := range []core.AccountID{d.jane.ID, {}} {
		d.same(d.openIntents(id), []core.OpenIntent{{Record: want}})
	}
	d.same(len(d.openIntents(d.omar.ID)), 0)
	d.same(d.last(), want)
}

// oneIntentPerAccount: whoever comes second is told, and nothing is recorded.
func oneIntentPerAccount(d *desk) {
	first, second := d.opened(d.alice, d.jane), d.opened(d.bob, d.jane)
	d.intended(d.intent(first, d.alice))
	before := d.last().Seq
	_, err := d.Intend(d.Context(), d.intent(second, d.bob))
	d.wants(err, core.CodeConflict, "conflict.other_operation")
	if d.last().Seq != before {
		d.Fatal("the refused intent left a record")
	}
}

// oneOfManyIntendsOnAnAccount at the same instant.
func oneOfManyIntendsOnAnAccount(d *desk) {
	c := d.opened(d.alice, d.jane)
	intents := many(16, func() core.Intent { return d.intent(c, d.alice) })
	won := d.race(len(intents), func(i int) error {
		_, err := d.Intend(d.Context(), intents[i])
		return err
	}, core.CodeConflict)
	if won != 1 || len(d.openIntents(d.jane.ID)) != 1 {
		d.Fatalf("%d intents on one account", won)
	}
}

// anotherAccountIsNotBlocked.
func anotherAccountIsNotBlocked(d *desk) {
	d.intended(d.intent(d.opened(d.alice, d.jane), d.alice))
	d.intended(d.intent(d.opened(d.alice, d.omar), d.alice))
	d.same(len(d.openIntents(core.AccountID{})), 2)
}

// anOperationIsIntendedOnce, also after it ended.
func anOperationIsIntendedOnce(d *desk) {
	c := d.opened(d.alice, d.jane)
	i := d.intent(c, d.alice)
	d.concluded(d.conclusion(i, d.intended(i), core.Refused))
	_, err := d.Intend(d.Context(), i)
	d.wants(err, core.CodeConflict, "conflict.other_operation")
}

// anIntentWithoutAnAccountIsRefused: it would block nobody, or everybody.
func anIntentWithoutAnAccountIsRefused(d *desk) {
	_, err := d.Intend(d.Context(), core.Intent{Record: core.Record{At: d.now, Kind: core.KindIntent, Operation: "op", Actor: d.alice}})
	d.wants(err, core.CodeAuditUnavailable, "error.audit_unavailable")
	i := d.intent(d.opened(d.alice, d.jane), d.alice)
	i.Record.Operation = ""
	_, err = d.Intend(d.Context(), i)
	d.wants(err, core.CodeAuditUnavailable, "error.audit_unavailable")
}

// theUnknownBlocksUntilReconciled and is told apart from an intent without any outcome.
func theUnknownBlocksUntilReconciled(d *desk) {
	c := d.opened(d.alice, d.jane)
	i := d.intent(c, d.alice)
	seq := d.intended(i)
	d.concluded(d.conclusion(i, seq, core.Unknown))
	open := d.openIntents(d.jane.ID)
	if len(open) != 1 || !open[0].Unknown || open[0].Record.Seq != seq || open[0].Record.Kind != core.KindIntent {
		d.Fatalf("open after an unknown outcome: %+v", open)
	}
	_, err := d.Intend(d.Context(), d.intent(c, d.bob))
	d.wants(err, core.CodeConflict, "conflict.other_operation")

	r := i.Record
	r.Kind, r.Outcome, r.Intent, r.Reason, r.At = core.KindReconciled, core.Done, seq, "reconcile.happened", d.later(time.Minute)
	made := core.Conclusion{Intent: seq, Record: r, Notices: []core.Notice{d.notice(c, "n1")}}
	d.must(d.Reconcile(d.Context(), made))
	d.same(len(d.openIntents(d.jane.ID)), 0)
	d.same(len(d.due(d.now)), 1)
	r.Seq = d.last().Seq
	d.same(d.last(), r)
	d.intended(d.intent(c, d.bob))
}

// anIntentIsReconciledOnce, however many looked at the directory.
func anIntentIsReconciledOnce(d *desk) {
	i := d.intent(d.opened(d.alice, d.jane), d.alice)
	seq := d.intended(i)
	r := d.conclusion(i, seq, core.Failed).Record
	r.Kind = core.KindReconciled
	d.must(d.Reconcile(d.Context(), core.Conclusion{Intent: seq, Record: r}))
	late := core.Conclusion{Intent: seq, Record: r, Notices: []core.Notice{d.notice(d.opened(d.alice, d.jane), "n1")}}
	before := d.last().Seq
	d.must(d.Reconcile(d.Context(), late))
	if d.last().Seq != before || len(d.due(d.now)) != 0 {
		d.Fatal("it was recorded twice")
	}
}

func (d *desk) performed(operation string) core.Concluded {
	d.Helper()
	was, err := d.Performed(d.Context(), operation)
	d.must(err)
	return was
}

// performedFindsHowItEnded: the latest of what was recorded.
func performedFindsHowItEnded(d *desk) {
	i := d.intent(d.opened(d.alice, d.jane), d.alice)
	op := i.Record.Operation
	seq := d.intended(i)
	if was := d.performed(op); !was.Open || was.Record.Seq != seq || was.Record.Kind != core.KindIntent {
		d.Fatalf("before the outcome: %+v", was)
	}
	unknown := d.conclusion(i, seq, core.Unknown)
	unknown.Record.Seq = d.concluded(unknown)
	d.same(d.performed(op), core.Concluded{Record: unknown.Record})

	r := unknown.Record
	r.Kind, r.Outcome = core.KindReconciled, core.Failed
	d.must(d.Reconcile(d.Context(), core.Conclusion{Intent: seq, Record: r}))
	r.Seq = d.last().Seq
	d.same(d.performed(op), core.Concluded{Record: r})
	if was := d.performed(op); was.Record.Personal["login"] != d.jane.Login.String() || was.Record.Subject != d.jane.ID {
		d.Fatalf("personal data are missing: %+v", was.Record)
	}
}

// performedSaysWhenNothingWas.
func performedSaysWhenNothingWas(d *desk) {
	d.opened(d.alice, d.jane)
	for _, op := range []string{"", "op_never", "op_1"} { // op_1 is the opening of the case: no change of an account
		_, err := d.Performed(d.Context(), op)
		d.wants(err, core.CodeNotFound, "operation.not_found")
	}
}

// aDeniedOperationWasNotPerformed: it may be tried again under the same id.
func aDeniedOperationWasNotPerformed(d *desk) {
	i := d.intent(d.opened(d.alice, d.jane), d.alice)
	denied := i.Record
	denied.Kind, denied.Code = core.KindDenied, core.CodeThrottled
	_, err := d.Append(d.Context(), denied)
	d.must(err)
	_, err = d.Performed(d.Context(), denied.Operation)
	d.wants(err, core.CodeNotFound, "operation.not_found")
	d.intended(i)
}
