package storetest

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func handoffTests() []func(*desk) {
	return []func(*desk){
		AHandoffComesBackAsItWasStored, ATakenCaseBelongsToTheTaker, OneOfManyTakesAWaitingCase, ACaseThatDoesNotWaitIsNotTaken,
		UsableEvidenceTravelsWithTheCase, EverybodyWhoHadACaseInHandsFindsIt,
	}
}

// AHandoffComesBackAsItWasStored with its reason as it was typed.
func AHandoffComesBackAsItWasStored(d *desk) {
	c := d.opened(alice, jane)
	at := d.later(time.Minute)
	d.handedOver(c, alice, rbac.UserAdministrator)
	got, err := d.Case(d.Context(), c.Number)
	d.must(err)
	d.same(got.Handoff, core.Handoff{
		To: rbac.UserAdministrator, Wanted: core.VerbUnlock, Reason: untrusted.New("locked \x07 again"), By: "alice",
		At: at, Evidence: at.Add(time.Minute),
	})
	if got.Status != core.CaseWaiting || got.AssignedTo != "" {
		d.Fatalf("the case is %s and assigned to %q", got.Status, got.AssignedTo)
	}
}

// ATakenCaseBelongsToTheTaker and says so.
func ATakenCaseBelongsToTheTaker(d *desk) {
	c := d.handedOver(d.opened(alice, jane), alice, rbac.UserAdministrator)
	at := d.later(time.Minute)
	r := d.record(bob, jane)
	r.Verb = core.VerbTakeHandoff
	got, err := d.TakeCase(d.Context(), c.Number, r)
	d.must(err)
	c.Status, c.AssignedTo, c.UpdatedAt = core.CaseOpen, "bob", at
	c.Handoff.TakenBy, c.Handoff.TakenAt = "bob", at
	d.same(got, c)
	stored, err := d.Case(d.Context(), c.Number)
	d.must(err)
	d.same(stored, c)
	if d.last().Verb != core.VerbTakeHandoff {
		d.Fatal("the taking was not recorded")
	}
}

// OneOfManyTakesAWaitingCase and the others are told that it is taken.
func OneOfManyTakesAWaitingCase(d *desk) {
	c := d.handedOver(d.opened(alice, jane), alice, rbac.UserAdministrator)
	records := make([]core.Record, 12)
	for i := range records {
		records[i] = d.record(bob, jane)
	}
	var won atomic.Int32
	var all sync.WaitGroup
	for _, r := range records {
		all.Go(func() {
			_, err := d.TakeCase(d.Context(), c.Number, r)
			switch {
			case err == nil:
				won.Add(1)
			case core.CodeOf(err) != core.CodeConflict || core.AsError(err).Said.ID != "case.taken":
				d.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		d.Fatalf("%d operators took one case", won.Load())
	}
}

// ACaseThatDoesNotWaitIsNotTaken whether it is open or closed.
func ACaseThatDoesNotWaitIsNotTaken(d *desk) {
	c := d.opened(alice, jane)
	_, err := d.TakeCase(d.Context(), c.Number, d.record(bob, jane))
	d.wants(err, core.CodeConflict, "case.taken")
	c.Status = core.CaseClosed
	_, err = d.UpdateCase(d.Context(), c, d.record(alice, jane))
	d.must(err)
	_, err = d.TakeCase(d.Context(), c.Number, d.record(bob, jane))
	d.wants(err, core.CodeConflict, "case.taken")
}

// UsableEvidenceTravelsWithTheCase; spent and expired evidence stays where it was, and other cases are not touched.
func UsableEvidenceTravelsWithTheCase(d *desk) {
	c, other := d.opened(alice, jane), d.opened(alice, jane)
	expired := d.proved(c, alice)
	d.later(9 * time.Minute)
	spent, usable, elsewhere := d.proved(c, alice), d.proved(c, alice), d.proved(other, alice)
	i := d.intent(c, alice, spent.ID)
	done := d.conclusion(i, d.intended(i), core.Done)
	done.Spend = []string{spent.ID}
	d.concluded(done)
	d.later(2 * time.Minute)
	c, err := d.Case(d.Context(), c.Number)
	d.must(err)
	d.handedOver(c, alice, rbac.UserAdministrator)
	_, err = d.TakeCase(d.Context(), c.Number, d.record(bob, jane))
	d.must(err)

	want := usable
	want.Operator, want.Credential, want.ReboundFrom = bob.OperatorID, bob.Credential, alice.OperatorID
	d.same(d.evidence(c, usable.ID), want)
	d.same(d.last().Evidence, []string{usable.ID})
	d.same(d.evidence(c, expired.ID), expired)
	d.same(d.evidence(other, elsewhere.ID), elsewhere)
	if e := d.evidence(c, spent.ID); e.Operator != alice.OperatorID || e.ReboundFrom != "" {
		d.Fatalf("spent evidence went along: %+v", e)
	}
}

// EverybodyWhoHadACaseInHandsFindsIt also after further handoffs.
func EverybodyWhoHadACaseInHandsFindsIt(d *desk) {
	c := d.opened(alice, jane)
	for _, to := range []core.Actor{bob, carol} {
		from := core.Actor{OperatorID: c.AssignedTo}
		d.handedOver(c, from, rbac.UserAdministrator)
		var err error
		c, err = d.TakeCase(d.Context(), c.Number, d.record(to, jane))
		d.must(err)
	}
	for _, o := range []core.Actor{alice, bob, carol} {
		d.wantCases(core.CaseFilter{HandledBy: o.OperatorID}, c.Number)
		if len(d.records(core.TrailFilter{Cases: o.OperatorID})) == 0 {
			d.Errorf("%s does not see the records of the case", o.OperatorID)
		}
	}
}
