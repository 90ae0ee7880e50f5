package storetest

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func caseTests() []func(*desk) {
	return []func(*desk){
		casesAreNumberedFromOne, aCaseComesBackAsItWasStored, aNewCaseIsRecordedUnderItsNumber, aCaseNobodyOpenedIsNotFound,
		aChangedCaseIsStored, anOutdatedCaseIsNotStored, oneOfManyChangesWins, twoChangesAtOneInstantDiffer, whomACaseIsAboutNeverChanges,
		casesAreListedNewestFirst, everyFilterOfCasesCounts, aListOfCasesIsBounded,
	}
}

// casesAreNumberedFromOne without gaps.
func casesAreNumberedFromOne(d *desk) {
	for want := int64(1); want <= 3; want++ {
		if c := d.opened(d.alice, d.jane); c.Number != want {
			d.Fatalf("number %d, want %d", c.Number, want)
		}
	}
}

// aCaseComesBackAsItWasStored with every byte of text from outside.
func aCaseComesBackAsItWasStored(d *desk) {
	want := core.Case{
		Number: 1, Ticket: untrusted.New("INC-1 \xff"), Person: d.jane, Desk: "Lisbon", Status: core.CaseOpen,
		OpenedBy: "alice", AssignedTo: "alice", OpenedAt: morning(), UpdatedAt: morning(),
	}
	d.same(d.opened(d.alice, d.jane), want)
	got, err := d.Case(d.Context(), 1)
	d.must(err)
	d.same(got, want)
}

// aNewCaseIsRecordedUnderItsNumber although the caller could not know it.
func aNewCaseIsRecordedUnderItsNumber(d *desk) {
	d.opened(d.alice, d.omar)
	c := d.opened(d.alice, d.jane)
	if r := d.last(); r.Case != c.Number || r.Subject != d.jane.ID || r.Verb != core.VerbOpenCase {
		d.Fatalf("the record is %+v", r)
	}
}

// aCaseNobodyOpenedIsNotFound by any method.
func aCaseNobodyOpenedIsNotFound(d *desk) {
	_, err := d.Case(d.Context(), 77)
	d.wants(err, core.CodeNotFound, "case.not_found")
	if f, ok := core.AsError(err).Said.Field("case"); !ok || f.Count != 77 {
		d.Fatalf("the sentence does not name the case: %+v", f)
	}
	_, err = d.UpdateCase(d.Context(), core.Case{Number: 77, Status: core.CaseOpen}, d.record(d.alice, d.jane))
	d.wants(err, core.CodeNotFound, "case.not_found")
	_, err = d.TakeCase(d.Context(), 77, d.record(d.alice, d.jane))
	d.wants(err, core.CodeNotFound, "case.not_found")
	if n := len(d.records(core.TrailFilter{})); n != 0 {
		d.Fatalf("%d records of nothing", n)
	}
}

// aChangedCaseIsStored whole and recorded.
func aChangedCaseIsStored(d *desk) {
	c := d.opened(d.alice, d.jane)
	at := d.later(time.Minute)
	c.Status, c.Code, c.ClosedAt, c.Ticket = core.CaseClosed, core.Unlocked, at, untrusted.New("INC-2")
	r := d.record(d.alice, d.jane)
	r.Verb = core.VerbCloseCase
	got, err := d.UpdateCase(d.Context(), c, r)
	d.must(err)
	c.UpdatedAt = at
	d.same(got, c)
	got, err = d.Case(d.Context(), c.Number)
	d.must(err)
	d.same(got, c)
	if d.last().Verb != core.VerbCloseCase {
		d.Fatal("the change was not recorded")
	}
}

// anOutdatedCaseIsNotStored and leaves no record.
func anOutdatedCaseIsNotStored(d *desk) {
	old := d.opened(d.alice, d.jane)
	d.later(time.Second)
	fresh := d.handedOver(old, d.alice, rbac.UserAdministrator)
	before := d.last().Seq
	old.Status = core.CaseClosed
	_, err := d.UpdateCase(d.Context(), old, d.record(d.alice, d.jane))
	d.wants(err, core.CodeConflict, "case.changed_meanwhile")
	got, err := d.Case(d.Context(), old.Number)
	d.must(err)
	d.same(got, fresh)
	if d.last().Seq != before {
		d.Fatal("a change that was not made is recorded")
	}
}

// oneOfManyChangesWins when all read the same state.
func oneOfManyChangesWins(d *desk) {
	c := d.opened(d.alice, d.jane)
	records := many(16, func() core.Record { return d.record(d.alice, d.jane) })
	won := d.race(len(records), func(i int) error {
		_, err := d.UpdateCase(d.Context(), c, records[i])
		return err
	}, core.CodeConflict)
	if won != 1 {
		d.Fatalf("%d changes of one state were stored", won)
	}
}

