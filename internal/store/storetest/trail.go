package storetest

import (
	"context"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

func trailTests() []func(*desk) {
	return []func(*desk){
		aRecordComesBackAsItWasWritten, recordsAreNumberedWithoutGaps, recordsComeNewestFirst, everyFilterOfRecordsCounts,
		aListOfRecordsIsBounded, personalDataWithoutAnAccountAreKept, notesAreWrittenSoon, aNoteIsTakenAsItIsNow, aWritableTrailAnswersTheProbe,
		aRecordThatIsTooLargeIsRefused, aCallerWhoWentAwayWritesNothing,
	}
}

// everything is a record with every field set.
func (d *desk) everything() core.Record {
	return core.Record{
		At: d.now, Kind: core.KindOutcome, Verb: core.VerbReset, Operation: "op_full", Actor: d.alice,
		Roles: []rbac.Role{rbac.GlobalAdministrator, rbac.ReportsReader}, Desk: "São Paulo", Policy: "v12", Case: 42, Ticket: "INC \"7\" <&> \u2028",
		Subject: d.jane.ID, Class: rbac.Guarded, Reason: "reconcile.happened", Outcome: core.Refused, Code: core.CodePolicy,
		Evidence: []string{"ev_1", "ev_2"}, Assurance: "strong+weak", Approval: "ap_1", Intent: 9,
		Before:   core.Sighting{Version: "20260302\t", PasswordSet: 1700000000123456789, Locked: true, MustChange: true},
		Detail:   map[string]string{"why": "history", "zebra": "last", "a\\b": "quoted"},
		Personal: map[string]string{"login": "jane.doe", "name": "Jane “JD” Doe", "sent_to": "j•••@example.org"},
	}
}

// aRecordComesBackAsItWasWritten, every field of it.
func aRecordComesBackAsItWasWritten(d *desk) {
	for _, want := range []core.Record{d.everything(), {At: d.now, Kind: core.KindSystem}} {
		seq, err := d.Append(d.Context(), want)
		d.must(err)
		want.Seq = seq
		d.same(d.last(), want)
	}
}

// recordsAreNumberedWithoutGaps from 1 on, whoever writes them; what was refused takes no number.
func recordsAreNumberedWithoutGaps(d *desk) {
	c := d.opened(d.alice, d.jane)
	d.intended(d.intent(c, d.alice))
	_, err := d.Intend(d.Context(), d.intent(c, d.alice))
	d.wants(err, core.CodeConflict, "")
	_, err = d.Append(d.Context(), d.record(d.alice, d.omar))
	d.must(err)
	all := d.records(core.TrailFilter{})
	d.same(len(all), 3)
	for i, r := range all {
		d.same(r.Seq, int64(len(all)-i))
	}
}

// recordsComeNewestFirst and can be paged through.
func recordsComeNewestFirst(d *desk) {
	for range 5 {
		_, err := d.Append(d.Context(), d.record(d.alice, d.jane))
		d.must(err)
	}
	d.wantRecords(core.TrailFilter{Limit: 2}, 5, 4)
	d.wantRecords(core.TrailFilter{Limit: 2, BeforeSeq: 4}, 3, 2)
	d.wantRecords(core.TrailFilter{Limit: 2, BeforeSeq: 2}, 1)
	d.wantRecords(core.TrailFilter{Limit: 2, BeforeSeq: 1})
}

// everyFilterOfRecordsCounts and all of them must hold; a person's own records and those of their cases are one list.
func everyFilterOfRecordsCounts(d *desk) {
	d.opened(d.alice, d.jane)               // 1, case 1
	d.opened(d.bob, d.omar)                 // 2, case 2
	look := d.record(d.bob, d.jane)         // 3, in alice's case
	look.Kind, look.Case = core.KindLook, 1 //
	seen := d.record(d.carol, d.omar)       // 4, in no case
	seen.Kind = core.KindLook
	for _, r := range []core.Record{look, seen} {
		_, err := d.Append(d.Context(), r)
		d.must(err)
	}
	d.wantRecords(core.TrailFilter{Operator: "bob"}, 3, 2)
	d.wantRecords(core.TrailFilter{Cases: "alice"}, 3, 1)
	d.wantRecords(core.TrailFilter{Operator: "bob", Cases: "bob"}, 3, 2)
	d.wantRecords(core.TrailFilter{Operator: "alice", Cases: "alice"}, 3, 1)
	d.wantRecords(core.TrailFilter{Operator: "carol", Cases: "bob"}, 4, 2)
	d.wantRecords(core.TrailFilter{Account: d.jane.ID}, 3, 1)
	d.wantRecords(core.TrailFilter{Account: core.AccountID{Directory: "corp", Key: "nobody"}})
	d.wantRecords(core.TrailFilter{Case: 1}, 3, 1)
	d.wantRecords(core.TrailFilter{Kinds: []core.RecordKind{core.KindLook}}, 4, 3)
	d.wantRecords(core.TrailFilter{Kinds: []core.RecordKind{core.KindLook, core.KindDesk}, Operator: "bob", Case: 1, Account: d.jane.ID}, 3)
}

// aListOfRecordsIsBounded by what was asked for, by 100 otherwise.
func aListOfRecordsIsBounded(d *desk) {
	for range 103 {
		d.Note(d.record(d.alice, d.jane))
	}
	d.eventually(func() bool { return len(d.records(core.TrailFilter{Limit: 1000})) == 103 })
	d.same(len(d.records(core.TrailFilter{})), 100)
	d.same(len(d.records(core.TrailFilter{Limit: 7})), 7)
}

// personalDataWithoutAnAccountAreKept: somebody signed in who is nobody's account.
func personalDataWithoutAnAccountAreKept(d *desk) {
	r := core.Record{At: d.now, Kind: core.KindSystem, Personal: map[string]string{"name": "somebody"}}
	_, err := d.Append(d.Context(), r)
	d.must(err)
	r.Seq = 1
	d.same(d.last(), r)
}

// notesAreWrittenSoon, in the order in which they came.
func notesAreWrittenSoon(d *desk) {
	for i := range 300 {
		r := d.record(d.alice, d.jane)
		r.Kind, r.Case = core.KindLook, int64(i+1)
		d.Note(r)
	}
	d.eventually(func() bool { return len(d.records(core.TrailFilter{Limit: 1000})) == 300 })
	for i, r := range d.records(core.TrailFilter{Limit: 1000}) {
		if r.Case != int64(300-i) || r.Seq != r.Case {
			d.Fatalf("note %d has number %d", r.Case, r.Seq)
		}
	}
}

// aNoteIsTakenAsItIsNow: whoever noted it may go on using their maps.
func aNoteIsTakenAsItIsNow(d *desk) {
	r := d.record(d.alice, d.jane)
	want := d.record(d.alice, d.jane)
	want.Operation, want.Seq = r.Operation, 1
	d.Note(r)
	r.Detail["why"], r.Personal["name"], r.Roles[0] = "changed", "changed", "changed"
	d.eventually(func() bool { return len(d.records(core.TrailFilter{})) == 1 })
	d.same(d.last(), want)
}

// aWritableTrailAnswersTheProbe and leaves no record of it.
func aWritableTrailAnswersTheProbe(d *desk) {
	d.must(d.Probe(d.Context()))
	d.must(d.Probe(d.Context()))
	d.same(len(d.records(core.TrailFilter{})), 0)
}

// aRecordThatIsTooLargeIsRefused, and the next one is written.
func aRecordThatIsTooLargeIsRefused(d *desk) {
	r := d.record(d.alice, d.jane)
	r.Detail = map[string]string{"why": strings.Repeat("x", 1<<20)}
	_, err := d.Append(d.Context(), r)
	d.wants(err, core.CodeAuditUnavailable, "error.audit_unavailable")
	d.Note(r)
	d.Note(d.record(d.alice, d.jane))
	d.eventually(func() bool { return len(d.records(core.TrailFilter{})) >= 1 })
}

// aCallerWhoWentAwayWritesNothing and is not told that the trail is broken.
func aCallerWhoWentAwayWritesNothing(d *desk) {
	c := d.opened(d.alice, d.jane)
	ctx, cancel := context.WithCancel(d.Context())
	cancel()
	_, err := d.Intend(ctx, d.intent(c, d.alice))
	d.wants(err, core.CodeUnavailable, "error.cancelled")
	_, err = d.Case(ctx, c.Number)
	d.wants(err, core.CodeUnavailable, "error.cancelled")
	d.same(len(d.records(core.TrailFilter{})), 1)
}

func (d *desk) wantRecords(f core.TrailFilter, numbers ...int64) {
	d.Helper()
	var got []int64
	for _, r := range d.records(f) {
		got = append(got, r.Seq)
	}
	d.same(got, numbers)
}

// eventually waits until a condition holds; ten seconds are only a guard.
func (d *desk) eventually(holds func() bool) {
	d.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	guard := time.After(10 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-guard:
			d.Fatal("it did not come to hold")
		}
	}
}
