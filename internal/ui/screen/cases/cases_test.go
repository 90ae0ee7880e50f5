package cases_test

import (
	"context"
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func l2(tb testing.TB) uitest.Options {
	tb.Helper()
	return uitest.Options{
		Stage: uitest.Queue(tb), Actor: coretest.L2(), Stubs: []screen.Route{screen.Operate, screen.Verify, screen.HandOff, screen.Reveal},
	}
}

func open(t testing.TB) *uitest.Driver {
	t.Helper()
	return uitest.NewDriver(t, l2(t)).Press("f2")
}

func TestCasesLookAsReviewed(t *testing.T) {
	t.Parallel()
	press := func(keys ...string) func(*uitest.Driver) { return func(d *uitest.Driver) { d.Press(keys...) } }
	scenes := []struct {
		name string
		act  func(*uitest.Driver)
	}{
		{"mine", press("f2")},
		{"waiting", press("f2", "right")},
		{"closed", press("f2", "c", "down", "enter", "right", "right")},
		{"chooser", press("f2", "c", "down")},
		{"case-mine", press("f2", "enter")},
		{"case-waiting", press("f2", "right", "enter")},
		{"case-taken", func(d *uitest.Driver) {
			d.Press("f2", "n", "esc")
			d.After(time.Minute).Open(screen.Case, screen.CaseParams{Number: 1})
		}},
		{"case-loading", func(d *uitest.Driver) { d.Hold().Open(screen.Case, screen.CaseParams{Number: 1}) }},
		{"case-unknown", func(d *uitest.Driver) { d.Open(screen.Case, screen.CaseParams{Number: 99}) }},
	}
	for _, s := range scenes {
		uitest.Gallery(t, *update, s.name, l2, s.act)
	}
	uitest.Gallery(t, *update, "chinese", func(tb testing.TB) uitest.Options {
		o := l2(tb)
		o.Language = text.Chinese
		return o
	}, press("f2", "right", "enter"))
}

func TestEachViewHasItsCases(t *testing.T) {
	t.Parallel()
	d := open(t)
	if f := d.Frame(); !f.Contains("▸ Omar Haddad") {
		t.Fatalf("mine:\n%s", f.Text())
	}
	f := d.Press("right").Frame()
	if !strings.Contains(f.Line("Jane Doe"), "● 4 min left, proved by Ann Lee") || strings.Contains(f.Text(), "Omar") {
		t.Fatalf("waiting:\n%s", f.Text())
	}
	if f = d.Press("right").Frame(); !f.Contains("You have closed no case yet.") {
		t.Errorf("closed:\n%s", f.Text())
	}
}

func TestClosingAsksHowItEnded(t *testing.T) {
	t.Parallel()
	d := open(t).Press("c")
	if f := d.Frame(); !f.Contains("How did case 3 of Omar Haddad (omar.haddad), Warehouse end?") {
		t.Fatalf("the question:\n%s", f.Text())
	}
	f := d.Press("down", "enter").Frame()
	if !f.Contains("Case 3 is closed: assisted reset.") || !f.Contains("You have no open case.") {
		t.Errorf("closed:\n%s", f.Text())
	}
	k, _, err := d.Stage.Desk.CaseOf(context.Background(), coretest.L2(), 3)
	if err != nil || k.Code != core.AssistedReset {
		t.Errorf("closed as %q, %v", k.Code, err)
	}
}

func TestTheChooserCanBeLeft(t *testing.T) {
	t.Parallel()
	d := open(t).Press("c", "esc")
	if f := d.Frame(); !f.Contains("▸ Omar Haddad") || !f.Contains("[mine]") {
		t.Errorf("esc leads back to the list:\n%s", f.Text())
	}
}

func TestClosingTwiceInAHurryIsOneOperation(t *testing.T) {
	t.Parallel()
	d := open(t).Press("c").Hold()
	d.Press("enter", "enter").Release()
	n := 0
	for _, r := range d.Stage.Store.All() {
		if r.Verb == core.VerbCloseCase {
			n++
		}
	}
	if n != 1 {
		t.Errorf("closed %d times", n)
	}
}

func TestTakingTheNextGoesOnWithWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	d := open(t).Press("n")
	if p, ok := d.Opened().With.(screen.OperateParams); !ok || p.Goal != core.VerbUnlock || p.Case != 1 {
		t.Errorf("opened %v", d.Opened())
	}
}

func TestNothingToTakeIsSaid(t *testing.T) {
	t.Parallel()
	s := uitest.NewStage(t, uitest.StageOptions{})
	f := uitest.NewDriver(t, uitest.Options{Stage: s}).Press("f2", "n").Frame()
	if !f.Contains("■ Nothing waits for you, or a colleague was faster.") {
		t.Errorf("it is not said:\n%s", f.Text())
	}
}