// twoChangesAtOneInstantDiffer, so that a clock that stands still lets nobody overwrite a change they have not seen.
func twoChangesAtOneInstantDiffer(d *desk) {
	first := d.opened(d.alice, d.jane)
	second, err := d.UpdateCase(d.Context(), first, d.record(d.alice, d.jane))
	d.must(err)
	if !second.UpdatedAt.After(first.UpdatedAt) {
		d.Fatalf("changed at %v, then at %v", first.UpdatedAt, second.UpdatedAt)
	}
	_, err = d.UpdateCase(d.Context(), first, d.record(d.alice, d.jane))
	d.wants(err, core.CodeConflict, "case.changed_meanwhile")
}

// whomACaseIsAboutNeverChanges, nor who opened it.
func whomACaseIsAboutNeverChanges(d *desk) {
	c := d.opened(d.alice, d.jane)
	was := c
	c.Person, c.OpenedBy, c.OpenedAt = d.omar, "mallory", d.later(time.Hour)
	_, err := d.UpdateCase(d.Context(), c, d.record(d.bob, d.jane))
	d.must(err)
	got, err := d.Case(d.Context(), c.Number)
	d.must(err)
	if got.Person.ID != d.jane.ID || got.OpenedBy != "alice" || !got.OpenedAt.Equal(was.OpenedAt) {
		d.Fatalf("the case is now %+v", got)
	}
}

// casesAreListedNewestFirst and waiting ones oldest first.
func casesAreListedNewestFirst(d *desk) {
	var cases []core.Case
	for range 4 {
		d.later(time.Minute)
		cases = append(cases, d.opened(d.alice, d.jane))
	}
	d.wantCases(core.CaseFilter{}, 4, 3, 2, 1)
	for _, i := range []int{2, 0} { // handed over in another order than opened
		d.later(time.Minute)
		d.handedOver(cases[i], d.alice, rbac.UserAdministrator)
	}
	d.wantCases(core.CaseFilter{Status: []core.CaseStatus{core.CaseWaiting}}, 3, 1)
	d.wantCases(core.CaseFilter{Waiting: []rbac.Role{rbac.UserAdministrator}}, 3, 1)
	d.wantCases(core.CaseFilter{}, 4, 3, 2, 1)
}

// everyFilterOfCasesCounts and all of them must hold.
func everyFilterOfCasesCounts(d *desk) {
	d.opened(d.alice, d.jane)         // 1
	two := d.opened(d.bob, d.jane)    // 2: handed to level 2, taken by carol
	three := d.opened(d.bob, d.omar)  // 3: waits for the administrator
	four := d.opened(d.alice, d.omar) // 4: closed
	d.handedOver(two, d.bob, rbac.UserAdministrator)
	_, err := d.TakeCase(d.Context(), 2, d.record(d.carol, d.jane))
	d.must(err)
	d.handedOver(three, d.bob, rbac.GlobalAdministrator)
	four.Status = core.CaseClosed
	_, err = d.UpdateCase(d.Context(), four, d.record(d.alice, d.omar))
	d.must(err)

	open, waiting, closed := core.CaseOpen, core.CaseWaiting, core.CaseClosed
	d.wantCases(core.CaseFilter{Status: []core.CaseStatus{open}}, 2, 1)
	d.wantCases(core.CaseFilter{Status: []core.CaseStatus{waiting, closed}}, 4, 3)
	d.wantCases(core.CaseFilter{AssignedTo: "carol"}, 2)
	d.wantCases(core.CaseFilter{AssignedTo: "alice", Status: []core.CaseStatus{open}}, 1)
	d.wantCases(core.CaseFilter{HandledBy: "bob"}, 3, 2)
	d.wantCases(core.CaseFilter{HandledBy: "carol"}, 2)
	d.wantCases(core.CaseFilter{HandledBy: "mallory"})
	d.wantCases(core.CaseFilter{Account: d.jane.ID}, 2, 1)
	d.wantCases(core.CaseFilter{Account: core.AccountID{Directory: "other", Key: d.jane.ID.Key}})
	d.wantCases(core.CaseFilter{Account: d.omar.ID, Status: []core.CaseStatus{waiting}}, 3)
	d.wantCases(core.CaseFilter{Waiting: []rbac.Role{rbac.UserAdministrator}})
	d.wantCases(core.CaseFilter{Waiting: []rbac.Role{rbac.UserAdministrator, rbac.GlobalAdministrator}}, 3)
}

// aListOfCasesIsBounded by what was asked for, by 100 otherwise.
func aListOfCasesIsBounded(d *desk) {
	for range 103 {
		d.opened(d.alice, d.jane)
	}
	for limit, want := range map[int]int{0: 100, 7: 7, 1000: 103} {
		got, err := d.ListCases(d.Context(), core.CaseFilter{Limit: limit})
		d.must(err)
		if len(got) != want || got[0].Number != 103 {
			d.Fatalf("limit %d: %d cases from %d on", limit, len(got), got[0].Number)
		}
	}
}

func (d *desk) wantCases(f core.CaseFilter, numbers ...int64) {
	d.Helper()
	cases, err := d.ListCases(d.Context(), f)
	d.must(err)
	var got []int64
	for _, c := range cases {
		got = append(got, c.Number)
	}
	d.same(got, numbers)
}
