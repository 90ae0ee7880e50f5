package home_test

import (
	"context"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/home"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

// live is a home screen whose work runs in goroutines, as in the program.
type live struct {
	screen.Screen
	t       *testing.T
	results chan tea.Msg
}

func newLive(t *testing.T, s *uitest.Stage) *live {
	t.Helper()
	d := uitest.NewDriver(t, uitest.Options{Stage: s})
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return &live{Screen: home.New(d.Env, screen.NewLife(ctx, 99, d.Env), nil), t: t, results: make(chan tea.Msg, 64)}
}

// run starts a command; each goroutine ends with its work, which ends with the life of the screen.
func (l *live) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		switch msg := cmd().(type) {
		case tea.BatchMsg:
			for _, c := range msg {
				l.run(c)
			}
		case screen.Landed:
			l.results <- msg.Msg
		}
	}()
}

func (l *live) typed(s string) {
	for _, r := range s {
		_, cmd := l.Key(tea.KeyPressMsg{Code: r, Text: string(r)})
		l.run(cmd)
	}
}

// until takes results until the screen shows the text.
func (l *live) until(text string) uitest.Frame {
	l.t.Helper()
	patience := time.After(10 * time.Second) // guards against hanging only
	for {
		f := uitest.Frame{W: 100, H: 20, Lines: l.View(100, 20).Lines}
		if f.Contains(text) {
			return f
		}
		select {
		case msg := <-l.results:
			l.run(l.Update(msg))
		case <-patience:
			l.t.Fatalf("%q does not come:\n%s", text, f.Text())
		}
	}
}

func TestASlowDirectoryDelaysNobody(t *testing.T) {
	t.Parallel()
	s := uitest.NewStage(t, uitest.StageOptions{})
	answer := make(chan struct{})
	s.Corp.Do("Search", 0, func(ctx context.Context) error {
		select {
		case <-answer:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	l := newLive(t, s)
	l.typed("doe")
	f := l.until("corp.example has not answered yet.")
	if !f.Contains("jane.doe") || f.Contains("doe2") {
		t.Fatalf("the fast directory's rows must be there:\n%s", f.Text())
	}
	close(answer)
	if f = l.until("doe2"); f.Contains("has not answered") || !f.Contains("2 found") {
		t.Errorf("when it has answered:\n%s", f.Text())
	}
}

func TestTheChosenRowIsFollowedWhenOthersArriveAboveIt(t *testing.T) {
	t.Parallel()
	s := uitest.NewStage(t, uitest.StageOptions{})
	answer := make(chan struct{})
	s.Corp.Do("Search", 0, func(ctx context.Context) error { <-answer; return ctx.Err() })
	l := newLive(t, s)
	l.typed("doe")
	l.until("▸ Jane Doe")
	close(answer)
	l.until("doe2")
	_, cmd := l.Key(uitest.Key("enter"))
	p, ok := cmd().(screen.Push)
	if with, _ := p.With.(screen.AccountParams); !ok || with.Person.Login.Raw() != "jane.doe" {
		t.Errorf("Enter hits %v", p.With)
	}
}

func TestTypingOnCancelsTheSearchBefore(t *testing.T) {
	t.Parallel()
	s := uitest.NewStage(t, uitest.StageOptions{OneDirectory: true})
	asked, cancelled := make(chan struct{}), make(chan struct{})
	s.Cloud.Do("Search", 1, func(ctx context.Context) error {
		close(asked)
		<-ctx.Done()
		close(cancelled)
		return ctx.Err()
	})
	l := newLive(t, s)
	l.typed("ja")
	waitFor(t, asked, "nobody is asked")
	l.typed("ne.doe")
	waitFor(t, cancelled, "the first search goes on")
	if f := l.until("1 found"); f.Contains("Cancelled") {
		t.Errorf("a search that was overtaken is no failure:\n%s", f.Text())
	}
}

func waitFor(t *testing.T, done <-chan struct{}, otherwise string) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal(otherwise)
	}
}

func BenchmarkAKeyInTheSearchBox(b *testing.B) {
	s := uitest.NewStage(b, uitest.StageOptions{OneDirectory: true})
	s.Crowd(60)
	d := uitest.NewDriver(b, uitest.Options{Stage: s, W: 130, H: 60})
	d.Type("crow")
	home := d.Screen()
	b.ReportAllocs()
	for b.Loop() {
		d.Type("d").Press("backspace")
		if f := home.View(130, 56); len(f.Lines) != 56 {
			b.Fatal(len(f.Lines))
		}
	}
}
