package storetest

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func concludeTests() []func(*desk) {
	return []func(*desk){
		anOutcomeBringsEverythingThatBelongsToIt, whatChangedNothingKeepsTheEvidence, aConclusionOfNothingChangesNothing,
		aLateOutcomeIsRecordedAfterAReconciliation, theRealOutcomeFollowsAnAdmittedOne, otherCasesAndEvidenceAreLeftAlone,
	}
}

// notice is one notice about a case.
func (d *desk) notice(c core.Case, key string) core.Notice {
	return core.Notice{
		Key: key, Kind: core.NoticeReset, Channel: "mail", To: untrusted.New("jane \xff@example.org"), Name: c.Person.DisplayName,
		Login: c.Person.Login, Case: c.Number, Ticket: c.Ticket, At: d.now,
	}
}

// anOutcomeBringsEverythingThatBelongsToIt: record, spent evidence, case, notices.
func anOutcomeBringsEverythingThatBelongsToIt(d *desk) {
	c := d.opened(d.alice, d.jane)
	e := d.proved(c, d.alice)
	i := d.intent(c, d.alice, e.ID)
	seq := d.intended(i)
	at := d.later(time.Minute)
	done := d.conclusion(i, seq, core.Done)
	done.Spend, done.Case, done.Notices = []string{e.ID}, c, []core.Notice{d.notice(c, "n1"), d.notice(c, "n2")}
	number := d.concluded(done)

	done.Record.Seq = number
	d.same(d.last(), done.Record)
	e.SpentAt, e.SpentBy = at, i.Record.Operation
	d.same(d.evidence(c, e.ID), e)
	got, err := d.Case(d.Context(), c.Number)
	d.must(err)
	c.UpdatedAt = at
	d.same(got, c)
	d.same(d.due(at), done.Notices)
}

// whatChangedNothingKeepsTheEvidence and counts the write.
func whatChangedNothingKeepsTheEvidence(d *desk) {
	c := d.opened(d.alice, d.jane)
	e := d.proved(c, d.alice)
	for range 2 {
		i := d.intent(c, d.alice, e.ID)
		refused := d.conclusion(i, d.intended(i), core.Refused)
		refused.Keep = []string{e.ID}
		d.concluded(refused)
	}
	e.Writes = 2
	d.same(d.evidence(c, e.ID), e)
}

// aConclusionOfNothingChangesNothing: without an intent there is no outcome.
func aConclusionOfNothingChangesNothing(d *desk) {
	c := d.opened(d.alice, d.jane)
	e := d.proved(c, d.alice)
	before := d.last().Seq
	lost := d.conclusion(d.intent(c, d.alice, e.ID), 4711, core.Done)
	lost.Spend, lost.Notices = []string{e.ID}, []core.Notice{d.notice(c, "n1")}
	_, err := d.Conclude(d.Context(), lost)
	d.wants(err, core.CodeAuditUnavailable, "error.audit_unavailable")
	if d.last().Seq != before || len(d.due(d.now)) != 0 {
		d.Fatal("half of the conclusion was written")
	}
	d.same(d.evidence(c, e.ID), e)
}

// aLateOutcomeIsRecordedAfterAReconciliation, and the account stays free.
func aLateOutcomeIsRecordedAfterAReconciliation(d *desk) {
	c := d.opened(d.alice, d.jane)
	i := d.intent(c, d.alice)
	seq := d.intended(i)
	failed := d.conclusion(i, seq, core.Failed).Record
	failed.Kind = core.KindReconciled
	d.must(d.Reconcile(d.Context(), core.Conclusion{Intent: seq, Record: failed}))
	for _, late := range []core.Outcome{core.Unknown, core.Done} {
		d.concluded(d.conclusion(i, seq, late))
		d.same(len(d.openIntents(d.jane.ID)), 0)
		d.same(d.performed(i.Record.Operation).Record.Outcome, late)
	}
	d.intended(d.intent(c, d.alice))
}

// theRealOutcomeFollowsAnAdmittedOne: an operation that was taken for cut off ends all the same.
func theRealOutcomeFollowsAnAdmittedOne(d *desk) {
	c := d.opened(d.alice, d.jane)
	i := d.intent(c, d.alice)
	seq := d.intended(i)
	d.concluded(d.conclusion(i, seq, core.Unknown))
	d.concluded(d.conclusion(i, seq, core.Done))
	d.same(len(d.openIntents(d.jane.ID)), 0)
	d.same(d.performed(i.Record.Operation).Record.Outcome, core.Done)
}

// otherCasesAndEvidenceAreLeftAlone.
func otherCasesAndEvidenceAreLeftAlone(d *desk) {
	c, other := d.opened(d.alice, d.jane), d.opened(d.alice, d.omar)
	e, elsewhere := d.proved(c, d.alice), d.proved(other, d.alice)
	i := d.intent(c, d.alice, e.ID)
	d.later(time.Minute)
	done := d.conclusion(i, d.intended(i), core.Done)
	done.Spend, done.Case = []string{e.ID}, c
	d.concluded(done)
	got, err := d.Case(d.Context(), other.Number)
	d.must(err)
	d.same(got, other)
	d.same(d.evidence(other, elsewhere.ID), elsewhere)
}
