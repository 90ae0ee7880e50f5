package uitest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

// probe is a screen that does what a test wants.
type probe struct {
	env   *screen.Env
	life  *screen.Life
	lines []string
	got   []tea.Msg
	key   func(p *probe, k string) tea.Cmd
}

func (p *probe) Title() string { return "probe" }
func (p *probe) Init() tea.Cmd { return nil }
func (p *probe) Typing() bool  { return false }
func (p *probe) Key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	if p.key == nil {
		return false, nil
	}
	return true, p.key(p, k.String())
}

func (p *probe) Update(msg tea.Msg) tea.Cmd {
	p.got = append(p.got, msg)
	return nil
}
func (p *probe) View(w, h int) screen.Frame { return screen.Frame{Lines: kit.Clamp(p.lines, w, h)} }
func (p *probe) Keys() kit.KeyMap           { return nil }

func drive(tb testing.TB, key func(p *probe, k string) tea.Cmd) (*uitest.Driver, *probe) {
	tb.Helper()
	p := &probe{key: key}
	d := uitest.NewDriver(tb, uitest.Options{Registry: []ui.Entry{{Route: screen.Home, New: func(env *screen.Env, life *screen.Life, _ any) screen.Screen {
		p.env, p.life = env, life
		return p
	}}}})
	return d, p
}

// note is a result of work.
type note string

func TestWorkIsDoneInOrderAndItsResultsReachTheScreen(t *testing.T) {
	t.Parallel()
	d, p := drive(t, func(p *probe, _ string) tea.Cmd {
		work := func(s string) tea.Cmd {
			return p.life.Beside(s, sentence.Sentence{}, func(context.Context) (tea.Msg, error) { return note(s), nil })
		}
		return tea.Batch(work("a"), tea.Sequence(work("b"), work("c")))
	})
	d.Press("x")
	if len(p.got) != 3 || p.got[0] != note("a") || p.got[2] != note("c") {
		t.Errorf("got %v", p.got)
	}
}

func TestWhatIsHeldRunsWhenItIsReleased(t *testing.T) {
	t.Parallel()
	d, p := drive(t, func(p *probe, k string) tea.Cmd {
		return p.life.Beside(k, sentence.Sentence{}, func(context.Context) (tea.Msg, error) { return note(k), nil })
	})
	if d.Hold().Press("a", "b"); len(p.got) != 0 {
		t.Fatalf("something ran: %v", p.got)
	}
	if d.Release(); len(p.got) != 2 || p.got[1] != note("b") {
		t.Errorf("got %v", p.got)
	}
}

func TestEventsOfADeskReachEveryTerminalOnIt(t *testing.T) {
	t.Parallel()
	s := uitest.NewStage(t, uitest.StageOptions{})
	one := uitest.NewDriver(t, uitest.Options{Stage: s, Actor: coretest.L2()})
	s.HandOver(t, "jane.doe", core.VerbUnlock, uitest.Proved)
	if f := one.Send(nil).Frame(); !f.Contains("Jane Doe") {
		t.Errorf("the handoff is not seen:\n%s", f.Text())
	}
}

func TestTheEndOfATerminalIsSeen(t *testing.T) {
	t.Parallel()
	d, _ := drive(t, func(*probe, string) tea.Cmd { return screen.Do(screen.SignOut{}) })
	if d.Quit() {
		t.Fatal("it ended too early")
	}
	if d.Press("x"); !d.Quit() {
		t.Error("it has not ended")
	}
}

func TestTimersWaitForTheClock(t *testing.T) {
	t.Parallel()
	d, p := drive(t, func(*probe, string) tea.Cmd { return screen.Do(screen.Toast{Said: sentence.Of("home.nothing_waits")}) })
	if f := d.Press("x").Frame(); !f.Contains("Nothing waits.") {
		t.Fatalf("no toast:\n%s", f.Text())
	}
	if f := d.After(time.Minute).Frame(); f.Contains("Nothing waits.") {
		t.Errorf("the toast stays:\n%s", f.Text())
	}
	if len(p.got) > 0 && p.got[0] != nil {
		t.Errorf("the screen got %v", p.got)
	}
}

// failing is a testing.TB that remembers that it failed.
type failing struct {
	testing.TB
	failed string
}

func (f *failing) Helper()                        {}
func (f *failing) Errorf(format string, _ ...any) { f.failed = format }

func TestAFrameThatIsWrongFailsTheTest(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"an unknown sentence": "[card.no_such_thing]", "a field that was not given": "hello {name}", "a control character": "a\tb",
		"a bidirectional override": "a\u202eb",
	} {
		tb := &failing{TB: t}
		d, p := drive(tb, nil)
		p.lines = []string{line}
		if d.Frame(); tb.failed == "" {
			t.Errorf("%s was not found", name)
		}
	}
	tb := &failing{TB: t}
	d, p := drive(tb, nil)
	p.lines = []string{" in  embedded  [corp.example]"}
	if d.Frame(); tb.failed != "" {
		t.Error("the name of a directory is no unknown sentence")
	}
}

func TestKeysAreNamedAsTheProgramNamesThem(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a", "é", "enter", "esc", "ctrl+n", "f10", "pgdown", "shift+tab", "space", "?", "ctrl+left"} {
		if got := uitest.Key(name).String(); got != name {
			t.Errorf("%q is %q", name, got)
		}
	}
}

func TestListsOfAStageHavePages(t *testing.T) {
	t.Parallel()
	s := uitest.NewStage(t, uitest.StageOptions{Empty: true})
	s.Crowd(7, uitest.Locked)
	seen, cursor := 0, ""
	for range 4 {
		p, err := s.Cloud.List(t.Context(), core.ListQuery{State: core.ListLocked, Cursor: cursor, Limit: 2})
		if err != nil || p.Total != 7 {
			t.Fatalf("%d in all, %v", p.Total, err)
		}
		seen, cursor = seen+len(p.Rows), p.Next
	}
	if seen != 7 || cursor != "" {
		t.Errorf("read %d, then %q", seen, cursor)
	}
	if _, err := s.Cloud.List(t.Context(), core.ListQuery{State: core.ListLocked, Cursor: "x"}); core.CodeOf(err) != core.CodeInvalid {
		t.Errorf("a cursor that is none: %v", err)
	}
}

func TestAStageIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	one := uitest.NewDriver(t, uitest.Options{Stage: uitest.Queue(t), Actor: coretest.L2()}).Type("jane").Frame().Text()
	two := uitest.NewDriver(t, uitest.Options{Stage: uitest.Queue(t), Actor: coretest.L2()}).Type("jane").Frame().Text()
	if one != two || !strings.Contains(one, "Jane Doe") {
		t.Errorf("two stages differ:\n%s\n%s", one, two)
	}
}
