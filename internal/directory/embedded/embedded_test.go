package embedded

import (
	"context"
	"crypto/rand"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// testClock is set by hand.
type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newClock() *testClock {
	return &testClock{now: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)}
}

// cheap is a hash cost for tests.
func cheap() HashCost { return HashCost{Passes: 1, Memory: 8, Threads: 1} }

func testPolicy() Policy {
	return Policy{
		Name: "test", MinLength: 8, MinClasses: 0, History: 3, MaxAge: 90 * 24 * time.Hour, NamesBanned: true,
		Lockout: Lockout{After: 3, First: time.Minute, Longest: 5 * time.Minute},
	}
}

// scratch is a folder on tmpfs where there is one: a commit waits for the disk.
func scratch(tb testing.TB) string {
	tb.Helper()
	if info, err := os.Stat("/dev/shm"); err != nil || !info.IsDir() {
		return tb.TempDir()
	}
	dir, err := os.MkdirTemp("/dev/shm", "embedded-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func open(tb testing.TB) (*Directory, *testClock) {
	tb.Helper()
	clock := newClock()
	d, err := Open(tb.Context(), Options{
		Name: "demo", Path: filepath.Join(scratch(tb), "people.db"), Policy: testPolicy(), Clock: clock, Entropy: rand.Reader, HashCost: cheap(),
	})
	if err != nil {
		tb.Fatalf("open: %v", err)
	}
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Errorf("close: %v", err)
		}
	})
	return d, clock
}

// adapt changes the policy in force.
func adapt(tb testing.TB, d *Directory, change func(p *Policy)) {
	tb.Helper()
	p := d.Policy()
	change(&p)
	if err := d.SetPolicy(tb.Context(), p); err != nil {
		tb.Fatal(err)
	}
}

func text(s string) untrusted.Text { return untrusted.New(s) }

func texts(all ...string) (out []untrusted.Text) {
	for _, s := range all {
		out = append(out, text(s))
	}
	return out
}

// load adds people and waits for the index to know them.
func load(tb testing.TB, d *Directory, people ...Person) {
	tb.Helper()
	loadBatch(tb, d, Batch{People: slices.Values(people)})
}

func loadBatch(tb testing.TB, d *Directory, b Batch) Report {
	tb.Helper()
	report, err := d.Load(tb.Context(), b)
	if err != nil {
		tb.Fatalf("load: %v, %+v", err, report)
	}
	if _, err := d.finder.refresh(tb.Context()); err != nil {
		tb.Fatalf("index: %v", err)
	}
	return report
}

func resolve(tb testing.TB, d *Directory, name string) core.AccountID {
	tb.Helper()
	ids, err := d.Resolve(tb.Context(), text(name))
	if err != nil || len(ids) != 1 {
		tb.Fatalf("%s resolves to %v, %v", name, ids, err)
	}
	return ids[0]
}

func account(tb testing.TB, d *Directory, login string) core.Account {
	tb.Helper()
	a, err := d.Account(tb.Context(), resolve(tb, d, login).Key)
	if err != nil {
		tb.Fatalf("account %s: %v", login, err)
	}
	return a
}

// grant allows one permission on one account, as the desk would.
func grant(tb testing.TB, p rbac.Permission, id core.AccountID) rbac.Grant {
	tb.Helper()
	g, d := rbac.NewAuthorizer(rbac.DefaultGrants()).Authorize(rbac.Request{
		Subject: rbac.Subject{ID: "op", Roles: []rbac.Role{rbac.GlobalAdministrator}}, Permission: p,
		Target: rbac.Target{Key: id.String(), Class: rbac.Plain}, Operation: "op-1",
	})
	if !d.Allowed {
		tb.Fatalf("no grant: %v", d.Rule)
	}
	return g
}

func hashed(tb testing.TB, d *Directory, password string) string {
	tb.Helper()
	h, err := d.HashPassword(tb.Context(), secret.FromString(password))
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

func signIn(tb testing.TB, d *Directory, login, password string) bool {
	tb.Helper()
	_, err := d.Authenticate(tb.Context(), text(login), secret.FromString(password))
	if err != nil && core.CodeOf(err) != core.CodeDenied {
		tb.Fatalf("sign in %s: %v", login, err)
	}
	return err == nil
}

func wantError(tb testing.TB, err error, code core.Code, said string) {
	tb.Helper()
	e := core.AsError(err)
	if e == nil || e.Code != code || e.Said.ID != said {
		tb.Errorf("error %v, want %s: %s", err, code, said)
		return
	}
	if e.Changed != core.NothingChanged {
		tb.Errorf("%v says %q was changed", err, e.Changed)
	}
}

func logins(rows []core.Row) (out []string) {
	for _, r := range rows {
		out = append(out, r.Login.Raw())
	}
	return out
}

func find(tb testing.TB, d *Directory, query string) []string {
	tb.Helper()
	found, err := d.Search(tb.Context(), core.Query{Text: text(query), Limit: 50})
	if err != nil {
		tb.Fatalf("search %q: %v", query, err)
	}
	return logins(found.Rows)
}

// crowd are n people with names from a small set.
func crowd(n int, hash string) iter.Seq[Person] {
	given := strings.Fields("Jane John Anna Peter Maria Ahmed Li Wei Ola Kari Sofia Marcus Ingrid Tomasz Priya Omar Fatima Chen Yuki Hiroshi")
	family := strings.Fields("Doe Smith Hansen Müller Kowalski Haddad Nair Rivers Mensah Holm Johansson García Rossi Novák Nguyen Tanaka Okafor Silva")
	return func(yield func(Person) bool) {
		for i := range n {
			g, f := given[i%len(given)], family[i/len(given)%len(family)]
			login := fmt.Sprintf("%s.%s%d", strings.ToLower(g), strings.ToLower(f), i)
			p := Person{
				Login: text(login), GivenName: text(g), Surname: text(f), DisplayName: text(g + " " + f), Department: text("Unit " + fmt.Sprint(i%40)),
				Title: text("Clerk"), Mail: text(login + "@demo.example"), EmployeeNumber: text(fmt.Sprint(100000 + i)),
				Place: text(fmt.Sprintf("ou=Unit %d,o=demo", i%40)), Mobile: text(fmt.Sprintf("+47 9%07d", i)),
				Seed: Seed{PasswordHash: hash, PasswordSet: time.Date(2026, 10, 1+i%30, 0, 0, 0, 0, time.UTC), LastSeen: time.Date(2026, 11, 1+i%20, 8, 0, 0, 0, time.UTC)},
			}
			if !yield(p) {
				return
			}
		}
	}
}

type ctx = context.Context

// one reads one value of the database.
func one(tb testing.TB, d *Directory, into any, query string, args ...any) {
	tb.Helper()
	err := d.db.Read(tb.Context(), func(ctx ctx, tx *sqlitedb.Tx) error {
		found, err := tx.One(ctx, query, args, into)
		if err == nil && !found {
			err = fmt.Errorf("no row for %s", query)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
}
