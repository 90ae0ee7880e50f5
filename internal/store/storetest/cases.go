package storetest

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func caseTests() []func(*desk) {
	return []func(*desk){
		CasesAreNumberedFromOne, ACaseComesBackAsItWasStored, ANewCaseIsRecordedUnderItsNumber, ACaseNobodyOpenedIsNotFound,
		AChangedCaseIsStored, AnOutdatedCaseIsNotStored, OneOfManyChangesWins, TwoChangesAtOneInstantDiffer, WhomACaseIsAboutNeverChanges,
		CasesAreListedNewestFirst, EveryFilterOfCasesCounts, AListOfCasesIsBounded,
	}
}

// CasesAreNumberedFromOne without gaps.
func CasesAreNumberedFromOne(d *desk) {
	for want := int64(1); want <= 3; want++ {
		if c := d.opened(alice, jane); c.Number != want {
			d.Fatalf("number %d, want %d", c.Number, want)
		}
	}
}

// ACaseComesBackAsItWasStored with every byte of text from outside.
func ACaseComesBackAsItWasStored(d *desk) {
	want := core.Case{
		Number: 1, Ticket: untrusted.New("INC-1 \xff"), Person: jane, Desk: "Lisbon", Status: core.CaseOpen,
		OpenedBy: "alice", AssignedTo: "alice", OpenedAt: morning, UpdatedAt: morning,
	}
	d.same(d.opened(alice, jane), want)
	got, err := d.Case(d.Context(), 1)
	d.must(err)
	d.same(got, want)
}

// ANewCaseIsRecordedUnderItsNumber although the caller could not know it.
func ANewCaseIsRecordedUnderItsNumber(d *desk) {
	d.opened(alice, omar)
	c := d.opened(alice, jane)
	if r := d.last(); r.Case != c.Number || r.Subject != jane.ID || r.Verb != core.VerbOpenCase {
		d.Fatalf("the record is %+v", r)
	}
}

// ACaseNobodyOpenedIsNotFound by any method.
func ACaseNobodyOpenedIsNotFound(d *desk) {
	_, err := d.Case(d.Context(), 77)
	d.wants(err, core.CodeNotFound, "case.not_found")
	if f, ok := core.AsError(err).Said.Field("case"); !ok || f.Count != 77 {
		d.Fatalf("the sentence does not name the case: %+v", f)
	}
	_, err = d.UpdateCase(d.Context(), core.Case{Number: 77, Status: core.CaseOpen}, d.record(alice, jane))
	d.wants(err, core.CodeNotFound, "case.not_found")
	_, err = d.TakeCase(d.Context(), 77, d.record(alice, jane))
	d.wants(err, core.CodeNotFound, "case.not_found")
	if n := len(d.records(core.TrailFilter{})); n != 0 {
		d.Fatalf("%d records of nothing", n)
	}
}

