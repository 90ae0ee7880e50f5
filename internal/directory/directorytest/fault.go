package directorytest

import (
	"context"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

func faultChecks() []check {
	return []check{
		{"AHealthyDirectoryIsNotRed", (*suite).probeHealthy},
		{"ADirectoryThatDoesNotAnswerIsUnavailable", (*suite).faultUnreachable},
		{"NothingIsDoneAfterItsContextEnded", (*suite).faultCancelled},
		{"EverythingReturnsSoonAfterItsContextEnds", (*suite).faultStalled},
		{"AChangeWithoutAnAnswerIsUnknown", (*suite).faultTorn},
		{"AWrongPasswordDoesNotSignIn", (*suite).authenticates},
	}
}

func (s *suite) probeHealthy(t *testing.T) {
	h := s.dir.Probe(limited(t))
	if h.Level == core.Red || h.Level == "" || h.Name != s.dir.Name() || h.Kind != "directory" || h.Said.IsZero() || h.At.IsZero() {
		t.Errorf("health %+v", h)
	}
}

// call is one method of a directory that asks its server.
type call struct {
	method string
	do     func(ctx context.Context) error
}

// calls are all of them, for one account.
func calls(t *testing.T, dir core.Directory, id core.AccountID) []call {
	t.Helper()
	reset, unlock := Grant(t, rbac.ResetPassword, id), Grant(t, rbac.Unlock, id)
	all := []call{
		{"Search", func(ctx context.Context) error {
			_, err := dir.Search(ctx, core.Query{Text: text("person"), Limit: 10})
			return err
		}},
		{"Resolve", func(ctx context.Context) error { _, err := dir.Resolve(ctx, text("person0001")); return err }},
		{"Account", func(ctx context.Context) error { _, err := dir.Account(ctx, id.Key); return err }},
		{"List", func(ctx context.Context) error {
			_, err := dir.List(ctx, core.ListQuery{State: core.ListLocked, Limit: 10})
			return err
		}},
		{"SetPassword", func(ctx context.Context) error { return dir.SetPassword(ctx, reset, change(id, SecondPassword, false)) }},
		{"Unlock", func(ctx context.Context) error {
			_, err := dir.Unlock(ctx, unlock, core.UnlockChange{Account: id})
			return err
		}},
	}
	if a, ok := dir.(core.Authenticator); ok {
		all = append(all, call{"Authenticate", func(ctx context.Context) error {
			_, err := a.Authenticate(ctx, text("person0001"), secret.FromString(SecondPassword))
			return err
		}})
	}
	return all
}

func (s *suite) faultUnreachable(t *testing.T) {
	dir := s.f.Unreachable(t)
	id, _ := s.someone(t, Person{})
	for _, c := range calls(t, dir, core.AccountID{Directory: dir.Name(), Key: id.Key}) {
		t.Log(c.method)
		refused(t, c.do(limited(t)), core.CodeUnavailable)
	}
	if h := dir.Probe(limited(t)); h.Level != core.Red || h.Said.IsZero() || h.Name != dir.Name() {
		t.Errorf("health %+v, want red", h)
	}
}

func (s *suite) faultCancelled(t *testing.T) {
	id, p := s.someone(t, Person{})
	s.f.Lock(t, p.Login)
	before := s.read(t, id).Version
	ctx, cancel := context.WithCancel(limited(t))
	cancel()
	for _, c := range calls(t, s.dir, id) {
		t.Log(c.method)
		refused(t, c.do(ctx), core.CodeUnavailable)
	}
	if a := s.read(t, id); a.Version != before || !a.State.Locked {
		t.Error("something was changed after the context had ended")
	}
}

// stall is how long a directory that does not answer is waited for.
const stall = 200 * time.Millisecond

// faultStalled would hang, and be ended by the test's own time limit, if a method did not heed its context.
func (s *suite) faultStalled(t *testing.T) {
	f, ok := s.f.(Staller)
	need(t, ok, "a server that can be kept from answering")
	id, _ := s.someone(t, Person{})
	dir := f.Stalled(t)
	for _, c := range calls(t, dir, id) {
		ctx, cancel := context.WithTimeout(limited(t), stall)
		err := c.do(ctx)
		cancel()
		if code := core.CodeOf(err); code != core.CodeUnavailable && code != core.CodeUnknown {
			t.Errorf("%s: error %v from a directory that does not answer", c.method, err)
		}
	}
}

func (s *suite) faultTorn(t *testing.T) {
	f, ok := s.f.(Tearer)
	need(t, ok, "a connection that can be cut in the middle of a change")
	id, _ := s.someone(t, Person{})
	err := f.Torn(t).SetPassword(limited(t), Grant(t, rbac.ResetPassword, id), change(id, SecondPassword, false))
	if e := core.AsError(err); e == nil || e.Code != core.CodeUnknown || e.Changed != core.ChangeUnknown {
		t.Errorf("error %v, want unknown, with an unknown change", err)
	}
}

func (s *suite) authenticates(t *testing.T) {
	a, ok := s.dir.(core.Authenticator)
	need(t, ok, "sign-ins")
	id, p := s.someone(t, Person{})
	got, err := a.Authenticate(limited(t), text(p.Login), secret.FromString(p.Password))
	if err != nil || got != id {
		t.Errorf("signed in as %v, %v; want %v", got, err, id)
	}
	for login, password := range map[string]string{
		p.Login: SecondPassword, "nobody.at.all": p.Password, p.Login + "*": p.Password, "": p.Password, p.Login + "\x00": p.Password,
	} {
		_, err := a.Authenticate(limited(t), text(login), secret.FromString(password))
		refused(t, err, core.CodeDenied)
	}
	_, err = a.Authenticate(limited(t), text(p.Login), secret.FromString(""))
	refused(t, err, core.CodeDenied)
}
