package storetest

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func intentTests() []func(*desk) {
	return []func(*desk){
		AnIntentIsOpenUntilItsOutcome, AnIntentComesBackAsItWasWritten, OneIntentPerAccount, OneOfManyIntendsOnAnAccount,
		AnotherAccountIsNotBlocked, AnOperationIsIntendedOnce, AnIntentWithoutAnAccountIsRefused, TheUnknownBlocksUntilReconciled,
		AnIntentIsReconciledOnce, PerformedFindsHowItEnded, PerformedSaysWhenNothingWas, ADeniedOperationWasNotPerformed,
	}
}

func (d *desk) openIntents(account core.AccountID) []core.OpenIntent {
	d.Helper()
	open, err := d.OpenIntents(d.Context(), account)
	d.must(err)
	return open
}

// AnIntentIsOpenUntilItsOutcome is recorded, with every outcome but Unknown.
func AnIntentIsOpenUntilItsOutcome(d *desk) {
	c := d.opened(alice, jane)
	for _, o := range []core.Outcome{core.Done, core.Refused, core.Failed} {
		i := d.intent(c, alice)
		seq := d.intended(i)
		if open := d.openIntents(jane.ID); len(open) != 1 || open[0].Unknown || open[0].Record.Seq != seq {
			d.Fatalf("open before the outcome: %+v", open)
		}
		d.concluded(d.conclusion(i, seq, o))
		d.same(len(d.openIntents(core.AccountID{})), 0)
	}
}

// AnIntentComesBackAsItWasWritten: Recover works with nothing else.
func AnIntentComesBackAsItWasWritten(d *desk) {
	c := d.opened(alice, jane)
	e := d.proved(c, alice)
	i := d.intent(c, alice, e.ID)
	want := i.Record
	want.Seq = d.intended(i)
	for _, id := range []core.AccountID{jane.ID, {}} {
		d.same(d.openIntents(id), []core.OpenIntent{{Record: want}})
	}
	d.same(len(d.openIntents(omar.ID)), 0)
	d.same(d.last(), want)
}

// OneIntentPerAccount: whoever comes second is told, and nothing is recorded.
func OneIntentPerAccount(d *desk) {
	first, second := d.opened(alice, jane), d.opened(bob, jane)
	d.intended(d.intent(first, alice))
	before := d.last().Seq
	_, err := d.Intend(d.Context(), d.intent(second, bob))
	d.wants(err, core.CodeConflict, "conflict.other_operation")
	if d.last().Seq != before {
		d.Fatal("the refused intent left a record")
	}
}

