package home_test

import (
	"context"
	"flag"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// doing are the screens that change something: these tests only see that they are opened.
func doing() []screen.Route {
	return []screen.Route{screen.Operate, screen.Verify, screen.HandOff, screen.Reveal}
}

func l2(tb testing.TB) uitest.Options {
	tb.Helper()
	return uitest.Options{Stage: uitest.Queue(tb), Actor: coretest.L2(), Stubs: doing()}
}

func TestHomeLooksAsReviewed(t *testing.T) {
	t.Parallel()
	nothing := func(*uitest.Driver) {}
	l1 := func(testing.TB) uitest.Options { return uitest.Options{} }
	scenes := []struct {
		name string
		open func(testing.TB) uitest.Options
		act  func(*uitest.Driver)
	}{
		{"empty", l1, nothing},
		{"waiting", l2, nothing},
		{"waiting-chosen", l2, func(d *uitest.Driver) { d.Press("down", "down") }},
		{"found", l1, func(d *uitest.Driver) { d.Type("jane").Press("down") }},
		{"nobody", l1, func(d *uitest.Driver) { d.Type("zzz") }},
		{"down", l1, func(d *uitest.Driver) {
			d.Stage.Corp.Fail("Search", 0, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
			d.Type("doe")
		}},
		{"many", l1, func(d *uitest.Driver) { d.Stage.Crowd(60); d.Type("crowd") }},
		{"auditor", func(testing.TB) uitest.Options { return uitest.Options{Actor: coretest.Auditor()} }, nothing},
		{"chinese", func(tb testing.TB) uitest.Options {
			o := l2(tb)
			o.Language = text.Chinese
			return o
		}, nothing},
	}
	for _, s := range scenes {
		uitest.Gallery(t, *update, s.name, s.open, s.act)
	}
}

func TestTheSearchBoxHasTheFocusAtOnce(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{})
	if f := d.Frame(); f.Cursor == nil || !f.Contains("find a person") {
		t.Fatalf("no cursor in the box:\n%s", f.Text())
	}
	if f := d.Type("omar").Frame(); !f.Contains("▸ Omar Haddad") || !f.Contains("1 found") {
		t.Errorf("typing did not search:\n%s", f.Text())
	}
}

func TestLettersAreTextWhileTheBoxHasTheFocus(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t))
	d.Type("n?")
	if f := d.Frame(); !f.Contains("› n?") || d.Opened().To != screen.Home {
		t.Errorf("a letter did something:\n%s", f.Text())
	}
}

func TestTooShortATextIsNotSearched(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{})
	before := d.Stage.Cloud.Calls("Search")
	if f := d.Type("j").Frame(); !f.Contains("Type at least 2 letters.") {
		t.Errorf("it is not said:\n%s", f.Text())
	}
	if d.Stage.Cloud.Calls("Search") != before {
		t.Error("one letter was searched")
	}
}

func TestEnterOpensTheCardOfTheChosenPerson(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{})
	d.Type("jane").Press("down", "down", "up", "enter")
	p, ok := d.Opened().With.(screen.AccountParams)
	if !ok || p.Person.DisplayName.Raw() != "Jane Doe" {
		t.Errorf("opened %v", d.Opened())
	}
}

func TestEnterBeforeTheAnswerOpensTheOnlyOneFound(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{})
	d.Type("jane").Hold()
	d.Type(".doe").Press("enter").Release()
	if p, _ := d.Opened().With.(screen.AccountParams); p.Person.Login.Raw() != "jane.doe" {
		t.Errorf("opened %v", d.Opened())
	}
}

func TestEnterBeforeTheAnswerNeverOpensSomebodyOfAnOlderText(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{})
	d.Type("om").Hold()
	d.Press("backspace", "backspace").Type("jane").Press("enter").Release()
	if d.Opened().To != screen.Home {
		t.Errorf("opened %v although several were found", d.Opened())
	}
	if f := d.Frame(); !f.Contains("▸ Jane Dahl") {
		t.Errorf("the first of the new rows is not chosen:\n%s", f.Text())
	}
}

func TestALateAnswerToAnOlderTextIsDropped(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{})
	d.Hold()
	d.Type("jane").Press("ctrl+u").Type("omar").Release()
	if f := d.Frame(); f.Contains("Jane") || !f.Contains("Omar Haddad") {
		t.Errorf("the wrong people:\n%s", f.Text())
	}
}

func TestPeopleOfTheSameNameAreFlaggedAndTellTheirDirectory(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{W: 140, H: 45})
	f := d.Type("doe").Frame()
	if l := f.Line("doe2"); !strings.Contains(l, "same name") || !strings.Contains(l, "corp.example") {
		t.Errorf("flag or badge is missing:\n%s", f.Text())
	}
	one := uitest.NewStage(t, uitest.StageOptions{OneDirectory: true})
	f = uitest.NewDriver(t, uitest.Options{Stage: one, W: 140, H: 45}).Type("omar").Frame()
	if strings.Contains(f.Line("Omar"), "embedded") {
		t.Errorf("with one directory there is nothing to tell:\n%s", f.Text())
	}
}

