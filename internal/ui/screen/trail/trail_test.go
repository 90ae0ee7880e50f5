package trail_test

import (
	"context"
	"flag"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func doing() []screen.Route {
	return []screen.Route{screen.Operate, screen.Verify, screen.HandOff, screen.Reveal}
}

// told is a desk at which the Level 1 operator handed a proved case over and the Level 2 operator reset a password.
func told(tb testing.TB) *uitest.Stage {
	tb.Helper()
	s := uitest.NewStage(tb, uitest.StageOptions{})
	s.HandOver(tb, "jane.doe", core.VerbUnlock, uitest.Proved)
	k := s.OpenCase(tb, coretest.L2(), s.Jane.ID)
	if _, err := s.Desk.Perform(context.Background(), coretest.L2(), s.ResetJane(k)); core.CodeOf(err) != core.CodeUnverified {
		tb.Fatalf("a reset without a proof: %v", err)
	}
	s.Prove(tb, coretest.L2(), k.Number)
	if _, err := s.Desk.Perform(context.Background(), coretest.L2(), s.ResetJane(k)); err != nil {
		tb.Fatal(err)
	}
	return s
}

func as(actor core.Actor) func(testing.TB) uitest.Options {
	return func(tb testing.TB) uitest.Options {
		return uitest.Options{Stage: told(tb), Actor: actor, Stubs: doing()}
	}
}

func open(t testing.TB, actor core.Actor) *uitest.Driver {
	t.Helper()
	return uitest.NewDriver(t, as(actor)(t)).Press("f4")
}

func TestTheTrailLooksAsReviewed(t *testing.T) {
	t.Parallel()
	f4 := func(d *uitest.Driver) { d.Press("f4") }
	scenes := []struct {
		name string
		open func(testing.TB) uitest.Options
		act  func(*uitest.Driver)
	}{
		{"own", as(coretest.L1()), f4},
		{"all", as(coretest.Auditor()), func(d *uitest.Driver) { d.Press("f4", "down", "down") }},
		{"changes", as(coretest.Admin()), func(d *uitest.Driver) { d.Press("f4", "right") }},
		{"about", as(coretest.L2()), func(d *uitest.Driver) { d.Press("f4", "down", "a") }},
		{"loading", as(coretest.L1()), func(d *uitest.Driver) { d.Hold().Press("f4") }},
		{"chinese", func(tb testing.TB) uitest.Options {
			o := as(coretest.L2())(tb)
			o.Language = text.Chinese
			return o
		}, f4},
	}
	for _, s := range scenes {
		uitest.Gallery(t, *update, s.name, s.open, s.act)
	}
}

func TestTheReachIsSaid(t *testing.T) {
	t.Parallel()
	for actor, want := range map[core.Actor]string{
		coretest.L1(): "Your own records.", coretest.L2(): "Your own records, and those of cases you handled.", coretest.Auditor(): "Every record of this desk.",
	} {
		if f := open(t, actor).Frame(); !f.Contains(want) {
			t.Errorf("%s does not read %q:\n%s", actor.OperatorID, want, f.Text())
		}
	}
}

func TestALevelOneSeesNothingOfColleagues(t *testing.T) {
	t.Parallel()
	f := open(t, coretest.L1()).Frame()
	if f.Contains("Bo Berg") || f.Contains("password reset") || !f.Contains("handed off to Level 2") {
		t.Errorf("the trail:\n%s", f.Text())
	}
}

func TestARecordTellsEverything(t *testing.T) {
	t.Parallel()
	d := open(t, coretest.Auditor()).Resize(140, 45)
	for d.Frame().Line("▸") != "" && !strings.Contains(d.Frame().Line("▸"), "● password reset") {
		d.Press("down")
	}
	f := d.Frame()
	for _, want := range []string{"Bo Berg, User Administrator", "Jane Doe (jane.doe)", "10:00 CET", "plain", "strong", "delivery", "alternateMail", "j•••@h•••.example", "Oslo, 127.0.0.1"} {
		if !f.Contains(want) {
			t.Errorf("%q is missing:\n%s", want, f.Text())
		}
	}
}

func TestARefusalDoesNotReadLikeADeed(t *testing.T) {
	t.Parallel()
	f := open(t, coretest.L2()).Press("right", "right", "right").Frame()
	if !f.Contains("[refused]") || !f.Contains("○ password reset refused") {
		t.Errorf("the refusals:\n%s", f.Text())
	}
}

func TestTheTrailIsNarrowedToAnAccountOrACaseAndBack(t *testing.T) {
	t.Parallel()
	d := open(t, coretest.Auditor())
	d.Press("down", "a")
	if f := d.Frame(); !f.Contains("About Jane Doe (jane.doe), Finance.") || f.Contains("Omar") {
		t.Fatalf("about one account:\n%s", f.Text())
	}
	d.Press("down", "c")
	if f := d.Frame(); !f.Contains("About Jane Doe (jane.doe), Finance, case 2.") || f.Contains("handed off") {
		t.Fatalf("about one case of it:\n%s", f.Text())
	}
	if f := d.Press("x").Frame(); f.Contains("About") || !f.Contains("trail read") {
		t.Errorf("everything again:\n%s", f.Text())
	}
}

func TestTheTrailOfACaseIsOpenedWithItsNumber(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, as(coretest.Auditor())(t)).Open(screen.Trail, screen.TrailParams{Case: 1})
	if f := d.Frame(); !f.Contains("About case 1.") || f.Contains("password reset") {
		t.Errorf("the trail:\n%s", f.Text())
	}
}

