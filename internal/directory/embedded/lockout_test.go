package embedded

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

const rightPassword = "the right password"

// jane is a directory with one person, who signs in with rightPassword.
func jane(tb testing.TB) (*Directory, *testClock) {
	tb.Helper()
	d, clock := open(tb)
	load(tb, d, Person{Login: text("jane"), Seed: Seed{PasswordHash: hashed(tb, d, rightPassword), PasswordSet: clock.Now()}})
	return d, clock
}

func wrongPasswords(tb testing.TB, d *Directory, passwords ...string) {
	tb.Helper()
	for _, p := range passwords {
		if signIn(tb, d, "jane", p) {
			tb.Fatalf("%q signs in", p)
		}
	}
}

func TestTooManyWrongPasswordsLockForAWhile(t *testing.T) {
	t.Parallel()
	d, clock := jane(t)
	wrongPasswords(t, d, "a", "b")
	if s := account(t, d, "jane").State; s.Locked || s.WrongPasswords != 2 {
		t.Fatalf("after two: %+v", s)
	}
	wrongPasswords(t, d, "c")
	s := account(t, d, "jane").State
	if !s.Locked || s.WrongPasswords != 3 || !s.LockedSince.Equal(clock.Now()) || !s.UnlocksAt.Equal(clock.Now().Add(time.Minute)) {
		t.Fatalf("after three: %+v", s)
	}
	if signIn(t, d, "jane", rightPassword) {
		t.Error("the right password opens a locked account")
	}
	wrongPasswords(t, d, "d", "e", "f")
	if again := account(t, d, "jane").State; again != s {
		t.Errorf("wrong passwords change a locked account: %+v, then %+v", s, again)
	}
	clock.pass(time.Minute)
	if s := account(t, d, "jane").State; s.Locked || s.WrongPasswords != 3 {
		t.Errorf("after a minute: %+v", s)
	}
	if !signIn(t, d, "jane", rightPassword) {
		t.Error("the right password does not open an account whose lock has run out")
	}
	if s := account(t, d, "jane").State; s.WrongPasswords != 0 || s.Locked {
		t.Errorf("after a sign-in: %+v", s)
	}
}

func TestTheLastThreeWrongPasswordsCountOnce(t *testing.T) {
	t.Parallel()
	d, _ := jane(t)
	wrongPasswords(t, d, "old password", "old password", "old password", "another", "old password", "another")
	if s := account(t, d, "jane").State; s.Locked || s.WrongPasswords != 2 {
		t.Errorf("two different wrong passwords, tried again and again: %+v", s)
	}
	adapt(t, d, func(p *Policy) { p.Lockout.After = 100 })
	wrongPasswords(t, d, "1", "2", "3")
	before := account(t, d, "jane").State.WrongPasswords
	wrongPasswords(t, d, "old password") // is no longer among the last three
	if now := account(t, d, "jane").State.WrongPasswords; now != before+1 {
		t.Errorf("%d wrong passwords, then %d", before, now)
	}
}

func TestLocksInARowLastLonger(t *testing.T) {
	t.Parallel()
	d, clock := jane(t)
	wrongPasswords(t, d, "a", "b", "c")
	for i, want := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 5 * time.Minute, 5 * time.Minute} {
		s := account(t, d, "jane").State
		if got := s.UnlocksAt.Sub(s.LockedSince); !s.Locked || got != want {
			t.Errorf("lock %d lasts %v, want %v", i+1, got, want)
		}
		clock.pass(want)
		wrongPasswords(t, d, fmt.Sprintf("wrong again %d", i)) // the first after a lock locks
	}
	clock.pass(time.Hour)
	if !signIn(t, d, "jane", rightPassword) {
		t.Fatal("the right password is refused")
	}
	wrongPasswords(t, d, "x", "y", "z")
	if s := account(t, d, "jane").State; s.UnlocksAt.Sub(s.LockedSince) != time.Minute {
		t.Errorf("after a sign-in the first lock lasts %v", s.UnlocksAt.Sub(s.LockedSince))
	}
}

