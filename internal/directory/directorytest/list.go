package directorytest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func listChecks() []check {
	return []check{
		{"AListIsPagedToItsEnd", (*suite).listToTheEnd},
		{"AListHoldsWhoIsInTheStateAndNobodyElse", (*suite).listOfEachState},
		{"AForgedCursorIsInvalid", (*suite).listForgedCursor},
		{"ACursorOfAnotherListIsInvalid", (*suite).listForeignCursor},
		{"AnUnknownListIsInvalid", (*suite).listUnknown},
	}
}

// all reads a list to its end in pages of two and asserts that nobody is on it twice.
func (s *suite) all(t *testing.T, q core.ListQuery) []core.ListRow {
	t.Helper()
	const mostPages = 1000
	var rows []core.ListRow
	q.Limit = 2
	for range mostPages {
		page, err := s.dir.List(limited(t), q)
		if err != nil {
			t.Fatalf("list %s: %v", q.State, err)
		}
		if len(page.Rows) > q.Limit {
			t.Fatalf("list %s: a page of %d rows", q.State, len(page.Rows))
		}
		rows, q.Cursor = append(rows, page.Rows...), page.Next
		if page.Next != "" {
			continue
		}
		if s.traits.Total && page.Total != len(rows) {
			t.Errorf("list %s: %d rows, the total is %d", q.State, len(rows), page.Total)
		}
		names := slices.Sorted(slices.Values(logins(rows, listPerson)))
		if len(slices.Compact(names)) != len(rows) {
			t.Errorf("list %s: somebody is on it twice", q.State)
		}
		return rows
	}
	t.Fatalf("list %s: no end after %d pages", q.State, mostPages)
	return nil
}

func (s *suite) lists(t *testing.T, state core.ListState) bool {
	t.Helper()
	return slices.Contains(s.dir.Can().ListStates, state)
}

func (s *suite) listToTheEnd(t *testing.T) {
	need(t, s.lists(t, core.ListLocked), "a list of the locked")
	var want []string
	for i := range 5 {
		_, p := s.someone(t, Person{Login: fmt.Sprintf("listed%d", i)})
		s.f.Lock(t, p.Login)
		want = append(want, p.Login)
	}
	rows := s.all(t, core.ListQuery{State: core.ListLocked})
	got := logins(rows, listPerson)
	for _, login := range want {
		if !slices.Contains(got, login) {
			t.Errorf("%s is locked and not on the list", login)
		}
	}
	for _, r := range rows {
		if r.Since.IsZero() || r.ID.Directory != s.dir.Name() {
			t.Errorf("row %+v: no time, or of another directory", r)
		}
	}
}

// onList says which accounts belong on a list.
func onList(state core.ListState, s core.State) bool {
	switch state {
	case core.ListLocked:
		return s.Locked
	case core.ListDisabled:
		return !s.Enabled
	case core.ListExpired:
		return s.PasswordExpired || s.AccountExpired
	case core.ListMustChange:
		return s.MustChange
	case core.ListExpiring, core.ListIdle:
		return false // they depend on a number of days
	default:
		return false
	}
}

func (s *suite) listOfEachState(t *testing.T) {
	people := []core.AccountID{}
	for _, p := range []Person{{}, {Disabled: s.traits.Disabled}, {Expired: s.traits.Expired}, {MustChange: s.traits.MustChange}} {
		id, _ := s.someone(t, p)
		people = append(people, id)
	}
	id, p := s.someone(t, Person{})
	s.f.Lock(t, p.Login)
	people = append(people, id)
	for _, state := range []core.ListState{core.ListLocked, core.ListDisabled, core.ListExpired, core.ListMustChange} {
		if !s.lists(t, state) {
			continue
		}
		rows := s.all(t, core.ListQuery{State: state})
		for _, id := range people {
			listed := slices.ContainsFunc(rows, func(r core.ListRow) bool { return r.ID == id })
			if st := s.read(t, id).State; listed != onList(state, st) {
				t.Errorf("list %s: account with %+v is on it: %v", state, st, listed)
			}
		}
	}
}

func (s *suite) firstPage(t *testing.T) core.Page {
	t.Helper()
	need(t, s.lists(t, core.ListLocked), "a list of the locked")
	for range 2 {
		_, p := s.someone(t, Person{})
		s.f.Lock(t, p.Login)
	}
	page, err := s.dir.List(limited(t), core.ListQuery{State: core.ListLocked, Limit: 1})
	if err != nil || page.Next == "" {
		t.Fatalf("first page: %+v, %v", page, err)
	}
	return page
}

func (s *suite) listForgedCursor(t *testing.T) {
	next := s.firstPage(t).Next
	for _, cursor := range append(literals(), "x", next+"x", next[:len(next)-1], "A"+next, next[1:]) {
		_, err := s.dir.List(limited(t), core.ListQuery{State: core.ListLocked, Limit: 1, Cursor: cursor})
		refused(t, err, core.CodeInvalid)
	}
}

func (s *suite) listForeignCursor(t *testing.T) {
	need(t, s.lists(t, core.ListMustChange), "two lists")
	_, err := s.dir.List(limited(t), core.ListQuery{State: core.ListMustChange, Limit: 1, Cursor: s.firstPage(t).Next})
	refused(t, err, core.CodeInvalid)
}

func (s *suite) listUnknown(t *testing.T) {
	for _, state := range []core.ListState{"", "everybody", "locked'--"} {
		_, err := s.dir.List(limited(t), core.ListQuery{State: state, Limit: 1})
		refused(t, err, core.CodeInvalid)
	}
}