func TestAWaitingCaseIsTakenFromItsPage(t *testing.T) {
	t.Parallel()
	d := open(t).Press("right", "enter")
	f := d.Frame()
	for _, want := range []string{"▲ Waits for Level 2 since 10:00: unlock.", "▸ Enter  take the case", "The caller knows the password.", "● authenticator app", "strong", "10:00 by Ann Lee", "4 min left", "c close (take it first)"} {
		if !f.Contains(want) {
			t.Errorf("%q is missing:\n%s", want, f.Text())
		}
	}
	if f = d.Press("c").Frame(); !f.Contains("This case cannot be closed here: take it first.") {
		t.Errorf("closing it:\n%s", f.Text())
	}
	if d.Press("enter"); d.Opened().To != screen.Operate {
		t.Fatalf("opened %v", d.Opened().To)
	}
	f = d.Press("esc").Frame()
	if !f.Contains("Open with you since 10:00.") || !f.Contains("▸ Enter  go on with it") {
		t.Errorf("taken and left:\n%s", f.Text())
	}
	if d.Press("enter"); d.Opened().To != screen.Operate {
		t.Errorf("going on opened %v", d.Opened().To)
	}
}

func TestOnesOwnCaseGoesOnWithTheCard(t *testing.T) {
	t.Parallel()
	d := open(t).Press("enter", "enter")
	if p, ok := d.Opened().With.(screen.AccountParams); !ok || p.Person.Login.Raw() != "omar.haddad" {
		t.Errorf("opened %v", d.Opened())
	}
}

func TestACaseIsClosedFromItsPage(t *testing.T) {
	t.Parallel()
	f := open(t).Press("enter", "c", "enter").Frame()
	if !f.Contains("● Closed at 10:06 as “solved by self-service”.") || !f.Contains("case closed: solved by self-service") || !f.Contains("look at the account") {
		t.Errorf("the case:\n%s", f.Text())
	}
}

func TestAProofThatWasUsedOrExpiredDoesNotLookUsable(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t)).Open(screen.Case, screen.CaseParams{Number: 1})
	if f := d.After(time.Hour).Frame(); !f.Contains("○ authenticator app") || !f.Contains("expired 10:10") {
		t.Errorf("expired:\n%s", f.Text())
	}
	s := uitest.NewStage(t, uitest.StageOptions{})
	k := s.OpenCase(t, coretest.L2(), s.Jane.ID)
	s.Prove(t, coretest.L2(), k.Number)
	if _, err := s.Desk.Perform(context.Background(), coretest.L2(), s.ResetJane(k)); err != nil {
		t.Fatal(err)
	}
	d = uitest.NewDriver(t, uitest.Options{Stage: s, Actor: coretest.L2()}).Open(screen.Case, screen.CaseParams{Number: k.Number})
	if f := d.Frame(); !f.Contains("used 10:00") || !f.Contains("● password reset") {
		t.Errorf("used:\n%s", f.Text())
	}
}

func TestAColleaguesCaseIsNotShown(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{Stage: uitest.Queue(t)}).Open(screen.Case, screen.CaseParams{Number: 3})
	if f := d.Frame(); !f.Contains("■ Case 3 is a colleague's.") || f.Contains("Omar") || !f.Contains("▸ Enter  try again") {
		t.Errorf("the case:\n%s", f.Text())
	}
}

func TestWhatAColleagueDoesIsShown(t *testing.T) {
	t.Parallel()
	o := l2(t)
	one := uitest.NewDriver(t, o).Press("f2", "right")
	other := uitest.NewDriver(t, o).Press("f2", "n")
	if other.Opened().To != screen.Operate {
		t.Fatalf("opened %v", other.Opened().To)
	}
	if f := one.Send(nil).Frame(); f.Contains("Jane Doe") || !f.Contains("Li Wei") {
		t.Errorf("a taken case still waits:\n%s", f.Text())
	}
}

func TestAFailedListSaysSo(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t))
	d.Stage.Store.Fail("ListCases", 1, core.Fail(core.CodeUnavailable, sentence.Of("error.store_unavailable")))
	if f := d.Press("f2").Frame(); !f.Contains("■ The desk's own store does not answer.") {
		t.Fatalf("the failure:\n%s", f.Text())
	}
	if f := d.Press("right", "left").Frame(); !f.Contains("Omar Haddad") || f.Contains("■") {
		t.Errorf("the second try:\n%s", f.Text())
	}
}

func TestCasesFitEverySize(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{{}, {"right"}, {"c"}, {"enter"}, {"right", "enter"}, {"enter", "c"}} {
		uitest.FitsEverywhere(t, open(t).Press(keys...).Screen())
	}
	d := uitest.NewDriver(t, l2(t)).Hold().Open(screen.Case, screen.CaseParams{Number: 1})
	uitest.FitsEverywhere(t, d.Screen())
}

func TestCasesSurviveAnything(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		uitest.Survives(t, open(t), seed, 150)
		uitest.Survives(t, open(t).Press("enter"), seed, 150)
	}
	for _, with := range []any{nil, 7, screen.CaseParams{Number: -1}} {
		uitest.NewDriver(t, l2(t)).Open(screen.Case, with).Press("enter", "c", "p", "t").Frame()
	}
}
