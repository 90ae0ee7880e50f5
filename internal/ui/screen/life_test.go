package screen_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

func newLife(ctx context.Context) *screen.Life {
	return screen.NewLife(ctx, 7, &screen.Env{Log: slog.New(slog.DiscardHandler), Now: time.Unix(0, 0)})
}

// ended waits for what AtEnd does in a goroutine of its own.
func ended(t *testing.T, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("nothing happened at the end")
	}
}

func TestAScreenThatClosesForgetsItsSecret(t *testing.T) {
	t.Parallel()
	done := make(chan struct{})
	l := newLife(context.Background())
	l.AtEnd(func() { close(done) })
	l.End()
	ended(t, done)
}

func TestASecretForAScreenThatHasClosedIsForgottenAtOnce(t *testing.T) {
	t.Parallel()
	done := make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	l := newLife(ctx)
	cancel() // the terminal has ended
	l.AtEnd(func() { close(done) })
	ended(t, done)
}

func TestAChangeGoesOnWhenItsScreenCloses(t *testing.T) {
	t.Parallel()
	l := newLife(context.Background())
	cmd := l.Change("change", sentence.Sentence{}, func(ctx context.Context) (tea.Msg, error) { return "done", ctx.Err() })
	if l.Cancel() {
		t.Error("a change can be cancelled")
	}
	l.End()
	if got := cmd(); got != (screen.Landed{For: 7, Msg: "done"}) {
		t.Errorf("%#v", got)
	}
}

func TestWorkThatHasEndedIsNothingToCancel(t *testing.T) {
	t.Parallel()
	l := newLife(context.Background())
	cmd := l.Run("look", sentence.Sentence{}, func(context.Context) (tea.Msg, error) { return "seen", nil })
	cmd()
	l.Down()
	l.Beside("more", sentence.Sentence{}, func(context.Context) (tea.Msg, error) { return "", nil })
	if l.Cancel() {
		t.Error("work that has ended was cancelled, so esc did nothing")
	}
}

func TestANewerSearchCancelsTheOlderOne(t *testing.T) {
	t.Parallel()
	l := newLife(context.Background())
	wait := func(ctx context.Context) (tea.Msg, error) { return nil, ctx.Err() }
	older := l.Run("search", sentence.Sentence{}, wait)
	newer := l.Run("search", sentence.Sentence{}, wait)
	if f, ok := older().(screen.Landed).Msg.(screen.Failed); !ok || f.Err.Said.ID != "error.cancelled" {
		t.Errorf("%#v", f)
	}
	if got := newer(); got != (screen.Landed{For: 7}) {
		t.Errorf("%#v", got)
	}
}

func TestAPanicInWorkIsAFailureThatClaimsNothing(t *testing.T) {
	t.Parallel()
	l := newLife(context.Background())
	cmd := l.Change("change", sentence.Sentence{}, func(context.Context) (tea.Msg, error) { panic("oh") })
	f, ok := cmd().(screen.Landed).Msg.(screen.Failed)
	if !ok || f.Of != "change" || f.Err.Code != core.CodeInternal || f.Err.Changed != core.ChangeUnknown {
		t.Errorf("%#v", f)
	}
}

func TestAFailureKeepsItsNameAndItsError(t *testing.T) {
	t.Parallel()
	l := newLife(context.Background())
	want := core.Fail(core.CodeDenied, sentence.Of("denied.nobody"))
	f, ok := l.Run("look", sentence.Sentence{}, func(context.Context) (tea.Msg, error) { return nil, errors.Join(want) })().(screen.Landed).Msg.(screen.Failed)
	if !ok || f.Of != "look" || f.Err != want {
		t.Errorf("%#v", f)
	}
}

func TestWorkAsideIsNoWait(t *testing.T) {
	t.Parallel()
	life := newLife(t.Context())
	done := life.Aside("hint", func(context.Context) (tea.Msg, error) { return "found", nil })
	if life.Busy.Count != 0 || life.Cancel() {
		t.Error("somebody waits for it")
	}
	if got, want := done(), (screen.Landed{For: life.ID, Msg: "found", Aside: true}); got != want {
		t.Errorf("got %+v", got)
	}
	failed := life.Aside("hint", func(context.Context) (tea.Msg, error) { panic("oh") })
	if l, ok := failed().(screen.Landed); !ok || !l.Aside || l.Msg.(screen.Failed).Of != "hint" {
		t.Errorf("got %+v", l)
	}
}

func TestWorkAsideEndsWithItsScreen(t *testing.T) {
	t.Parallel()
	life := newLife(t.Context())
	work := life.Aside("hint", func(ctx context.Context) (tea.Msg, error) { <-ctx.Done(); return nil, ctx.Err() })
	life.End()
	if l, ok := work().(screen.Landed); !ok || l.Msg.(screen.Failed).Err.Said.ID != "error.cancelled" {
		t.Errorf("got %+v", l)
	}
}

func TestAWaitLastsUntilItsResultHasLandedOrAnotherBegins(t *testing.T) {
	t.Parallel()
	l := newLife(context.Background())
	if l.Lasting()() {
		t.Error("nothing was begun")
	}
	nothing := func(context.Context) (tea.Msg, error) { return nil, nil }
	l.Run("a", sentence.Sentence{}, nothing)
	first := l.Lasting()
	if !first() {
		t.Error("the first one is under way")
	}
	l.Run("b", sentence.Sentence{}, nothing)
	second := l.Lasting()
	if first() || !second() {
		t.Error("the second one has taken the place of the first")
	}
	l.Down()
	if !second() {
		t.Error("one of two has landed")
	}
	l.Down()
	if second() {
		t.Error("both have landed")
	}
}