func TestADirectoryThatIsIndexingSaysSo(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{})
	d.Stage.Corp.Slow = true
	if f := d.Type("doe").Frame(); !f.Contains("corp.example is still indexing") {
		t.Errorf("it is not said:\n%s", f.Text())
	}
}

func TestASearchThatIsRefusedSaysWhy(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{})
	d.Stage.Operators.Fail("Operator", 1, core.Fail(core.CodeUnavailable, sentence.Of("error.store_unavailable")))
	if f := d.Type("doe").Press("up").Frame(); !f.Contains("Jane Doe") {
		t.Errorf("the next key searches again:\n%s", f.Text())
	}
	d.Stage.Operators.Fail("Operator", 0, core.Fail(core.CodeUnavailable, sentence.Of("error.store_unavailable")))
	if f := d.Type("x").Frame(); !f.Contains("The desk's own store does not answer.") {
		t.Errorf("the failure is not shown:\n%s", f.Text())
	}
}

func TestEscEmptiesTheBoxAndComesBackToWhatWaits(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t))
	f := d.Type("omar").Press("esc").Frame()
	if !f.Contains("find a person") || !f.Contains("WAITING FOR LEVEL 2") || f.Cursor == nil {
		t.Errorf("not as in the beginning:\n%s", f.Text())
	}
}

func TestWhatWaitsIsToldOldestFirst(t *testing.T) {
	t.Parallel()
	f := uitest.NewDriver(t, l2(t)).Frame()
	jane, li := f.Line("Jane Doe"), f.Line("Li Wei")
	if !strings.Contains(jane, "unlock") || !strings.Contains(jane, "4 min left, proved 10:00 by Ann Lee") || !strings.Contains(jane, "6 min") {
		t.Errorf("the first waiting case: %q", jane)
	}
	if !strings.Contains(li, "help") || !strings.Contains(li, "not proved, from Ann Lee") || strings.Index(f.Text(), "Jane Doe") > strings.Index(f.Text(), "Li Wei") {
		t.Errorf("the second waiting case: %q", li)
	}
}

func TestAProofThatHasExpiredSaysSo(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t))
	if l := d.After(time.Hour).Frame().Line("Jane Doe"); !strings.Contains(l, "○ proof expired, from Ann Lee") {
		t.Errorf("%q", l)
	}
}

func TestTakingAHandedUnlockIsOneKey(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t))
	d.Press("ctrl+n")
	p, ok := d.Opened().With.(screen.OperateParams)
	if !ok || p.Goal != core.VerbUnlock || p.Account.Login.Raw() != "jane.doe" || p.Case != 1 {
		t.Fatalf("opened %v", d.Opened())
	}
	k, _, err := d.Stage.Desk.CaseOf(context.Background(), coretest.L2(), 1)
	if err != nil || k.AssignedTo != "l2" {
		t.Errorf("the case is %v, %v", k.AssignedTo, err)
	}
}

func TestTakingTwiceInAHurryTakesOneCase(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t))
	d.Hold()
	d.Press("ctrl+n", "ctrl+n").Release()
	if k, _, _ := d.Stage.Desk.CaseOf(context.Background(), coretest.L2(), 2); k.Status != core.CaseWaiting {
		t.Errorf("the second case is %s", k.Status)
	}
}

func TestEnterOnAWaitingRowTakesThatCase(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t))
	d.Press("down", "down", "enter")
	if p, ok := d.Opened().With.(screen.AccountParams); !ok || p.Person.Login.Raw() != "li.wei" {
		t.Errorf("where only help is wanted the card opens, not %v", d.Opened())
	}
}

func TestATakenCaseWhoseAccountCannotBeReadIsShownAsACase(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t))
	d.Stage.Cloud.Fail("Account", 0, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
	d.Press("ctrl+n")
	if d.Opened().To != screen.Case {
		t.Errorf("opened %v", d.Opened())
	}
}

func TestACaseThatAColleagueTookIsToldAndTheListIsReadAgain(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t))
	d.Press("down").Hold().Press("enter")
	other := core.TakeHandoff{ID: "other", Case: 1}
	admin := coretest.L2()
	admin.Credential = "key:other"
	if _, err := d.Stage.Desk.Perform(context.Background(), admin, other); err != nil {
		t.Fatal(err)
	}
	f := d.Release().Frame()
	if !f.Contains("a colleague was faster") || f.Contains("4 min left") {
		t.Errorf("it is not said, or the case still waits:\n%s", f.Text())
	}
	if f := d.Press("esc").Frame(); f.Contains("a colleague was faster") {
		t.Errorf("the next key takes the failure away:\n%s", f.Text())
	}
}