// AChangedCaseIsStored whole and recorded.
func AChangedCaseIsStored(d *desk) {
	c := d.opened(alice, jane)
	at := d.later(time.Minute)
	c.Status, c.Code, c.ClosedAt, c.Ticket = core.CaseClosed, core.Unlocked, at, untrusted.New("INC-2")
	r := d.record(alice, jane)
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

// AnOutdatedCaseIsNotStored and leaves no record.
func AnOutdatedCaseIsNotStored(d *desk) {
	old := d.opened(alice, jane)
	d.later(time.Second)
	fresh := d.handedOver(old, alice, rbac.UserAdministrator)
	before := d.last().Seq
	old.Status = core.CaseClosed
	_, err := d.UpdateCase(d.Context(), old, d.record(alice, jane))
	d.wants(err, core.CodeConflict, "case.changed_meanwhile")
	got, err := d.Case(d.Context(), old.Number)
	d.must(err)
	d.same(got, fresh)
	if d.last().Seq != before {
		d.Fatal("a change that was not made is recorded")
	}
}

// OneOfManyChangesWins when all read the same state.
func OneOfManyChangesWins(d *desk) {
	c := d.opened(alice, jane)
	records := make([]core.Record, 16)
	for i := range records {
		records[i] = d.record(alice, jane)
	}
	var won atomic.Int32
	var all sync.WaitGroup
	for _, r := range records {
		all.Go(func() {
			_, err := d.UpdateCase(d.Context(), c, r)
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
	if won.Load() != 1 {
		d.Fatalf("%d changes of one state were stored", won.Load())
	}
}

// TwoChangesAtOneInstantDiffer, so that a clock that stands still lets nobody overwrite a change they have not seen.
func TwoChangesAtOneInstantDiffer(d *desk) {
	first := d.opened(alice, jane)
	second, err := d.UpdateCase(d.Context(), first, d.record(alice, jane))
	d.must(err)
	if !second.UpdatedAt.After(first.UpdatedAt) {
		d.Fatalf("changed at %v, then at %v", first.UpdatedAt, second.UpdatedAt)
	}
	_, err = d.UpdateCase(d.Context(), first, d.record(alice, jane))
	d.wants(err, core.CodeConflict, "case.changed_meanwhile")
}

// WhomACaseIsAboutNeverChanges, nor who opened it.
func WhomACaseIsAboutNeverChanges(d *desk) {
	c := d.opened(alice, jane)
	was := c
	c.Person, c.OpenedBy, c.OpenedAt = omar, "mallory", d.later(time.Hour)
	_, err := d.UpdateCase(d.Context(), c, d.record(bob, jane))
	d.must(err)
	got, err := d.Case(d.Context(), c.Number)
	d.must(err)
	if got.Person.ID != jane.ID || got.OpenedBy != "alice" || !got.OpenedAt.Equal(was.OpenedAt) {
		d.Fatalf("the case is now %+v", got)
	}
}

// CasesAreListedNewestFirst and waiting ones oldest first.
func CasesAreListedNewestFirst(d *desk) {
	var cases []core.Case
	for range 4 {
		d.later(time.Minute)
		cases = append(cases, d.opened(alice, jane))
	}
	d.wantCases(core.CaseFilter{}, 4, 3, 2, 1)
	for _, i := range []int{2, 0} { // handed over in another order than opened
		d.later(time.Minute)
		d.handedOver(cases[i], alice, rbac.UserAdministrator)
	}
	d.wantCases(core.CaseFilter{Status: []core.CaseStatus{core.CaseWaiting}}, 3, 1)
	d.wantCases(core.CaseFilter{Waiting: []rbac.Role{rbac.UserAdministrator}}, 3, 1)
	d.wantCases(core.CaseFilter{}, 4, 3, 2, 1)
}

// EveryFilterOfCasesCounts and all of them must hold.
func EveryFilterOfCasesCounts(d *desk) {
	d.opened(alice, jane)         // 1
	two := d.opened(bob, jane)    // 2: handed to level 2, taken by carol
	three := d.opened(bob, omar)  // 3: waits for the administrator
	four := d.opened(alice, omar) // 4: closed
	d.handedOver(two, bob, rbac.UserAdministrator)
	_, err := d.TakeCase(d.Context(), 2, d.record(carol, jane))
	d.must(err)
	d.handedOver(three, bob, rbac.GlobalAdministrator)
	four.Status = core.CaseClosed
	_, err = d.UpdateCase(d.Context(), four, d.record(alice, omar))
	d.must(err)

	open, waiting, closed := core.CaseOpen, core.CaseWaiting, core.CaseClosed
	d.wantCases(core.CaseFilter{Status: []core.CaseStatus{open}}, 2, 1)
	d.wantCases(core.CaseFilter{Status: []core.CaseStatus{waiting, closed}}, 4, 3)
	d.wantCases(core.CaseFilter{AssignedTo: "carol"}, 2)
	d.wantCases(core.CaseFilter{AssignedTo: "alice", Status: []core.CaseStatus{open}}, 1)
	d.wantCases(core.CaseFilter{HandledBy: "bob"}, 3, 2)
	d.wantCases(core.CaseFilter{HandledBy: "carol"}, 2)
	d.wantCases(core.CaseFilter{HandledBy: "mallory"})
	d.wantCases(core.CaseFilter{Account: jane.ID}, 2, 1)
	d.wantCases(core.CaseFilter{Account: core.AccountID{Directory: "other", Key: jane.ID.Key}})
	d.wantCases(core.CaseFilter{Account: omar.ID, Status: []core.CaseStatus{waiting}}, 3)
	d.wantCases(core.CaseFilter{Waiting: []rbac.Role{rbac.UserAdministrator}})
	d.wantCases(core.CaseFilter{Waiting: []rbac.Role{rbac.UserAdministrator, rbac.GlobalAdministrator}}, 3)
}

// AListOfCasesIsBounded by what was asked for, by 100 otherwise.
func AListOfCasesIsBounded(d *desk) {
	for range 103 {
		d.opened(alice, jane)
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
