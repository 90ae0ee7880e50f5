package embedded

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

const day = 24 * time.Hour

// mixed are people in all states and in none, the same ones every time.
func mixed(now time.Time, n int) (out []Person) {
	r := rand.New(rand.NewPCG(7, 11))
	coin := func() bool { return r.IntN(2) == 0 }
	around := func(days int) time.Time { return now.Add(time.Duration(r.IntN(days+days/4)-days/4) * -day) }
	for i := range n {
		p := Person{Login: text(fmt.Sprintf("p%03d", i)), Disabled: coin(), MustChange: coin(), PasswordNeverExpires: coin()}
		p.Seed.Created = now.Add(-400 * day)
		if coin() {
			p.Seed.PasswordSet = around(120)
		}
		if coin() {
			p.AccountExpires = around(10)
		}
		if coin() {
			p.Seed.LastSeen = around(100)
		}
		if coin() {
			p.Seed.LockedSince, p.Seed.UnlocksAt = now.Add(-time.Hour), now.Add(time.Duration(r.IntN(3)-1)*time.Minute)
		}
		out = append(out, p)
	}
	return out
}

// belongs is what it means to be on a list.
func belongs(q core.ListQuery, a core.Account, now time.Time) bool {
	s, days := a.State, time.Duration(q.Days)*day
	switch q.State {
	case core.ListLocked:
		return s.Locked
	case core.ListDisabled:
		return !s.Enabled
	case core.ListExpired:
		return s.PasswordExpired || s.AccountExpired
	case core.ListExpiring:
		return !s.PasswordExpires.IsZero() && !s.PasswordExpired && !s.PasswordExpires.After(now.Add(days))
	case core.ListMustChange:
		return s.MustChange
	case core.ListIdle:
		seen := a.LastSeen
		if seen.IsZero() {
			seen = a.Created
		}
		return !seen.After(now.Add(-days))
	default:
		return false
	}
}

func pages(tb testing.TB, d *Directory, q core.ListQuery) (rows []core.ListRow, total int) {
	tb.Helper()
	for {
		page, err := d.List(tb.Context(), q)
		if err != nil {
			tb.Fatalf("list %s: %v", q.State, err)
		}
		rows, total, q.Cursor = append(rows, page.Rows...), page.Total, page.Next
		if page.Next == "" {
			return rows, total
		}
	}
}

func TestListsHoldExactlyWhoIsInTheState(t *testing.T) {
	t.Parallel()
	d, clock := open(t)
	var accounts []core.Account
	people := mixed(clock.Now(), 80)
	load(t, d, people...)
	for _, p := range people {
		accounts = append(accounts, account(t, d, p.Login.Raw()))
	}
	for _, state := range core.ListStates() {
		if rows, _ := pages(t, d, core.ListQuery{State: state, Days: 30}); len(rows) < 3 {
			t.Errorf("only %d people are %s", len(rows), state)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		q := core.ListQuery{
			State: rapid.SampledFrom(core.ListStates()).Draw(rt, "state"),
			Days:  rapid.IntRange(0, 60).Draw(rt, "days"), Limit: rapid.IntRange(7, 70).Draw(rt, "limit"),
		}
		var want, got []string
		for _, a := range accounts {
			if belongs(q, a, clock.Now()) {
				want = append(want, a.Login.Raw())
			}
		}
		rows, total := pages(t, d, q)
		for _, r := range rows {
			got = append(got, r.Login.Raw())
		}
		slices.Sort(got)
		if !slices.Equal(got, want) || total != len(want) {
			rt.Errorf("%s, %d days: got %q of %d, want %q", q.State, q.Days, got, total, want)
		}
	})
}

func TestRowsOfAListSaySinceWhen(t *testing.T) {
	t.Parallel()
	d, clock := open(t)
	now := clock.Now()
	ago := func(days int) time.Time { return now.Add(time.Duration(-days) * day) }
	load(t, d,
		Person{Login: text("locked"), Seed: Seed{LockedSince: now.Add(-time.Minute)}},
		Person{Login: text("gone"), AccountExpires: ago(2)},
		Person{Login: text("both"), AccountExpires: ago(2), Seed: Seed{PasswordSet: ago(120)}},
		Person{Login: text("disabled"), Disabled: true},
		Person{Login: text("expired"), Seed: Seed{PasswordSet: ago(100)}},
		Person{Login: text("expiring"), Seed: Seed{PasswordSet: ago(88)}},
		Person{Login: text("must"), MustChange: true, Seed: Seed{PasswordSet: ago(1)}},
		Person{Login: text("idle"), Seed: Seed{LastSeen: ago(300)}},
	)
	for _, c := range []struct {
		state core.ListState
		login string
		since time.Time
		shown core.RowState
	}{
		{core.ListLocked, "locked", now.Add(-time.Minute), core.RowLocked},
		{core.ListExpired, "gone", ago(2), core.RowExpired},
		{core.ListExpired, "both", ago(30), core.RowExpired},
		{core.ListDisabled, "disabled", time.Time{}, core.RowDisabled},
		{core.ListExpired, "expired", ago(10), core.RowExpired},
		{core.ListExpiring, "expiring", now.Add(2 * day), core.RowFine},
		{core.ListMustChange, "must", ago(1), core.RowMustChange},
		{core.ListIdle, "idle", ago(300), core.RowFine},
	} {
		rows, _ := pages(t, d, core.ListQuery{State: c.state, Days: 7})
		i := slices.IndexFunc(rows, func(r core.ListRow) bool { return r.Login.Raw() == c.login })
		if i < 0 || !rows[i].Since.Equal(c.since) || rows[i].State != c.shown {
			t.Errorf("list %s: %+v; want %s since %v as %s", c.state, rows, c.login, c.since, c.shown)
		}
	}
}