func TestTheListsAreOneForTheArrows(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t))
	if f := d.Press("down", "down", "down").Frame(); !strings.HasPrefix(f.Line("Omar Haddad"), " ▸") || f.Cursor != nil {
		t.Fatalf("the third down is the first own case:\n%s", f.Text())
	}
	if f := d.Press("up", "up", "up").Frame(); f.Cursor == nil {
		t.Fatalf("three up lead back into the box:\n%s", f.Text())
	}
	d.Press("down", "down", "down", "enter")
	if p, ok := d.Opened().With.(screen.CaseParams); !ok || p.Number != 3 {
		t.Errorf("opened %v", d.Opened())
	}
}

func TestASlashOrAPasteLeadsBackIntoTheBox(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t))
	if f := d.Press("down", "/").Frame(); f.Cursor == nil {
		t.Errorf("the box has no cursor:\n%s", f.Text())
	}
	if f := d.Press("down").Send(tea.PasteMsg{Content: "omar\n"}).Frame(); !f.Contains("1 found") {
		t.Errorf("a paste is searched:\n%s", f.Text())
	}
}

func TestWhatWaitsIsReadAgainWhenItChanges(t *testing.T) {
	t.Parallel()
	s := uitest.Queue(t)
	one := uitest.NewDriver(t, uitest.Options{Stage: s, Actor: coretest.L2(), Stubs: doing()})
	two := uitest.NewDriver(t, uitest.Options{Stage: s, Actor: coretest.L2(), Stubs: doing()})
	one.Press("ctrl+n")
	if f := two.Send(nil).Frame(); f.Contains("4 min left") {
		t.Errorf("a taken case still waits:\n%s", f.Text())
	}
}

func TestWhatIsDownStandsFirstInTheHealthLine(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{})
	d.Stage.Corp.Fail("Probe", 0, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
	d.Send(screen.Event{Event: core.Event{Kind: core.EventHealth}})
	if l := d.Frame().Line("HEALTH"); !strings.HasPrefix(l, " HEALTH   ■ corp.example down   ● embedded") {
		t.Errorf("%q", l)
	}
}

func TestComingHomeAfterTheWorkGivesAnEmptyBox(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{})
	d.Type("jane").Press("enter")
	if f := d.Press("esc").Frame(); !f.Contains("› jane") {
		t.Fatalf("back from a card what was found is still there:\n%s", f.Text())
	}
	if f := d.Press("enter", "ctrl+g").Frame(); !f.Contains("find a person") {
		t.Errorf("the next caller needs an empty box:\n%s", f.Text())
	}
}

func TestEveryScreenOpensByItsKeyFromTheBox(t *testing.T) {
	t.Parallel()
	for key, route := range map[string]screen.Route{"f2": screen.Cases, "f3": screen.Lists, "f4": screen.Trail, "f5": screen.Health} {
		d := uitest.NewDriver(t, uitest.Options{})
		if d.Press(key); d.Opened().To != route {
			t.Errorf("%s opened %s", key, d.Opened().To)
		}
	}
}

func TestThePaletteReachesAKeyWithControl(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t))
	d.Press("ctrl+k").Type("take the next")
	if f := d.Frame(); !f.Contains("▸ take the next") || f.Cursor == nil {
		t.Fatalf("the palette:\n%s", f.Text())
	}
	if d.Press("enter"); d.Opened().To != screen.Operate {
		t.Errorf("opened %v", d.Opened().To)
	}
}

func TestHelpNamesAKeyThatWorksWhileOneTypes(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, l2(t))
	if f := d.Frame(); !f.Contains("F1 help") {
		t.Errorf("in the box a question mark is text:\n%s", f.Text())
	}
	if f := d.Press("down").Frame(); !f.Contains("? help") {
		t.Errorf("in a list it is a key:\n%s", f.Text())
	}
}

func TestAnAuditorIsToldWhereToGo(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{Actor: coretest.Auditor()})
	d.Type("jane")
	if f := d.Frame(); !f.Contains("It does not look for people.") || f.Contains("WAITING") || f.Cursor != nil {
		t.Errorf("an auditor sees:\n%s", f.Text())
	}
	if d.Stage.Cloud.Calls("Search") != 0 {
		t.Error("an auditor searched")
	}
}

func TestAHostileNameCannotCommandTheTerminal(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{W: 140, H: 45})
	if f := d.Type("eve").Frame(); !f.Contains(`Eve\x1b]0;owned\x07`) {
		t.Errorf("it must be visible:\n%s", f.Text())
	}
}

func TestHomeFitsEverySize(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{{}, {"down"}, {"j", "a"}, {"z", "z"}, {"j"}} {
		uitest.FitsEverywhere(t, uitest.NewDriver(t, l2(t)).Press(keys...).Screen())
	}
	uitest.FitsEverywhere(t, uitest.NewDriver(t, uitest.Options{Actor: coretest.Auditor()}).Screen())
}

func TestHomeSurvivesAnything(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		uitest.Survives(t, uitest.NewDriver(t, l2(t)), seed, 150)
	}
}
