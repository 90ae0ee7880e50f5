package storetest

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func handoffTests() []func(*desk) {
	return []func(*desk){
		aHandoffComesBackAsItWasStored, aTakenCaseBelongsToTheTaker, oneOfManyTakesAWaitingCase, aCaseThatDoesNotWaitIsNotTaken,
		usableEvidenceTravelsWithTheCase, everybodyWhoHadACaseInHandsFindsIt,
	}
}

// aHandoffComesBackAsItWasStored with its reason as it was typed.
func aHandoffComesBackAsItWasStored(d *desk) {
	c := d.opened(d.alice, d.jane)
	at := d.later(time.Minute)
	d.handedOver(c, d.alice, rbac.UserAdministrator)
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

// aTakenCaseBelongsToTheTaker and says so.
func aTakenCaseBelongsToTheTaker(d *desk) {
	c := d.handedOver(d.opened(d.alice, d.jane), d.alice, rbac.UserAdministrator)
	at := d.later(time.Minute)
	r := d.record(d.bob, d.jane)
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

// oneOfManyTakesAWaitingCase and the others are told that it is taken.
func oneOfManyTakesAWaitingCase(d *desk) {
	c := d.handedOver(d.opened(d.alice, d.jane), d.alice, rbac.UserAdministrator)
	records := many(12, func() core.Record { return d.record(d.bob, d.jane) })
	won := d.race(len(records), func(i int) error {
		_, err := d.TakeCase(d.Context(), c.Number, records[i])
		return err
	}, core.CodeConflict)
	if won != 1 {
		d.Fatalf("%d operators took one case", won)
	}
	_, err := d.TakeCase(d.Context(), c.Number, records[0])
	d.wants(err, core.CodeConflict, "case.taken")
}

// aCaseThatDoesNotWaitIsNotTaken whether it is open or closed.
func aCaseThatDoesNotWaitIsNotTaken(d *desk) {
	c := d.opened(d.alice, d.jane)
	_, err := d.TakeCase(d.Context(), c.Number, d.record(d.bob, d.jane))
	d.wants(err, core.CodeConflict, "case.taken")
	c.Status = core.CaseClosed
	_, err = d.UpdateCase(d.Context(), c, d.record(d.alice, d.jane))
	d.must(err)
	_, err = d.TakeCase(d.Context(), c.Number, d.record(d.bob, d.jane))
	d.wants(err, core.CodeConflict, "case.taken")
}

// usableEvidenceTravelsWithTheCase; spent and expired evidence stays where it was, and other cases are not touched.
func usableEvidenceTravelsWithTheCase(d *desk) {
	c, other := d.opened(d.alice, d.jane), d.opened(d.alice, d.jane)
	expired := d.proved(c, d.alice)
	d.later(9 * time.Minute)
	spent, usable, elsewhere := d.proved(c, d.alice), d.proved(c, d.alice), d.proved(other, d.alice)
	i := d.intent(c, d.alice, spent.ID)
	done := d.conclusion(i, d.intended(i), core.Done)
	done.Spend = []string{spent.ID}
	d.concluded(done)
	d.later(2 * time.Minute)
	c, err := d.Case(d.Context(), c.Number)
	d.must(err)
	d.handedOver(c, d.alice, rbac.UserAdministrator)
	_, err = d.TakeCase(d.Context(), c.Number, d.record(d.bob, d.jane))
	d.must(err)

	want := usable
	want.Operator, want.Credential, want.ReboundFrom = d.bob.OperatorID, d.bob.Credential, d.alice.OperatorID
	d.same(d.evidence(c, usable.ID), want)
	d.same(d.last().Evidence, []string{usable.ID})
	d.same(d.evidence(c, expired.ID), expired)
	d.same(d.evidence(other, elsewhere.ID), elsewhere)
	if e := d.evidence(c, spent.ID); e.Operator != d.alice.OperatorID || e.ReboundFrom != "" {
		d.Fatalf("spent evidence went along: %+v", e)
	}
}

// everybodyWhoHadACaseInHandsFindsIt also after further handoffs.
func everybodyWhoHadACaseInHandsFindsIt(d *desk) {
	c := d.opened(d.alice, d.jane)
	for _, to := range []core.Actor{d.bob, d.carol} {
		from := core.Actor{OperatorID: c.AssignedTo}
		d.handedOver(c, from, rbac.UserAdministrator)
		var err error
		c, err = d.TakeCase(d.Context(), c.Number, d.record(to, d.jane))
		d.must(err)
	}
	for _, o := range []core.Actor{d.alice, d.bob, d.carol} {
		d.wantCases(core.CaseFilter{HandledBy: o.OperatorID}, c.Number)
		if len(d.records(core.TrailFilter{Cases: o.OperatorID})) == 0 {
			d.Errorf("%s does not see the records of the case", o.OperatorID)
		}
	}
}
