package embedded

import (
	"crypto/rand"
	"path/filepath"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func TestTheDirectoryKeepsItsOwnPolicy(t *testing.T) {
	t.Parallel()
	path := filepath.Join(scratch(t), "people.db")
	reopen := func(p Policy) *Directory {
		d, err := Open(t.Context(), Options{Name: "demo", Path: path, Policy: p, Clock: newClock(), Entropy: rand.Reader, HashCost: cheap()})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	own := Policy{Name: "own", MinLength: 9, MaxAge: 90 * day, Lockout: Lockout{After: 5, First: 30 * time.Minute, Longest: 30 * time.Minute}}
	for _, step := range []struct{ options, set, want Policy }{
		{want: DefaultPolicy()},
		{set: own, want: DefaultPolicy()},
		{want: own},
		{options: testPolicy(), want: testPolicy()},
		{want: own},
	} {
		d := reopen(step.options)
		if got := d.Policy(); got != step.want {
			t.Errorf("policy %+v, want %+v", got, step.want)
		}
		if step.set != (Policy{}) {
			if err := d.SetPolicy(t.Context(), step.set); err != nil || d.Policy() != step.set {
				t.Errorf("set: %v; in force is %+v", err, d.Policy())
			}
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPolicyThatMakesNoSenseIsNotKept(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	before := d.Policy()
	wantError(t, d.SetPolicy(t.Context(), Policy{MinLength: -1}), core.CodeInvalid, "directory.bad_policy")
	if d.Policy() != before {
		t.Errorf("policy %+v", d.Policy())
	}
}