func TestEnterOpensTheCardOfWhomARecordIsAbout(t *testing.T) {
	t.Parallel()
	d := open(t, coretest.L2()).Press("down", "enter")
	if p, ok := d.Opened().With.(screen.AccountParams); !ok || p.Person.ID != d.Stage.Jane.ID {
		t.Errorf("opened %v", d.Opened())
	}
	if d := open(t, coretest.Auditor()).Press("down", "enter"); d.Opened().To != screen.Trail {
		t.Errorf("an auditor opened %v", d.Opened().To)
	}
}

func TestALongTrailIsReadAsOneScrolls(t *testing.T) {
	t.Parallel()
	s := told(t)
	for range 150 {
		if _, err := s.Desk.Again(context.Background(), coretest.L1(), s.Jane.ID); err != nil {
			t.Fatal(err)
		}
	}
	d := uitest.NewDriver(t, uitest.Options{Stage: s, Stubs: doing()}).Press("f4")
	if f := d.Frame(); !f.Contains("more come as you scroll") {
		t.Fatalf("the first page:\n%s", f.Text())
	}
	if f := d.Press("end", "end").Frame(); !f.Contains("▸ 10:00    Ann Lee          case opened") && !strings.Contains(f.Line("▸"), "case opened") {
		t.Errorf("the oldest record:\n%s", f.Text())
	}
}

func TestNewerRecordsAreSaidAndReadOnAKey(t *testing.T) {
	t.Parallel()
	d := open(t, coretest.Auditor())
	d.Send(screen.Event{Event: core.Event{Kind: core.EventCase, Case: 1}})
	if f := d.Frame(); !f.Contains("There are newer records.") {
		t.Fatalf("it is not said:\n%s", f.Text())
	}
	if f := d.Press("ctrl+r").Frame(); f.Contains("There are newer records.") {
		t.Errorf("read again:\n%s", f.Text())
	}
}

func TestAFailureIsSaid(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, as(coretest.L1())(t))
	d.Stage.Store.Fail("Records", 1, core.Fail(core.CodeUnavailable, sentence.Of("error.store_unavailable")))
	if f := d.Press("f4").Frame(); !f.Contains("■ The desk's own store does not answer.") || !f.Contains("ctrl+r") {
		t.Fatalf("the failure:\n%s", f.Text())
	}
	if f := d.Press("ctrl+r").Frame(); !f.Contains("Your own records.") {
		t.Errorf("the second try:\n%s", f.Text())
	}
}

func TestALateAnswerForAnotherKindIsDropped(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, as(coretest.L2())(t)).Hold()
	d.Press("f4", "right").Release()
	if f := d.Frame(); f.Contains("case opened") || !f.Contains("password reset") {
		t.Errorf("the wrong records:\n%s", f.Text())
	}
}

func TestTheTrailFitsEverySize(t *testing.T) {
	t.Parallel()
	uitest.FitsEverywhere(t, open(t, coretest.Auditor()).Press("down", "down").Screen())
	uitest.FitsEverywhere(t, uitest.NewDriver(t, uitest.Options{}).Press("f4").Screen())
}

func TestTheTrailSurvivesAnything(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		uitest.Survives(t, open(t, coretest.Admin()), seed, 150)
	}
}
