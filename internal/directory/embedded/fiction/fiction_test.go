package fiction_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded/fiction"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
	"github.com/sspr-tui/sspr-tui/testdata/demo"
)

type fixedClock time.Time

func (c fixedClock) Now() time.Time { return time.Time(c) }

func now() time.Time { return time.Date(2026, 11, 22, 9, 12, 0, 0, time.UTC) }

func open(tb testing.TB) *embedded.Directory {
	tb.Helper()
	dir := tb.TempDir()
	if shm, err := os.MkdirTemp("/dev/shm", "fiction-"); err == nil {
		dir = shm
		tb.Cleanup(func() { _ = os.RemoveAll(shm) })
	}
	d, err := embedded.Open(tb.Context(), embedded.Options{
		Name: "people", Path: filepath.Join(dir, "people.db"), Clock: fixedClock(now()), Entropy: rand.Reader,
		HashCost: embedded.HashCost{Passes: 1, Memory: 8, Threads: 1},
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = d.Close() })
	return d
}

func cast(tb testing.TB) *fiction.Cast {
	tb.Helper()
	c, err := demo.Cast()
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// staged is a directory with the cast.
func staged(tb testing.TB) *embedded.Directory {
	tb.Helper()
	d := open(tb)
	if err := demo.Fill(tb.Context(), d, 200, now()); err != nil {
		tb.Fatal(err)
	}
	return d
}

func account(tb testing.TB, d *embedded.Directory, login string) core.Account {
	tb.Helper()
	ids, err := d.Resolve(tb.Context(), untrusted.New(login))
	if err != nil || len(ids) != 1 {
		tb.Fatalf("%s: %v, %v", login, ids, err)
	}
	a, err := d.Account(tb.Context(), ids[0].Key)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func TestThePeopleOfTheStoriesHaveTheirTroubles(t *testing.T) {
	t.Parallel()
	d := staged(t)
	for login, want := range map[string]struct {
		state                         core.RowState
		mustChange, expired           bool
		methods, alternates, wrong    int
		app                           bool
		manager, title, unit, phoneIs string
	}{
		"jane.doe":    {state: core.RowLocked, methods: 3, alternates: 1, wrong: 5, app: true, manager: "per.holm", title: "Controller", unit: "Finance", phoneIs: "+47 5512"},
		"omar.haddad": {state: core.RowFine, manager: "tomasz.kowalski", title: "Dispatcher", unit: "Logistics"},
		"li.wei":      {state: core.RowFine, methods: 2, manager: "ingrid.solberg", title: "Test engineer", unit: "Engineering", phoneIs: "0755-8888-O123"},
		"sam.rivers":  {state: core.RowDisabled, methods: 3, alternates: 1, manager: "beatriz.silva", title: "Account manager", unit: "Sales", phoneIs: "+1 4165550117", expired: true},
		"priya.nair":  {state: core.RowExpired, mustChange: true, expired: true, methods: 2, alternates: 1, app: true, manager: "yuki.tanaka", title: "Data scientist", unit: "Research"},
	} {
		a, got := account(t, d, login), want
		got.state, got.mustChange, got.expired = core.RowStateOf(a.State), a.State.MustChange, a.State.PasswordExpired
		got.methods, got.alternates, got.wrong, got.app = len(a.Methods), len(a.Contacts.AlternateMails), a.State.WrongPasswords, demo.HasApp(login)
		got.manager, got.title, got.unit, got.phoneIs = a.Manager.Login.Raw(), a.Title.Raw(), a.Department.Raw(), a.Contacts.Mobile.Raw()
		if got != want || a.Place != "OU="+want.unit+",O=demo" {
			t.Errorf("%s in %s:\n%+v, want\n%+v", login, a.Place, got, want)
		}
	}
	if s := account(t, d, "jane.doe").State; !s.LockedSince.Equal(now()) || !s.UnlocksAt.Equal(now().Add(30*time.Minute)) {
		t.Errorf("jane: %+v", s)
	}
}

func TestThePeopleOfTheStoriesHaveTheirRoles(t *testing.T) {
	t.Parallel()
	d := staged(t)
	for login, role := range map[string]rbac.Role{"ada.admin": rbac.GlobalAdministrator, "kofi.mensah": rbac.HelpdeskAdministrator, "kim.oye": rbac.ReportsReader} {
		if a := account(t, d, login); !slices.Equal(a.Roles, []rbac.Role{role}) {
			t.Errorf("%s has %v, want %s", login, a.Roles, role)
		}
	}
	for login, want := range map[string]core.Marks{"svc.backup": {Service: true}, "administrator": {BuiltIn: true}, demo.VIP: {}, "ann.lee": {}, "bo.berg": {}} {
		if a := account(t, d, login); a.Marks != want {
			t.Errorf("%s has %+v, want %+v", login, a.Marks, want)
		}
	}
	eve := account(t, d, "eve.mallory")
	for _, hostile := range []string{"\x1b]0;", "\x07", "\x1b[31m", "\u202e"} {
		if !strings.Contains(eve.DisplayName.Raw(), hostile) || strings.Contains(eve.DisplayName.String(), hostile) {
			t.Errorf("eve is called %q and shown as %q", eve.DisplayName.Raw(), eve.DisplayName)
		}
	}
}

func TestTheCastIsTwoHundredInAllStates(t *testing.T) {
	t.Parallel()
	d := staged(t)
	people := demo.People(now())
	states := map[core.RowState]int{}
	for _, p := range people {
		states[core.RowStateOf(account(t, d, p.Login.Raw()).State)]++
	}
	if len(people) != 200 || len(cast(t).WithApp()) < 50 {
		t.Errorf("%d people, %d with an app", len(people), len(cast(t).WithApp()))
	}
	for state, least := range map[core.RowState]int{core.RowFine: 100, core.RowLocked: 8, core.RowDisabled: 8, core.RowExpired: 6, core.RowMustChange: 6} {
		if states[state] < least {
			t.Errorf("%d are %s, want at least %d", states[state], state, least)
		}
	}
	for _, state := range core.ListStates() {
		page, err := d.List(t.Context(), core.ListQuery{State: state, Days: 14})
		if err != nil || page.Total < 3 {
			t.Errorf("list %s: %d, %v", state, page.Total, err)
		}
	}
}

func TestTheCastHasNamesOfAllKinds(t *testing.T) {
	t.Parallel()
	names := map[string]int{}
	all, longest := "", 0
	for _, p := range demo.People(now()) {
		name := p.DisplayName.Raw()
		names[name]++
		all, longest = all+name, max(longest, len(name))
	}
	for script, table := range map[string]*unicode.RangeTable{
		"Han": unicode.Han, "Hangul": unicode.Hangul, "Arabic": unicode.Arabic, "Hebrew": unicode.Hebrew, "Cyrillic": unicode.Cyrillic,
		"Greek": unicode.Greek, "Thai": unicode.Thai, "Devanagari": unicode.Devanagari, "Hiragana": unicode.Hiragana,
	} {
		if !strings.ContainsFunc(all, func(r rune) bool { return unicode.Is(table, r) }) {
			t.Errorf("nobody is called something in %s", script)
		}
	}
	if names["Jane Doe"] != 2 || names["王小明"] != 2 || longest < 80 {
		t.Errorf("Jane Doe is there %d times, 王小明 %d times; the longest name has %d bytes", names["Jane Doe"], names["王小明"], longest)
	}
}

func TestFillingAgainChangesNothingAndAddsTheMissing(t *testing.T) {
	t.Parallel()
	d := staged(t)
	before := account(t, d, "jane.doe")
	for _, n := range []int{200, 10, 260, 260, 10_000} {
		if err := demo.Fill(t.Context(), d, n, now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if there, err := d.Count(t.Context()); err != nil || there != max(n, 200, min(there, 260)) {
			t.Errorf("filled up to %d: %d, %v", n, there, err)
		}
	}
	if after := account(t, d, "jane.doe"); after.ID != before.ID || after.Version != before.Version {
		t.Errorf("jane was %v and is %v", before.ID, after.ID)
	}
	atOnce := open(t)
	if err := demo.Fill(t.Context(), atOnce, 10_000, now()); err != nil {
		t.Fatal(err)
	}
	for p := range fiction.Extras(9790, 9800, now(), "") {
		if a, b := account(t, d, p.Login.Raw()), account(t, atOnce, p.Login.Raw()); a.DisplayName != b.DisplayName || a.Login != p.Login {
			t.Errorf("%s is %q in one and %q in the other", p.Login, a.DisplayName, b.DisplayName)
		}
	}
}

func TestTheSameExtraIsAlwaysTheSamePerson(t *testing.T) {
	t.Parallel()
	whole := slices.Collect(fiction.Extras(0, 5000, now(), "h"))
	part := slices.Collect(fiction.Extras(4990, 5000, now(), "h"))
	logins := map[string]bool{}
	for _, p := range whole {
		if logins[p.Login.Raw()] || p.Seed.PasswordHash != "h" {
			t.Errorf("%s is there twice, or has another hash", p.Login)
		}
		logins[p.Login.Raw()] = true
	}
	for i, p := range part {
		if w := whole[4990+i]; w.Login != p.Login || w.Seed != p.Seed || w.Department != p.Department {
			t.Errorf("%+v, and in another company %+v", w, p)
		}
	}
	last := slices.Collect(fiction.Extras(fiction.MostExtras-1, fiction.MostExtras+10, now(), ""))
	if len(last) != 1 {
		t.Errorf("%d extras after the last but one", len(last))
	}
}

func TestNobodysPasswordIsKnownButOne(t *testing.T) {
	t.Parallel()
	d := open(t)
	known := secret.FromString("made when the test began")
	fill := fiction.Fill{Cast: cast(t), People: 200, Now: now(), Password: known, KnowIt: []string{"ann.lee"}}
	if err := fill.CastInto(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	for login, want := range map[string]core.Code{"ann.lee": "", "bo.berg": core.CodeDenied} {
		if _, err := d.Authenticate(t.Context(), untrusted.New(login), known); core.CodeOf(err) != want {
			t.Errorf("%s: %v, want %q", login, err, want)
		}
	}
	if d.Policy() != fiction.Policy() {
		t.Errorf("policy %+v", d.Policy())
	}
}

func TestAFileThatIsNotACastIsRefused(t *testing.T) {
	t.Parallel()
	for _, file := range []string{
		"", "[]", "{", `{"people": [{"login": "x", "password": "y"}]}`, `{"people": [{"login": "x", "seen": "yesterday"}]}`,
		`{"people": [{"login": "x", "seen": "-3d"}]}`, `{"people": [{"login": "x", "seen": ""}]}`, `{"people": [{"login": "x", "seen": 3}]}`,
	} {
		if c, err := fiction.ReadCast([]byte(file)); err == nil {
			t.Errorf("%s was read as %+v", file, c)
		}
	}
}

func TestFillingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	d := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := demo.Fill(ctx, d, 200, now())
	if e := (*core.Error)(nil); !errors.As(err, &e) || e.Code != core.CodeUnavailable {
		t.Errorf("error %v", err)
	}
	if there, err := d.Count(t.Context()); err != nil || there != 0 {
		t.Errorf("%d people, %v", there, err)
	}
}