func TestAListKeepsTheTimeOfItsFirstPage(t *testing.T) {
	t.Parallel()
	d, clock := open(t)
	var people []Person
	for i := range 6 {
		people = append(people, Person{Login: text(fmt.Sprint("p", i)), Seed: Seed{LockedSince: clock.Now(), UnlocksAt: clock.Now().Add(time.Minute)}})
	}
	load(t, d, people...)
	q := core.ListQuery{State: core.ListLocked, Limit: 4}
	first, err := d.List(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	clock.pass(2 * time.Minute) // all locks have run out meanwhile
	q.Cursor = first.Next
	second, err := d.List(t.Context(), q)
	if err != nil || len(second.Rows) != 2 || second.Total != 6 {
		t.Fatalf("second page: %+v, %v", second, err)
	}
	if second.Rows[0].State != core.RowFine {
		t.Errorf("a row shows %s, not what it is now", second.Rows[0].State)
	}
}

func TestACursorEndsAndIsBoundToItsList(t *testing.T) {
	t.Parallel()
	d, clock := open(t)
	load(t, d, Person{Login: text("a"), MustChange: true}, Person{Login: text("b"), MustChange: true})
	q := core.ListQuery{State: core.ListMustChange, Days: 3, Limit: 1}
	page, err := d.List(t.Context(), q)
	if err != nil || page.Next == "" {
		t.Fatalf("%+v, %v", page, err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(page.Next)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw { // any bit of it
		bent := slices.Clone(raw)
		bent[i] ^= 1
		q.Cursor = base64.RawURLEncoding.EncodeToString(bent)
		_, err := d.List(t.Context(), q)
		wantError(t, err, core.CodeInvalid, "directory.cursor")
	}
	q.Cursor = page.Next
	q.Days = 4
	_, err = d.List(t.Context(), q)
	wantError(t, err, core.CodeInvalid, "directory.cursor")
	q.Days = 3
	if _, err := d.List(t.Context(), q); err != nil {
		t.Errorf("the cursor as it was: %v", err)
	}
	clock.pass(cursorLife + time.Second)
	_, err = d.List(t.Context(), q)
	wantError(t, err, core.CodeInvalid, "directory.cursor")
}

func TestListsOfStrangeLengthsAreBounded(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, Person{Login: text("a"), MustChange: true})
	for _, limit := range []int{-1, 0, 1 << 40} {
		if page, err := d.List(t.Context(), core.ListQuery{State: core.ListMustChange, Limit: limit}); err != nil || len(page.Rows) != 1 {
			t.Errorf("limit %d: %+v, %v", limit, page, err)
		}
	}
	for _, days := range []int{-1, mostDays + 1, 1 << 62} {
		_, err := d.List(t.Context(), core.ListQuery{State: core.ListIdle, Days: days})
		wantError(t, err, core.CodeInvalid, "directory.list_days")
	}
}

// A list of a directory of a million must not read everybody.
func TestEveryListIsReadFromItsIndex(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	for _, query := range []string{
		countLocked, pageLocked, countDisabled, pageDisabled, countChange, pageChange, countExpiring, pageExpiring, countExpired, pageExpired, countIdle, pageIdle,
	} {
		plan := explain(t, d, query)
		if strings.Contains(plan, "SCAN p\n") || !strings.Contains(plan, "INDEX people_") {
			t.Errorf("%s\nis answered by\n%s", query, plan)
		}
		if strings.Contains(plan, "TEMP B-TREE") && query != pageExpired { // there the accounts that expired are, which are few
			t.Errorf("%s\nis sorted:\n%s", query, plan)
		}
	}
}

func TestSearchesByKeyAreReadFromIndexes(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	for _, query := range []string{whoHasQuery, resolveQuery, withoutIndexQuery, accountQuery, targetQuery, attemptQuery} {
		for line := range strings.Lines(explain(t, d, query)) {
			if strings.HasPrefix(strings.TrimSpace(line), "SCAN people") || strings.HasPrefix(line, "SCAN methods") || strings.HasPrefix(line, "SCAN names") || strings.HasPrefix(line, "SCAN p\n") {
				t.Errorf("%s\nreads everybody: %s", query, line)
			}
		}
	}
}

func explain(tb testing.TB, d *Directory, query string) string {
	tb.Helper()
	var plan strings.Builder
	err := d.db.Read(tb.Context(), func(ctx ctx, tx *sqlitedb.Tx) error {
		parameters := strings.Count(query, "?")
		for i := 1; i <= 5; i++ {
			if strings.Contains(query, fmt.Sprint("?", i)) {
				parameters = i
			}
		}
		args := slices.Repeat(sqlitedb.Args{1}, parameters)
		return tx.Each(ctx, "EXPLAIN QUERY PLAN "+query, args, func(scan sqlitedb.Scan) error {
			var id, parent, unused int
			var detail string
			err := scan(&id, &parent, &unused, &detail)
			plan.WriteString(detail + "\n")
			return err
		})
	})
	if err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	return plan.String()
}
