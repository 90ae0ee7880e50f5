package storetest

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func evidenceTests() []func(*desk) {
	return []func(*desk){
		evidenceComesBackNewestFirst, aFailedDeliveryAllowsARepeat, aRepeatIsAllowedForSpentEvidenceAlone, aSecondUseOfEvidenceIsAConflict,
		aRepeatSpendsTheEvidenceAgain, unknownEvidenceCarriesNoIntent,
	}
}

// evidenceComesBackNewestFirst, as it was stored, of its own case alone.
func evidenceComesBackNewestFirst(d *desk) {
	c, other := d.opened(d.alice, d.jane), d.opened(d.alice, d.omar)
	first := d.proved(c, d.alice)
	d.proved(other, d.alice)
	d.later(time.Minute)
	second := d.proved(c, d.alice)
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
	e := d.proved(c, d.alice)
	i := d.intent(c, d.alice, e.ID)
	done := d.conclusion(i, d.intended(i), core.Done)
	done.Spend = []string{e.ID}
	d.concluded(done)
	return d.evidence(c, e.ID)
}

// aFailedDeliveryAllowsARepeat and is recorded.
func aFailedDeliveryAllowsARepeat(d *desk) {
	c := d.opened(d.alice, d.jane)
	e := d.spent(c)
	r := d.record(d.alice, d.jane)
	r.Reason = "delivery.failed"
	d.must(d.AllowRepeat(d.Context(), []string{e.ID}, d.now.Add(10*time.Minute), r))
	e.RepeatUntil = d.now.Add(10 * time.Minute)
	d.same(d.evidence(c, e.ID), e)
	if d.last().Reason != "delivery.failed" {
		d.Fatal("the repeat was not recorded")
	}
}

// aRepeatIsAllowedForSpentEvidenceAlone.
func aRepeatIsAllowedForSpentEvidenceAlone(d *desk) {
	c := d.opened(d.alice, d.jane)
	e := d.proved(c, d.alice)
	d.must(d.AllowRepeat(d.Context(), []string{e.ID}, d.now.Add(time.Minute), d.record(d.alice, d.jane)))
	d.same(d.evidence(c, e.ID), e)
}

// aSecondUseOfEvidenceIsAConflict although the first is over: it was weighed before the first was.
func aSecondUseOfEvidenceIsAConflict(d *desk) {
	c := d.opened(d.alice, d.jane)
	e := d.spent(c)
	before := d.last().Seq
	_, err := d.Intend(d.Context(), d.intent(c, d.alice, e.ID))
	d.wants(err, core.CodeConflict, "conflict.other_operation")
	if d.last().Seq != before {
		d.Fatal("the refused intent left a record")
	}
	open, err := d.OpenIntents(d.Context(), d.jane.ID)
	d.must(err)
	d.same(len(open), 0)
}

// aRepeatSpendsTheEvidenceAgain: it was allowed once.
func aRepeatSpendsTheEvidenceAgain(d *desk) {
	c := d.opened(d.alice, d.jane)
	e := d.spent(c)
	d.must(d.AllowRepeat(d.Context(), []string{e.ID}, d.now.Add(10*time.Minute), d.record(d.alice, d.jane)))
	at := d.later(time.Minute)
	i := d.intent(c, d.alice, e.ID)
	again := d.conclusion(i, d.intended(i), core.Done)
	again.Spend = []string{e.ID}
	d.concluded(again)
	got := d.evidence(c, e.ID)
	if !got.RepeatUntil.IsZero() || got.SpentBy != i.Record.Operation || !got.SpentAt.Equal(at) {
		d.Fatalf("after the repeat the evidence is %+v", got)
	}
	_, err := d.Intend(d.Context(), d.intent(c, d.alice, e.ID))
	d.wants(err, core.CodeConflict, "conflict.other_operation")
}

// unknownEvidenceCarriesNoIntent.
func unknownEvidenceCarriesNoIntent(d *desk) {
	c := d.opened(d.alice, d.jane)
	_, err := d.Intend(d.Context(), d.intent(c, d.alice, "ev_of_nobody"))
	d.wants(err, core.CodeConflict, "conflict.other_operation")
}