func TestALockWithoutAnEndWaitsForAnOperator(t *testing.T) {
	t.Parallel()
	d, clock := jane(t)
	adapt(t, d, func(p *Policy) { p.Lockout = Lockout{After: 1} })
	wrongPasswords(t, d, "a")
	clock.pass(1000 * time.Hour)
	s := account(t, d, "jane").State
	if !s.Locked || !s.UnlocksAt.IsZero() {
		t.Errorf("state %+v, want locked without an end", s)
	}
}

func TestWithoutAThresholdNothingLocks(t *testing.T) {
	t.Parallel()
	d, _ := jane(t)
	adapt(t, d, func(p *Policy) { p.Lockout.After = 0 })
	for i := range 30 {
		wrongPasswords(t, d, fmt.Sprint("wrong ", i))
	}
	if s := account(t, d, "jane").State; s.Locked || s.WrongPasswords != 30 {
		t.Errorf("state %+v", s)
	}
}

func TestOfManyGuessesAtOnceNoneGetsInAfterTheLock(t *testing.T) {
	t.Parallel()
	d, _ := jane(t)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			_, err := d.Authenticate(t.Context(), text("jane"), secret.FromString(fmt.Sprint("guess ", i)))
			if core.CodeOf(err) != core.CodeDenied {
				t.Errorf("guess %d: %v", i, err)
			}
		})
	}
	all.Wait()
	if s := account(t, d, "jane").State; !s.Locked || s.WrongPasswords != 3 {
		t.Errorf("state %+v, want locked after exactly three", s)
	}
}

func TestEverybodyIsRefusedAlike(t *testing.T) {
	t.Parallel()
	d, clock := open(t)
	hash := hashed(t, d, rightPassword)
	load(t, d,
		Person{Login: text("disabled"), Disabled: true, Seed: Seed{PasswordHash: hash}},
		Person{Login: text("must"), MustChange: true, Seed: Seed{PasswordHash: hash}},
		Person{Login: text("expired"), Seed: Seed{PasswordHash: hash, PasswordSet: clock.Now().Add(-91 * 24 * time.Hour)}},
		Person{Login: text("gone"), AccountExpires: clock.Now().Add(-time.Hour), Seed: Seed{PasswordHash: hash}},
		Person{Login: text("locked"), Seed: Seed{PasswordHash: hash, LockedSince: clock.Now()}},
		Person{Login: text("passwordless")},
		Person{Login: text("garbled"), Seed: Seed{PasswordHash: "$argon2id$v=19$m=4294967295,t=4294967295,p=255$AAAA$AAAA"}},
	)
	for _, login := range []string{"disabled", "must", "expired", "gone", "locked", "passwordless", "garbled", "nobody", "", "dis*", "\xff"} {
		_, err := d.Authenticate(t.Context(), text(login), secret.FromString(rightPassword))
		wantError(t, err, core.CodeDenied, "directory.sign_in_refused")
	}
}

// T47: an unknown login costs a hash and a write, like a known one.
func TestAnUnknownLoginIsComparedWithAHashAsWell(t *testing.T) {
	t.Parallel()
	d, _ := jane(t)
	for range hashesAtOnce {
		d.hasher.free <- struct{}{} // nobody else may hash now
	}
	for _, login := range []string{"jane", "nobody"} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		_, err := d.Authenticate(ctx, text(login), secret.FromString("x"))
		cancel()
		if core.CodeOf(err) != core.CodeUnavailable {
			t.Errorf("%s: %v; it did not wait for a hash", login, err)
		}
	}
	for range hashesAtOnce {
		<-d.hasher.free
	}
	before := refusedCount(t, d)
	wrongPasswords(t, d, "a")
	if _, err := d.Authenticate(t.Context(), text("nobody"), secret.FromString("x")); core.CodeOf(err) != core.CodeDenied {
		t.Errorf("nobody: %v", err)
	}
	if after := refusedCount(t, d); after != before+1 {
		t.Errorf("refusals counted without an account: %d, then %d", before, after)
	}
}

func refusedCount(tb testing.TB, d *Directory) (n int) {
	tb.Helper()
	one(tb, d, &n, `SELECT value FROM meta WHERE name = 'refused'`)
	return n
}