// OneOfManyIntendsOnAnAccount at the same instant.
func OneOfManyIntendsOnAnAccount(d *desk) {
	c := d.opened(alice, jane)
	intents := make([]core.Intent, 16)
	for i := range intents {
		intents[i] = d.intent(c, alice)
	}
	var won atomic.Int32
	var all sync.WaitGroup
	for _, i := range intents {
		all.Go(func() {
			_, err := d.Intend(d.Context(), i)
			switch core.CodeOf(err) {
			case "":
				won.Add(1)
			case core.CodeConflict:
			default:
				d.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 || len(d.openIntents(jane.ID)) != 1 {
		d.Fatalf("%d intents on one account", won.Load())
	}
}

// AnotherAccountIsNotBlocked.
func AnotherAccountIsNotBlocked(d *desk) {
	d.intended(d.intent(d.opened(alice, jane), alice))
	d.intended(d.intent(d.opened(alice, omar), alice))
	d.same(len(d.openIntents(core.AccountID{})), 2)
}

// AnOperationIsIntendedOnce, also after it ended.
func AnOperationIsIntendedOnce(d *desk) {
	c := d.opened(alice, jane)
	i := d.intent(c, alice)
	d.concluded(d.conclusion(i, d.intended(i), core.Refused))
	_, err := d.Intend(d.Context(), i)
	d.wants(err, core.CodeConflict, "conflict.other_operation")
}

// AnIntentWithoutAnAccountIsRefused: it would block nobody, or everybody.
func AnIntentWithoutAnAccountIsRefused(d *desk) {
	_, err := d.Intend(d.Context(), core.Intent{Record: core.Record{At: d.now, Kind: core.KindIntent, Operation: "op", Actor: alice}})
	d.wants(err, core.CodeAuditUnavailable, "error.audit_unavailable")
	i := d.intent(d.opened(alice, jane), alice)
	i.Record.Operation = ""
	_, err = d.Intend(d.Context(), i)
	d.wants(err, core.CodeAuditUnavailable, "error.audit_unavailable")
}

// TheUnknownBlocksUntilReconciled and is told apart from an intent without any outcome.
func TheUnknownBlocksUntilReconciled(d *desk) {
	c := d.opened(alice, jane)
	i := d.intent(c, alice)
	seq := d.intended(i)
	d.concluded(d.conclusion(i, seq, core.Unknown))
	open := d.openIntents(jane.ID)
	if len(open) != 1 || !open[0].Unknown || open[0].Record.Seq != seq || open[0].Record.Kind != core.KindIntent {
		d.Fatalf("open after an unknown outcome: %+v", open)
	}
	_, err := d.Intend(d.Context(), d.intent(c, bob))
	d.wants(err, core.CodeConflict, "conflict.other_operation")

	r := i.Record
	r.Kind, r.Outcome, r.Intent, r.Reason, r.At = core.KindReconciled, core.Done, seq, "reconcile.happened", d.later(time.Minute)
	d.must(d.Reconcile(d.Context(), seq, r))
	d.same(len(d.openIntents(jane.ID)), 0)
	r.Seq = d.last().Seq
	d.same(d.last(), r)
	d.intended(d.intent(c, bob))
}

// AnIntentIsReconciledOnce, however many looked at the directory.
func AnIntentIsReconciledOnce(d *desk) {
	i := d.intent(d.opened(alice, jane), alice)
	seq := d.intended(i)
	r := d.conclusion(i, seq, core.Failed).Record
	r.Kind = core.KindReconciled
	d.must(d.Reconcile(d.Context(), seq, r))
	before := d.last().Seq
	d.must(d.Reconcile(d.Context(), seq, r))
	if d.last().Seq != before {
		d.Fatal("it was recorded twice")
	}
}

func (d *desk) performed(operation string) core.Concluded {
	d.Helper()
	was, err := d.Performed(d.Context(), operation)
	d.must(err)
	return was
}

// PerformedFindsHowItEnded: the latest of what was recorded.
func PerformedFindsHowItEnded(d *desk) {
	i := d.intent(d.opened(alice, jane), alice)
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
	d.must(d.Reconcile(d.Context(), seq, r))
	r.Seq = d.last().Seq
	d.same(d.performed(op), core.Concluded{Record: r})
	if was := d.performed(op); was.Record.Personal["login"] != jane.Login.String() || was.Record.Subject != jane.ID {
		d.Fatalf("personal data are missing: %+v", was.Record)
	}
}

// PerformedSaysWhenNothingWas.
func PerformedSaysWhenNothingWas(d *desk) {
	d.opened(alice, jane)
	for _, op := range []string{"", "op_never", "op_1"} { // op_1 is the opening of the case: no change of an account
		_, err := d.Performed(d.Context(), op)
		d.wants(err, core.CodeNotFound, "operation.not_found")
	}
}

// ADeniedOperationWasNotPerformed: it may be tried again under the same id.
func ADeniedOperationWasNotPerformed(d *desk) {
	i := d.intent(d.opened(alice, jane), alice)
	denied := i.Record
	denied.Kind, denied.Code = core.KindDenied, core.CodeThrottled
	_, err := d.Append(d.Context(), denied)
	d.must(err)
	_, err = d.Performed(d.Context(), denied.Operation)
	d.wants(err, core.CodeNotFound, "operation.not_found")
	d.intended(i)
}
