package health_test

import (
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

func plain(testing.TB) uitest.Options { return uitest.Options{} }

// down lets one of the two directories fail.
func down(d *uitest.Driver) *uitest.Driver {
	d.Stage.Corp.Fail("Probe", 0, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
	return d
}

func TestHealthLooksAsReviewed(t *testing.T) {
	t.Parallel()
	uitest.Gallery(t, *update, "fine", plain, func(d *uitest.Driver) { d.Press("f5") })
	uitest.Gallery(t, *update, "down", plain, func(d *uitest.Driver) { down(d).Press("f5", "down") })
	uitest.Gallery(t, *update, "loading", plain, func(d *uitest.Driver) { d.Hold().Press("f5") })
	uitest.Gallery(t, *update, "chinese", func(testing.TB) uitest.Options { return uitest.Options{Language: text.Chinese} }, func(d *uitest.Driver) { d.Press("f5") })
}

func TestOneSentenceSaysHowEverythingIs(t *testing.T) {
	t.Parallel()
	if f := uitest.NewDriver(t, uitest.Options{}).Press("f5").Frame(); !f.Contains("● Everything works.") || !f.Contains("Asked at 10:00.") {
		t.Errorf("all is well:\n%s", f.Text())
	}
	if f := down(uitest.NewDriver(t, uitest.Options{})).Press("f5").Frame(); !f.Contains("■ 1 of 3 is down.") {
		t.Errorf("one is down:\n%s", f.Text())
	}
}

func TestTheChosenRowSaysWhatToDo(t *testing.T) {
	t.Parallel()
	f := down(uitest.NewDriver(t, uitest.Options{})).Press("f5", "down").Frame()
	if !f.Contains("■ corp.example: It took too long.") || !strings.HasPrefix(f.Line("■ down"), " ▸ corp.example") {
		t.Errorf("the row:\n%s", f.Text())
	}
}

func TestATrailThatCannotBeWrittenStopsChangesAndSaysSo(t *testing.T) {
	t.Parallel()
	s := uitest.NewStage(t, uitest.StageOptions{})
	k := s.OpenCase(t, coretest.L1(), s.Jane.ID)
	s.Prove(t, coretest.L1(), k.Number)
	s.Store.Fail("Conclude", 0, core.Fail(core.CodeAuditUnavailable, sentence.Of("error.audit_unavailable")))
	if _, err := s.Desk.Perform(t.Context(), coretest.L1(), s.ResetJane(k)); core.CodeOf(err) != core.CodeAuditUnavailable {
		t.Fatal(err)
	}
	f := uitest.NewDriver(t, uitest.Options{Stage: s}).Press("f5", "end").Frame()
	if !f.Contains("■ trail: The trail cannot be written.") {
		t.Errorf("the trail:\n%s", f.Text())
	}
}

func TestItIsAskedAgainOnAKeyAndWhenSomethingChanges(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{}).Press("f5")
	d.Stage.Clock.Add(3 * time.Minute)
	if f := d.Press("ctrl+r").Frame(); !f.Contains("Asked at 10:03.") {
		t.Errorf("on a key:\n%s", f.Text())
	}
	down(d).Send(screen.Event{Event: core.Event{Kind: core.EventHealth}})
	if f := d.Frame(); !f.Contains("■ 1 of 3 is down.") {
		t.Errorf("on an event:\n%s", f.Text())
	}
}

func TestHealthFitsEverySize(t *testing.T) {
	t.Parallel()
	uitest.FitsEverywhere(t, down(uitest.NewDriver(t, uitest.Options{})).Press("f5", "down").Screen())
	uitest.FitsEverywhere(t, uitest.NewDriver(t, uitest.Options{}).Hold().Press("f5").Screen())
}

func TestHealthSurvivesAnything(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		uitest.Survives(t, uitest.NewDriver(t, uitest.Options{Stubs: []screen.Route{screen.Operate, screen.Verify, screen.HandOff, screen.Reveal}}).Press("f5"), seed, 150)
	}
}
