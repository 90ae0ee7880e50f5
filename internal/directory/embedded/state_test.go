package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

func TestStatesAreComputedForTheMoment(t *testing.T) {
	t.Parallel()
	now := newClock().Now()
	at := func(d time.Duration) moment { return momentOf(now.Add(d)) }
	policy := testPolicy()
	for name, c := range map[string]struct {
		row    stateRow
		policy Policy
		want   core.State
	}{
		"disabled": {row: stateRow{}, policy: policy, want: core.State{}},
		"locked for a while": {
			row: stateRow{enabled: true, wrong: 3, lockedSince: at(-time.Minute), unlocksAt: at(time.Millisecond)}, policy: policy,
			want: core.State{Enabled: true, Locked: true, WrongPasswords: 3, LockedSince: now.Add(-time.Minute), UnlocksAt: now.Add(time.Millisecond)},
		},
		"lock has run out this moment": {
			row: stateRow{enabled: true, wrong: 3, lockedSince: at(-time.Minute), unlocksAt: at(0)}, policy: policy,
			want: core.State{Enabled: true, WrongPasswords: 3},
		},
		"locked for good": {
			row: stateRow{enabled: true, lockedSince: at(-9999 * time.Hour)}, policy: policy,
			want: core.State{Enabled: true, Locked: true, LockedSince: now.Add(-9999 * time.Hour)},
		},
		"password expires this moment": {
			row: stateRow{enabled: true, passwordSet: at(-90 * day)}, policy: policy,
			want: core.State{Enabled: true, PasswordExpired: true, PasswordSet: now.Add(-90 * day), PasswordExpires: now},
		},
		"password expires in a moment": {
			row: stateRow{enabled: true, passwordSet: at(-90*day + time.Millisecond)}, policy: policy,
			want: core.State{Enabled: true, PasswordSet: now.Add(-90*day + time.Millisecond), PasswordExpires: now.Add(time.Millisecond)},
		},
		"password never expires": {
			row: stateRow{enabled: true, passwordSet: at(-900 * day), neverExpires: true}, policy: policy,
			want: core.State{Enabled: true, PasswordSet: now.Add(-900 * day)},
		},
		"no password": {row: stateRow{enabled: true, mustChange: true}, policy: policy, want: core.State{Enabled: true, MustChange: true}},
		"no age in the policy": {
			row: stateRow{enabled: true, passwordSet: at(-900 * day)}, want: core.State{Enabled: true, PasswordSet: now.Add(-900 * day)},
		},
		"account expires this moment": {
			row: stateRow{enabled: true, accountExpires: at(0)}, policy: policy, want: core.State{Enabled: true, AccountExpired: true, AccountExpires: now},
		},
		"account expires later": {
			row: stateRow{enabled: true, accountExpires: at(time.Hour)}, policy: policy, want: core.State{Enabled: true, AccountExpires: now.Add(time.Hour)},
		},
	} {
		if got := c.row.at(now, c.policy); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestMomentsAreKeptToTheMillisecond(t *testing.T) {
	t.Parallel()
	if !momentOf(time.Time{}).time().IsZero() {
		t.Error("no time became one")
	}
	at := time.Date(2026, 3, 29, 2, 30, 0, 123_456_789, time.FixedZone("CET", 3600))
	if got := momentOf(at).time(); !got.Equal(at.Truncate(time.Millisecond)) || got.Location() != time.UTC {
		t.Errorf("%v was kept as %v", at, got)
	}
}

func TestEveryFaultOfADatabaseHasASentence(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	for err, said := range map[error]string{
		sqlitedb.ErrBusy: "directory.busy", sqlitedb.ErrDamaged: "directory.damaged", sqlitedb.ErrFull: "directory.full",
		sqlitedb.ErrReadOnly: "directory.read_only", sqlitedb.ErrNewer: "directory.newer", sqlitedb.ErrAltered: "directory.altered",
		sqlitedb.ErrExposed: "directory.exposed", errors.New("anything else"): "directory.unavailable",
		context.Canceled: "error.cancelled", context.DeadlineExceeded: "error.timeout",
	} {
		got := d.fault(t.Context(), fmt.Errorf("reading: %w", err))
		wantError(t, got, core.CodeUnavailable, said)
		if !errors.Is(got, err) {
			t.Errorf("%v lost its cause", got)
		}
	}
	if d.fault(t.Context(), nil) != nil {
		t.Error("no error became one")
	}
	known := core.AsError(changedMeanwhile())
	if got := d.fault(t.Context(), fmt.Errorf("inside: %w", known)); !errors.Is(got, known) || core.CodeOf(got) != core.CodeConflict {
		t.Errorf("%v became %v", known, got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantError(t, d.fault(ctx, errors.New("interrupted")), core.CodeUnavailable, "error.cancelled")
}

func TestQuantilesAreOfTheLastMinutes(t *testing.T) {
	t.Parallel()
	var l latencies
	if p50, p99 := l.quantiles(); p50 != 0 || p99 != 0 {
		t.Errorf("of nothing: %v, %v", p50, p99)
	}
	now := time.Now()
	for i := range latencyRing + 100 {
		l.ring[l.next%latencyRing] = latency{now, time.Duration(i) * time.Microsecond}
		l.next++
	}
	if p50, p99 := l.quantiles(); p50 < 300*time.Microsecond || p50 > 400*time.Microsecond || p99 < 600*time.Microsecond || p99 <= p50 {
		t.Errorf("%v, %v", p50, p99)
	}
	for i := range l.ring {
		l.ring[i].at = now.Add(-latencyWindow)
	}
	l.observe(time.Now().Add(-time.Millisecond))
	if p50, p99 := l.quantiles(); p50 < time.Millisecond || p50 != p99 {
		t.Errorf("of one call and many old ones: %v, %v", p50, p99)
	}
}

func TestTheDirectorySaysWhatItCanDo(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	can := d.Can()
	if !can.Reset || !can.Unlock || !can.MustChange || !can.ReadPolicy || !can.LastSignIn || can.PerOperator || len(can.ListStates) != len(core.ListStates()) {
		t.Errorf("%+v", can)
	}
	if p := d.Policy().effective(); !p.Known || p.MinLength != 8 || p.History != 3 || p.LockAfter != 3 || p.LockFor != time.Minute || p.MaxAge != 90*day {
		t.Errorf("policy %+v", p)
	}
}

func TestLogsCarryNoPersonalData(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	d, _ := open(t)
	d.log = slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	d.finder.log = d.log
	load(t, d, staff()...)
	find(t, d, "jane doe")
	_, _ = d.Authenticate(t.Context(), text("jane.doe"), secret.FromString("hunter2 hunter2"))
	_, _ = d.Import(t.Context(), strings.NewReader("login,surname\njane.doe,\xff\n"), CSV)
	for _, private := range []string{"jane", "doe", "hunter2", "912"} {
		if strings.Contains(strings.ToLower(out.String()), private) {
			t.Errorf("the log holds %q:\n%s", private, out.String())
		}
	}
}
