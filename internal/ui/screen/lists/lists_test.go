package lists_test

import (
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

func open(t testing.TB, o uitest.Options) *uitest.Driver {
	t.Helper()
	return uitest.NewDriver(t, o).Press("f3")
}

// crowd is a desk with many locked people.
func crowd(t testing.TB, n int) *uitest.Stage {
	t.Helper()
	s := uitest.NewStage(t, uitest.StageOptions{})
	s.Crowd(n, uitest.Locked)
	return s
}

func TestListsLookAsReviewed(t *testing.T) {
	t.Parallel()
	plain := func(testing.TB) uitest.Options { return uitest.Options{} }
	scenes := []struct {
		name string
		open func(testing.TB) uitest.Options
		act  func(*uitest.Driver)
	}{
		{"locked", plain, func(d *uitest.Driver) { d.Press("f3") }},
		{"long", func(tb testing.TB) uitest.Options { return uitest.Options{Stage: crowd(tb, 500)} }, func(d *uitest.Driver) { d.Press("f3", "pgdown") }},
		{"expiring-nobody", plain, func(d *uitest.Driver) { d.Press("f3", "right", "right", "right") }},
		{"export", plain, func(d *uitest.Driver) { d.Press("f3", "right", "x") }},
		{"loading", plain, func(d *uitest.Driver) { d.Hold().Press("f3") }},
		{"down", plain, func(d *uitest.Driver) {
			d.Stage.Cloud.Fail("List", 0, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
			d.Press("f3")
		}},
		{"chinese", func(testing.TB) uitest.Options { return uitest.Options{Language: text.Chinese} }, func(d *uitest.Driver) { d.Press("f3") }},
	}
	for _, s := range scenes {
		uitest.Gallery(t, *update, s.name, s.open, s.act)
	}
}

func TestAListTellsHowManyAndSinceWhen(t *testing.T) {
	t.Parallel()
	f := open(t, uitest.Options{}).Frame()
	if !f.Contains("Locked: 2 people in embedded.") || !strings.Contains(f.Line("Jane Doe"), "since 09:50") {
		t.Errorf("the list:\n%s", f.Text())
	}
}

func TestEveryStateHasItsList(t *testing.T) {
	t.Parallel()
	want := []string{"Locked: 2 people", "Disabled: 2 people", "Password expired: 2 people", "Password expires within 14 days: nobody", "Password must be changed: 2 people", "No sign-in for 90 days: nobody"}
	d := open(t, uitest.Options{})
	for i, w := range want {
		if f := d.Frame(); !f.Contains(w) {
			t.Errorf("list %d does not say %q:\n%s", i, w, f.Text())
		}
		d.Press("right")
	}
	if f := d.Press("left").Frame(); !f.Contains(want[4]) {
		t.Errorf("left leads back:\n%s", f.Text())
	}
}

func TestAnotherDirectoryHasItsOwnLists(t *testing.T) {
	t.Parallel()
	if f := open(t, uitest.Options{}).Press("d").Frame(); !f.Contains("Locked: nobody") {
		t.Errorf("the other directory:\n%s", f.Text())
	}
}

func TestALongListIsReadToItsEndAsOneScrolls(t *testing.T) {
	t.Parallel()
	d := open(t, uitest.Options{Stage: crowd(t, 500)})
	if f := d.Frame(); !f.Contains("Locked: 502 people") || !f.Contains("200 of 502 read") {
		t.Fatalf("the first page:\n%s", f.Text())
	}
	for range 4 {
		d.Press("end")
	}
	f := d.Frame()
	if !f.Contains("▸ Li Wei") || f.Contains("read;") {
		t.Errorf("the end of the list:\n%s", f.Text())
	}
	if calls := d.Stage.Cloud.Calls("List"); calls != 3 {
		t.Errorf("%d pages were asked for", calls)
	}
}

func TestADirectoryThatCannotCountIsNotGuessedAt(t *testing.T) {
	t.Parallel()
	s := crowd(t, 500)
	s.Cloud.Uncounted = true
	d := open(t, uitest.Options{Stage: s})
	if f := d.Frame(); !f.Contains("Locked: people in embedded.") || !f.Contains("200 read, there are more") {
		t.Fatalf("the first page:\n%s", f.Text())
	}
	if f := d.Press("end", "end", "end").Frame(); !f.Contains("502, that is all") {
		t.Errorf("the end:\n%s", f.Text())
	}
}

func TestEnterOpensTheCardAndComingBackKeepsThePlace(t *testing.T) {
	t.Parallel()
	d := open(t, uitest.Options{}).Press("down", "enter")
	if p, ok := d.Opened().With.(screen.AccountParams); !ok || p.Person.Login.Raw() != "li.wei" {
		t.Fatalf("opened %v", d.Opened())
	}
	calls := d.Stage.Cloud.Calls("List")
	if f := d.Press("esc").Frame(); !f.Contains("▸ Li Wei") || d.Stage.Cloud.Calls("List") != calls {
		t.Errorf("back from a look nothing is read again:\n%s", f.Text())
	}
	d.Press("enter")
	li := d.Stage.Cloud.Put(unlocked(t, d))
	f := d.Send(screen.Event{Event: core.Event{Kind: core.EventAccount, Account: li.ID}}).Press("esc").Frame()
	if f.Contains("Li Wei") || !f.Contains("Locked: 1 person") {
		t.Errorf("back from a change the list is read again:\n%s", f.Text())
	}
}

func unlocked(t *testing.T, d *uitest.Driver) core.Account {
	t.Helper()
	a, err := d.Stage.Cloud.Account(t.Context(), "id-li.wei")
	if err != nil {
		t.Fatal(err)
	}
	a.State.Locked = false
	return a
}

func TestAChangeMeanwhileIsSaidAndNothingJumps(t *testing.T) {
	t.Parallel()
	d := open(t, uitest.Options{}).Press("down")
	f := d.Send(screen.Event{Event: core.Event{Kind: core.EventAccount, Account: d.Stage.Jane.ID}}).Frame()
	if !f.Contains("An account has changed since.") || !f.Contains("▸ Li Wei") {
		t.Fatalf("the note:\n%s", f.Text())
	}
	if f = d.Press("ctrl+r").Frame(); f.Contains("has changed since") || !f.Contains("▸ Li Wei") {
		t.Errorf("read again, with the same row chosen:\n%s", f.Text())
	}
}

func TestExportNamesTheCommand(t *testing.T) {
	t.Parallel()
	d := open(t, uitest.Options{}).Press("right", "x")
	if f := d.Frame(); !f.Contains("ssh desk user list --state disabled --csv") {
		t.Errorf("the command is missing:\n%s", f.Text())
	}
	if f := d.Press("x").Frame(); f.Contains("ssh desk") {
		t.Errorf("the key takes it away again:\n%s", f.Text())
	}
}

func TestALateAnswerForAnotherListIsDropped(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{}).Hold()
	d.Press("f3", "right", "right").Release()
	if f := d.Frame(); !f.Contains("Password expired: 2 people") || f.Contains("Jane Doe") {
		t.Errorf("the wrong list:\n%s", f.Text())
	}
}

func TestAFailureSaysWhatAndOtherListsGoOn(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{})
	d.Stage.Cloud.Fail("List", 1, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
	if f := d.Press("f3").Frame(); !f.Contains("■ It took too long.") {
		t.Fatalf("the failure:\n%s", f.Text())
	}
	if f := d.Press("right").Frame(); !f.Contains("Disabled: 2 people") {
		t.Errorf("another list:\n%s", f.Text())
	}
}

func TestAListOfADirectoryOutOfScopeIsNotOffered(t *testing.T) {
	t.Parallel()
	s := uitest.NewStage(t, uitest.StageOptions{})
	o, err := s.Operators.Operator(t.Context(), "l1")
	if err != nil {
		t.Fatal(err)
	}
	o.Scope.Directories = []string{"corp.example"}
	s.Operators.Put(o)
	if f := open(t, uitest.Options{Stage: s}).Frame(); f.Contains("embedded") || !f.Contains("Locked: nobody") {
		t.Errorf("the scope is corp.example:\n%s", f.Text())
	}
}

func TestAnAuditorGetsNoLists(t *testing.T) {
	t.Parallel()
	d := open(t, uitest.Options{Actor: coretest.Auditor()})
	if f := d.Frame(); d.Opened().To != screen.Home || !f.Contains("lists: Level 1 can open it.") {
		t.Errorf("opened %v:\n%s", d.Opened().To, f.Text())
	}
}

func TestListsFitEverySize(t *testing.T) {
	t.Parallel()
	uitest.FitsEverywhere(t, open(t, uitest.Options{Stage: crowd(t, 300)}).Press("x", "down").Screen())
	uitest.FitsEverywhere(t, uitest.NewDriver(t, uitest.Options{}).Hold().Press("f3").Screen())
}

func TestListsSurviveAnything(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		uitest.Survives(t, open(t, uitest.Options{Stage: crowd(t, 300), Stubs: []screen.Route{screen.Operate, screen.Verify, screen.HandOff, screen.Reveal}}), seed, 150)
	}
}

func BenchmarkAFrameOfALongList(b *testing.B) {
	d := uitest.NewDriver(b, uitest.Options{Stage: crowd(b, 1000), W: 130, H: 60}).Press("f3")
	s := d.Screen()
	b.ReportAllocs()
	for b.Loop() {
		s.Key(uitest.Key("down"))
		if f := s.View(130, 56); len(f.Lines) != 56 {
			b.Fatal(len(f.Lines))
		}
	}
}
