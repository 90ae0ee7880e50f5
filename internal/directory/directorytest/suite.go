package directorytest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// patience is how long anything may take. It only guards against hanging.
const patience = 30 * time.Second

// Run runs the whole contract on one fixture. The tests use people of their own and run one after the other, because some of them count.
func Run(t *testing.T, f Fixture) {
	s := &suite{f: f, dir: f.Directory(), traits: f.Traits()}
	for _, group := range [][]check{
		searchChecks(), resolveChecks(), accountChecks(), passwordChecks(), grantChecks(), versionChecks(), unlockChecks(), listChecks(), faultChecks(),
	} {
		for _, c := range group {
			t.Run(c.name, func(t *testing.T) { c.run(s, t) })
		}
	}
}

// check is one sentence of the contract.
type check struct {
	name string
	run  func(s *suite, t *testing.T)
}

// suite is the contract on its way through one fixture.
type suite struct {
	f      Fixture
	dir    core.Directory
	traits Traits
	people atomic.Int64
}

// need skips a test when the directory says that it cannot have what the test is about.
func need(t *testing.T, trait bool, what string) {
	t.Helper()
	if !trait {
		t.Skipf("this directory does not have %s", what)
	}
}

// someone adds a person whose login nobody else has: what the test gives, with the rest filled in.
func (s *suite) someone(t *testing.T, p Person) (core.AccountID, Person) {
	t.Helper()
	n := s.people.Add(1)
	if p.Login == "" {
		p.Login = fmt.Sprintf("person%04d", n)
	}
	if p.GivenName == "" {
		p.GivenName = "Test"
	}
	if p.Surname == "" {
		p.Surname = fmt.Sprintf("Person%04d", n)
	}
	if p.DisplayName == "" {
		p.DisplayName = p.GivenName + " " + p.Surname
	}
	if p.Password == "" {
		p.Password = FirstPassword
	}
	return s.f.Add(t, p), p
}

func limited(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func (s *suite) read(t *testing.T, id core.AccountID) core.Account {
	t.Helper()
	a, err := s.dir.Account(limited(t), id.Key)
	if err != nil {
		t.Fatalf("account %s: %v", id, err)
	}
	return a
}

// Grant is what the desk would hand to a directory for one change of one account.
func Grant(tb testing.TB, p rbac.Permission, id core.AccountID) rbac.Grant {
	tb.Helper()
	g, decision := rbac.NewAuthorizer(rbac.DefaultGrants()).Authorize(rbac.Request{
		Subject: rbac.Subject{ID: "contract", Roles: []rbac.Role{rbac.GlobalAdministrator}}, Permission: p,
		Target: rbac.Target{Key: id.String(), Class: rbac.Plain}, Operation: "contract",
	})
	if !decision.Allowed {
		tb.Fatalf("no grant for %s: %s", p, decision.Rule)
	}
	return g
}

func (s *suite) setPassword(t *testing.T, id core.AccountID, password string, mustChange bool) error {
	t.Helper()
	return s.dir.SetPassword(limited(t), Grant(t, rbac.ResetPassword, id), change(id, password, mustChange))
}

func change(id core.AccountID, password string, mustChange bool) core.PasswordChange {
	return core.PasswordChange{Account: id, Password: secret.FromString(password), MustChange: mustChange}
}

// refused asserts that an error has a code, a sentence, and says that nothing was changed.
func refused(t *testing.T, err error, code core.Code) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want %s", code)
		return
	}
	e := core.AsError(err)
	if e.Code != code {
		t.Errorf("error %v, want code %s", err, code)
	}
	if e.Said.IsZero() {
		t.Errorf("error %v says nothing to a person", err)
	}
	if e.Changed != core.NothingChanged {
		t.Errorf("error %v says that %q was changed, want nothing", err, e.Changed)
	}
}

func text(s string) untrusted.Text { return untrusted.New(s) }

func logins[R any](rows []R, person func(R) core.Person) []string {
	out := make([]string, 0, len(rows))
	for _, r := range rows {
		out = append(out, person(r).Login.Raw())
	}
	return out
}

func rowPerson(r core.Row) core.Person      { return r.Person }
func listPerson(r core.ListRow) core.Person { return r.Person }