func TestUnlockForgetsTheLocksBefore(t *testing.T) {
	t.Parallel()
	d, clock := jane(t)
	wrongPasswords(t, d, "a", "b", "c")
	clock.pass(time.Minute)
	wrongPasswords(t, d, "d")
	id := resolve(t, d, "jane")
	answer, err := d.Unlock(t.Context(), grant(t, rbac.Unlock, id), core.UnlockChange{Account: id})
	if err != nil || !answer.WasLocked {
		t.Fatalf("unlock: %+v, %v", answer, err)
	}
	wrongPasswords(t, d, "a", "b")
	if s := account(t, d, "jane").State; s.Locked || s.WrongPasswords != 2 {
		t.Errorf("state %+v: the old count was kept", s)
	}
	wrongPasswords(t, d, "c")
	if s := account(t, d, "jane").State; s.UnlocksAt.Sub(s.LockedSince) != time.Minute {
		t.Errorf("the first lock after an unlock lasts %v", s.UnlocksAt.Sub(s.LockedSince))
	}
}

func TestSignInsDoNotChangeTheVersionButLocksDo(t *testing.T) {
	t.Parallel()
	d, clock := jane(t)
	first := account(t, d, "jane").Version
	clock.pass(time.Hour)
	if !signIn(t, d, "jane", rightPassword) {
		t.Fatal("cannot sign in")
	}
	wrongPasswords(t, d, "a", "b")
	a := account(t, d, "jane")
	if a.Version != first || !a.LastSeen.Equal(clock.Now()) {
		t.Errorf("version %q, then %q; last seen %v", first, a.Version, a.LastSeen)
	}
	wrongPasswords(t, d, "c")
	if a := account(t, d, "jane"); a.Version == first {
		t.Error("the lock did not change the version")
	}
}

func TestLockTimesNeverOverflow(t *testing.T) {
	t.Parallel()
	l := Lockout{After: 1, First: time.Minute, Longest: time.Hour}
	for _, n := range []int{0, 1, 5, 6, 64, 1000, math.MaxInt16} {
		if d := l.lasts(n); d < l.First || d > l.Longest {
			t.Errorf("after %d locks the next lasts %v", n, d)
		}
	}
	huge := Lockout{After: 1, First: math.MaxInt64/2 + 1, Longest: math.MaxInt64}
	if d := huge.lasts(3); d != math.MaxInt64 {
		t.Errorf("the longest lock of all lasts %v", d)
	}
}

func TestOptionsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	good := Options{Name: "demo", Path: filepath.Join(t.TempDir(), "x.db"), Clock: newClock(), Entropy: zeroes{}, Policy: testPolicy(), HashCost: cheap()}
	for what, spoil := range map[string]func(o *Options){
		"no name":          func(o *Options) { o.Name = "" },
		"a colon":          func(o *Options) { o.Name = "a:b" },
		"no path":          func(o *Options) { o.Path = "" },
		"no clock":         func(o *Options) { o.Clock = nil },
		"no entropy":       func(o *Options) { o.Entropy = nil },
		"negative length":  func(o *Options) { o.Policy.MinLength = -1 },
		"endless history":  func(o *Options) { o.Policy.History = 1000 },
		"many classes":     func(o *Options) { o.Policy.MinClasses = 9 },
		"short locks":      func(o *Options) { o.Policy.Lockout.Longest = time.Second },
		"negative age":     func(o *Options) { o.Policy.MaxAge = -1 },
		"no passes":        func(o *Options) { o.HashCost.Passes = 0 },
		"too much memory":  func(o *Options) { o.HashCost.Memory = math.MaxUint32 },
		"too many threads": func(o *Options) { o.HashCost.Threads = 255 },
	} {
		o := good
		spoil(&o)
		d, err := Open(t.Context(), o)
		if core.CodeOf(err) != core.CodeInvalid {
			t.Errorf("%s: error %v, want invalid", what, err)
		}
		if d != nil {
			_ = d.Close()
		}
	}
}

// zeroes is entropy without any.
type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
