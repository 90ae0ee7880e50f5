package ui_test

import (
	"context"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// unseen answers what it was told to, and counts how often it was asked.
type unseen struct {
	list  []ui.Unseen
	more  bool
	asked int
}

func (u *unseen) ask(context.Context) ([]ui.Unseen, bool) {
	u.asked++
	list := u.list
	u.list = nil
	return list, u.more
}

func aboutJane(id string) ui.Unseen {
	said := sentence.Of(id, sentence.Text("name", untrusted.New("Jane Doe")), sentence.Time("at", time.Now()), sentence.Word("to", "j•••@h•••.example"))
	return ui.Unseen{Case: 7, Said: said}
}

func terminalWith(t *testing.T, u *unseen) *uitest.Driver {
	t.Helper()
	return uitest.NewDriver(t, uitest.Options{Unseen: u.ask, Stubs: []screen.Route{screen.Case}})
}

func TestWhatTheOperatorDidNotSeeIsToldAtOnceAndLeadsToItsCase(t *testing.T) {
	t.Parallel()
	u := &unseen{list: []ui.Unseen{aboutJane("unseen.unlocked"), aboutJane("unseen.reset")}}
	d := terminalWith(t, u)
	for _, want := range []string{"What you did not see", "Jane Doe was unlocked", "The password of Jane Doe was changed", "j•••@h•••.example"} {
		if !d.Frame().Contains(want) {
			t.Errorf("%q is not on the screen:\n%s", want, d.Frame().Text())
		}
	}
	d.Press("enter") // too early: it was meant for what stood there before
	if !d.Frame().Contains("What you did not see") {
		t.Fatal("a key that came too early closed it")
	}
	d.After(2 * kit.DefaultGrace).Press("enter")
	if got := d.Opened(); got.To != screen.Case || got.With != (screen.CaseParams{Number: 7}) {
		t.Errorf("Enter opened %+v", got)
	}
}

func TestLaterLeavesTheOperatorWhereTheyAre(t *testing.T) {
	t.Parallel()
	d := terminalWith(t, &unseen{list: []ui.Unseen{aboutJane("unseen.unknown")}})
	d.After(2 * kit.DefaultGrace).Press("esc")
	if d.Frame().Contains("What you did not see") || d.Opened().To != screen.Home {
		t.Errorf("opened %v:\n%s", d.Opened().To, d.Frame().Text())
	}
}

func TestNothingUnseenShowsNothing(t *testing.T) {
	t.Parallel()
	u := &unseen{}
	d := terminalWith(t, u)
	if d.Frame().Contains("What you did not see") || u.asked != 1 {
		t.Errorf("asked %d times:\n%s", u.asked, d.Frame().Text())
	}
	d.Send(screen.Event{Event: core.Event{Kind: core.EventAccount}})
	if u.asked != 1 {
		t.Error("every change of any account asks again")
	}
}

func TestWhileSomethingMayStillComeAChangedAccountAsksAgain(t *testing.T) {
	t.Parallel()
	running := aboutJane("unseen.running")
	running.Running = true
	u := &unseen{list: []ui.Unseen{running}}
	d := terminalWith(t, u)
	if !d.Frame().Contains("has been under way since") {
		t.Fatal(d.Frame().Text())
	}
	d.Send(screen.Event{Event: core.Event{Kind: core.EventCase}})
	u.list = []ui.Unseen{aboutJane("unseen.unlocked")}
	d.Send(screen.Event{Event: core.Event{Kind: core.EventAccount}})
	if u.asked != 2 || !d.Frame().Contains("Jane Doe was unlocked") {
		t.Errorf("asked %d times:\n%s", u.asked, d.Frame().Text())
	}
	d.Send(screen.Event{Event: core.Event{Kind: core.EventAccount}})
	if u.asked != 2 {
		t.Error("it goes on asking when nothing can come any more")
	}

	u = &unseen{more: true} // a connection broke a moment ago
	d = terminalWith(t, u)
	u.list, u.more = []ui.Unseen{aboutJane("unseen.nothing")}, false
	d.Send(screen.Event{Event: core.Event{Kind: core.EventAccount}})
	if !d.Frame().Contains("Nothing was changed for Jane Doe") {
		t.Errorf("what came later is not told:\n%s", d.Frame().Text())
	}
}
