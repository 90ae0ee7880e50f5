package storetest

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func evidenceTests() []func(*desk) {
	return []func(*desk){
		EvidenceComesBackNewestFirst, AFailedDeliveryAllowsARepeat, ARepeatIsAllowedForSpentEvidenceAlone, ASecondUseOfEvidenceIsAConflict,
		ARepeatSpendsTheEvidenceAgain, UnknownEvidenceCarriesNoIntent,
	}
}

// EvidenceComesBackNewestFirst, as it was stored, of its own case alone.
func EvidenceComesBackNewestFirst(d *desk) {
	c, other := d.opened(alice, jane), d.opened(alice, omar)
	first := d.proved(c, alice)
	d.proved(other, alice)
	d.later(time.Minute)
	second := d.proved(c, alice)
	got, err := d.EvidenceOf(d.Context(), c.Number)
	d.must(err)
	d.same(got, []core.Evidence{second, first})
	got, err = d.EvidenceOf(d.Context(), 77)
	d.must(err)
	d.same(got, []core.Evidence{})
}

// spent is evidence that a reset has spent.
func (d *desk) spent(c core.Case) core.Evidence {
	d.Helper()
	e := d.proved(c, alice)
	i := d.intent(c, alice, e.ID)
	done := d.conclusion(i, d.intended(i), core.Done)
	done.Spend = []string{e.ID}
	d.concluded(done)
	return d.evidence(c, e.ID)
}

// AFailedDeliveryAllowsARepeat and is recorded.
func AFailedDeliveryAllowsARepeat(d *desk) {
	c := d.opened(alice, jane)
	e := d.spent(c)
	r := d.record(alice, jane)
	r.Reason = "delivery.failed"
	d.must(d.AllowRepeat(d.Context(), []string{e.ID}, d.now.Add(10*time.Minute), r))
	e.RepeatUntil = d.now.Add(10 * time.Minute)
	d.same(d.evidence(c, e.ID), e)
	if d.last().Reason != "delivery.failed" {
		d.Fatal("the repeat was not recorded")
	}
}

// ARepeatIsAllowedForSpentEvidenceAlone.
func ARepeatIsAllowedForSpentEvidenceAlone(d *desk) {
	c := d.opened(alice, jane)
	e := d.proved(c, alice)
	d.must(d.AllowRepeat(d.Context(), []string{e.ID}, d.now.Add(time.Minute), d.record(alice, jane)))
	d.same(d.evidence(c, e.ID), e)
}

// ASecondUseOfEvidenceIsAConflict although the first is over: it was weighed before the first was.
func ASecondUseOfEvidenceIsAConflict(d *desk) {
	c := d.opened(alice, jane)
	e := d.spent(c)
	before := d.last().Seq
	_, err := d.Intend(d.Context(), d.intent(c, alice, e.ID))
	d.wants(err, core.CodeConflict, "conflict.other_operation")
	if d.last().Seq != before {
		d.Fatal("the refused intent left a record")
	}
	open, err := d.OpenIntents(d.Context(), jane.ID)
	d.must(err)
	d.same(len(open), 0)
}

// ARepeatSpendsTheEvidenceAgain: it was allowed once.
func ARepeatSpendsTheEvidenceAgain(d *desk) {
	c := d.opened(alice, jane)
	e := d.spent(c)
	d.must(d.AllowRepeat(d.Context(), []string{e.ID}, d.now.Add(10*time.Minute), d.record(alice, jane)))
	at := d.later(time.Minute)
	i := d.intent(c, alice, e.ID)
	again := d.conclusion(i, d.intended(i), core.Done)
	again.Spend = []string{e.ID}
	d.concluded(again)
	got := d.evidence(c, e.ID)
	if !got.RepeatUntil.IsZero() || got.SpentBy != i.Record.Operation || !got.SpentAt.Equal(at) {
		d.Fatalf("after the repeat the evidence is %+v", got)
	}
	_, err := d.Intend(d.Context(), d.intent(c, alice, e.ID))
	d.wants(err, core.CodeConflict, "conflict.other_operation")
}

// UnknownEvidenceCarriesNoIntent.
func UnknownEvidenceCarriesNoIntent(d *desk) {
	c := d.opened(alice, jane)
	_, err := d.Intend(d.Context(), d.intent(c, alice, "ev_of_nobody"))
	d.wants(err, core.CodeConflict, "conflict.other_operation")
}
