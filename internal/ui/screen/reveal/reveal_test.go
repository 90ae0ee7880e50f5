package reveal_test

import (
	"context"
	"errors"
	"flag"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

var update = flag.Bool("update", false, "write the golden files anew")

const value = "jane@home.example"

// look is a terminal on which a value is to be shown.
type look struct {
	*uitest.Driver
	t *testing.T
}

// open asks for Jane's other mailbox as this operator.
func open(t *testing.T, s *uitest.Stage, a core.Actor) *look {
	t.Helper()
	l := &look{uitest.NewDriver(t, uitest.Options{Stage: s, Actor: a}), t}
	l.Open(screen.Reveal, screen.RevealParams{Account: s.Jane, Method: s.Jane.Methods[1]})
	return l
}

func level2(t *testing.T) *look {
	t.Helper()
	return open(t, uitest.NewStage(t, uitest.StageOptions{}), coretest.L2())
}

func (l *look) page() string {
	lines := strings.Split(l.Frame().Text(), "\n")
	return strings.Join(strings.Fields(strings.Join(lines[2:], " ")), " ")
}

func (l *look) says(want ...string) *look {
	l.t.Helper()
	for _, w := range want {
		if !strings.Contains(l.page(), w) {
			l.t.Fatalf("the screen does not say %q:\n%s", w, l.Frame().Text())
		}
	}
	return l
}

func (l *look) hides() *look {
	l.t.Helper()
	if strings.Contains(l.page(), value) {
		l.t.Fatalf("the value is on the screen:\n%s", l.Frame().Text())
	}
	return l
}

// reveals are the records of revealed values.
func (l *look) reveals() []core.Record {
	var out []core.Record
	for _, r := range l.Stage.Store.All() {
		if r.Verb == core.VerbReveal && r.Kind == core.KindDesk {
			out = append(out, r)
		}
	}
	return out
}

func TestAValueIsShownWithAReasonAfterItWasRecorded(t *testing.T) {
	t.Parallel()
	l := level2(t)
	l.says("Show the alternate mailbox of Jane Doe (jane.doe), Finance in full?", "It is shown as j•••@h•••.example.", "recorded with your reason before you see it").hides()
	l.Type("caller asks which address").Press("enter")
	l.says(value, "Any key hides it. It hides itself after 30 s.", "Trail 1")
	got := l.reveals()
	if len(got) != 1 || got[0].Personal["reason"] != "caller asks which address" || got[0].Detail["method"] != string(core.MethodAlternate) {
		t.Errorf("%+v", got)
	}
}

func TestAnyKeyHidesTheValueAndGoesBack(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"x", "esc", "enter", "space"} {
		l := level2(t)
		l.Type("why").Press("enter", key)
		l.hides().says("find a person")
	}
}

func TestTheValueHidesItself(t *testing.T) {
	t.Parallel()
	l := level2(t)
	l.Type("why").Press("enter").After(29 * time.Second)
	l.says(value)
	l.After(time.Second)
	l.hides().says("● It is hidden again.", "Shown and recorded with your reason.", "▸ Enter back to the card")
	l.Press("enter")
	l.says("find a person")
}

func TestWithoutAReasonNothingIsShown(t *testing.T) {
	t.Parallel()
	l := level2(t)
	l.Type("   ").Press("enter")
	l.hides().says("▲ Type the reason. It is recorded.")
	if got := l.reveals(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	l.Send(tea.PasteMsg{Content: "why"}).Press("enter")
	l.says(value)
}

func TestATrailThatCannotBeWrittenShowsNothing(t *testing.T) {
	t.Parallel()
	l := level2(t)
	l.Stage.Store.Fail("Append", 1, core.Fail(core.CodeAuditUnavailable, core.AsError(errors.New("x")).Said))
	l.Type("why").Press("enter")
	l.hides().says("▸ Enter try again").Press("enter")
	l.says(value)
}

func TestAnOperatorWhoMayNotIsRefused(t *testing.T) {
	t.Parallel()
	l := open(t, uitest.NewStage(t, uitest.StageOptions{}), coretest.L1())
	l.Type("why").Press("enter")
	l.hides().says("■ Your role does not allow this. Nothing was changed.", "▸ Enter back to the card").Press("enter")
	l.says("find a person")
}

func TestAMethodThatIsGoneSaysSo(t *testing.T) {
	t.Parallel()
	l := level2(t)
	jane := l.Stage.Jane
	jane.Methods = nil
	l.Stage.Cloud.Put(jane)
	l.Type("why").Press("enter")
	l.hides().says("That method is not registered any more.")
}

func TestADoubleEnterIsRecordedOnce(t *testing.T) {
	t.Parallel()
	l := level2(t)
	l.Type("why").Hold().Press("enter", "enter")
	l.Release()
	if got := l.reveals(); len(got) != 1 {
		t.Errorf("%d records", len(got))
	}
	l.says(value)
}

func TestAReasonThatIsTooLongIsRefusedByTheDesk(t *testing.T) {
	t.Parallel()
	l := level2(t)
	_, err := l.Stage.Desk.Perform(context.Background(), coretest.L2(), core.Reveal{
		ID: "x", Account: l.Stage.Jane.ID, Method: "mail:1", Reason: untrusted.New(strings.Repeat("a", 501)),
	})
	l.Send(screen.Failed{Of: "show", Err: core.AsError(err)})
	l.hides().says("▲ A reason has 1 to 500 characters.")
}

func TestWhoeverGoesBackWhileItIsRecordedSeesNothing(t *testing.T) {
	t.Parallel()
	l := level2(t)
	l.Type("why").Hold().Press("enter", "esc")
	l.Release()
	l.hides().says("find a person")
}

// scene is a page that is kept as it was reviewed.
type scene struct {
	name string
	lang text.Language
	act  func(d *uitest.Driver)
}

func scenes() []scene {
	return []scene{
		{name: "ask", act: func(d *uitest.Driver) { d.Type("caller asks") }},
		{name: "shown", act: func(d *uitest.Driver) { d.Type("caller asks").Press("enter") }},
		{name: "hidden", act: func(d *uitest.Driver) { d.Type("caller asks").Press("enter").After(time.Minute) }},
		{name: "chinese", lang: text.Chinese, act: func(d *uitest.Driver) { d.Type("caller asks") }},
	}
}

func (sc scene) open(t testing.TB) uitest.Options {
	t.Helper()
	return uitest.Options{Stage: uitest.NewStage(t, uitest.StageOptions{}), Actor: coretest.L2(), Language: sc.lang}
}

func (sc scene) play(d *uitest.Driver) {
	d.Open(screen.Reveal, screen.RevealParams{Account: d.Stage.Jane, Method: d.Stage.Jane.Methods[1]})
	sc.act(d)
}

func TestEveryPageLooksAsReviewed(t *testing.T) {
	t.Parallel()
	for _, sc := range scenes() {
		uitest.Gallery(t, *update, sc.name, sc.open, sc.play)
	}
}

func TestEveryPageFitsEverySize(t *testing.T) {
	t.Parallel()
	for _, sc := range scenes() {
		d := uitest.NewDriver(t, sc.open(t))
		sc.play(d)
		uitest.FitsEverywhere(t, d.Screen())
	}
}

func TestRandomMessagesNeverPanic(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		d := uitest.NewDriver(t, scenes()[0].open(t))
		scenes()[seed%4].play(d)
		uitest.Survives(t, d, seed, 120)
	}
}
