//go:build !race

// What these tests start and load is too slow under the race detector to say anything; the parts it is made of are tested with it.
package bench

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/bench/figure"
	"github.com/sspr-tui/sspr-tui/internal/bench/load"
	"github.com/sspr-tui/sspr-tui/internal/bench/serve"
	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// The test program is started again as the servers, as the benchmarks' own program is.
func TestMain(m *testing.M) {
	if len(os.Args) == 5 && os.Args[1] == "-serve" {
		if err := be(os.Args[2], os.Args[4]); err != nil {
			_, _ = os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func be(kind, state string) error {
	if kind == "greeting" {
		return serve.Greet(state, os.Stdin)
	}
	return serve.Run(background(), serve.Kind(kind), stage.Folder{Dir: state}, os.Stdin, os.Stdout)
}

// tiny is the least that makes every figure. What it measures means nothing.
func tiny() Sizes {
	return Sizes{
		Rounds: 5, Every: 20 * time.Millisecond, Sessions: []int{2, 3}, Window: 100 * time.Millisecond, Drawing: 1, IdleWindow: 50 * time.Millisecond, Connects: 1,
		Endings: 2, People: 300, Entries: 300, Locked: 70, Repeats: 1, Starts: []int{200},
	}
}

func run(t *testing.T, only string) (figure.Report, string) {
	t.Helper()
	var said bytes.Buffer
	r, err := Run(t.Context(), Options{Sizes: tiny(), Quick: true, Only: only, Dir: testlab.ScratchDir(t), Self: os.Args[0], Progress: &said})
	if err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	return r, said.String()
}

func wantFigures(t *testing.T, r figure.Report, ids ...string) {
	t.Helper()
	var got []string
	for _, f := range r.Figures {
		got = append(got, f.ID)
		if f.Verdict() == figure.NotMeasured {
			t.Errorf("%s was not measured: %s", f.ID, f.Why)
		}
		if len(f.Rounds) < 5 && f.Group != groupEndings {
			t.Errorf("%s has %d rounds", f.ID, len(f.Rounds))
		}
		if f.Floor != "" && f.ID != "drawing.stack" && f.Floors().Least <= 0 { // stacks of other goroutines shrink meanwhile
			t.Errorf("%s has a floor of nothing", f.ID)
		}
		if f.Title == "" || f.Group == "" {
			t.Errorf("%s has no name", f.ID)
		}
	}
	for _, id := range ids {
		if !slices.Contains(got, id) {
			t.Errorf("there is no figure %s among %v", id, got)
		}
	}
}

func TestTheSSHFiguresAreMeasuredAgainstBothServers(t *testing.T) {
	t.Parallel()
	r, said := run(t, "ssh,drawing")
	wantFigures(t, r, "ssh.connect", "ssh.p50.2", "ssh.p99.3", "ssh.sent.p50.2", "ssh.whole.p50.3", "ssh.cpu.2", "ssh.unanswered.3", "ssh.timeouts.3",
		"ssh.idle.bytes", "ssh.idle.cpu", "drawing.cpu", "drawing.heap", "drawing.p50", "drawing.bytes")
	if f, _ := r.Find("ssh.idle.bytes"); f.Ours().Most != 0 {
		t.Errorf("idle sessions were sent %v bytes", f.Ours().Most)
	}
	if f, _ := r.Find("ssh.bytes.3"); f.Ours().Median < 500 {
		t.Errorf("a key that changes the whole table sends %v bytes", f.Ours().Median)
	}
	if !strings.Contains(said, "drawing took") {
		t.Errorf("whoever waits is told nothing: %q", said)
	}
}

func TestWhoEndsInOrderOrNotLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	r, _ := run(t, "endings")
	wantFigures(t, r, "endings.connect and disconnect", "endings.close of the channel alone", "endings.TCP reset", "endings.never reading")
	for _, f := range r.Figures {
		if f.Verdict() != figure.Met {
			t.Errorf("%s: %v goroutines", f.Title, f.Ours().Median)
		}
	}
}

func TestTheSearchFiguresNameTheirMix(t *testing.T) {
	t.Parallel()
	r, _ := run(t, "search")
	wantFigures(t, r, "search.embedded.p50", "search.embedded.p99")
	if len(r.Tables) != 1 || len(r.Tables[0].Rows) != len(stage.Mix()) {
		t.Errorf("the report lists %+v", r.Tables)
	}
	if r.Machine.Cores == 0 || r.Machine.CPU == "" || r.Commit == "" || r.Took <= 0 || r.Load[1] == "" {
		t.Errorf("the report does not say where it comes from: %+v", r)
	}
}

func TestTheLDAPFiguresAreMeasuredOnARealServer(t *testing.T) {
	t.Parallel()
	testlab.Require(t, testlab.ProgramSlapd, testlab.ProgramLDAPSearch)
	r, _ := run(t, "ldap")
	wantFigures(t, r, "ldap.search", "ldap.search.p50", "ldap.search.p99", "ldap.locked.first", "ldap.locked.missing", "ldap.locked.whole", "ldap.reset")
	if f, _ := r.Find("ldap.locked.missing"); f.Ours().Most != 0 || f.Ours().Least != 0 {
		t.Errorf("%v people are missing from the list", f.Ours())
	}
	if f, _ := r.Find("ldap.reset"); !strings.Contains(f.Floor, "1 modify") || !strings.Contains(f.Floor, "search") {
		t.Errorf("the floor of a reset is %q", f.Floor)
	}
}

func TestWithoutADirectoryServerTheReportSaysSo(t *testing.T) {
	t.Parallel()
	s := &suite{Options: Options{Progress: io.Discard}}
	s.noLDAP("slapd is not installed")
	if len(s.report.Figures) != 3 {
		t.Fatalf("%d figures", len(s.report.Figures))
	}
	for _, f := range s.report.Figures {
		if f.Verdict() != figure.NotMeasured || f.Why != "slapd is not installed" {
			t.Errorf("got %+v", f)
		}
	}
}

func TestALaboratoryThatStopsSaysWhyAndUndoesEverything(t *testing.T) {
	t.Parallel()
	for want, stop := range map[string]func(l *lab){
		"no slapd":   func(l *lab) { l.Skipf("no %s", "slapd") },
		"cannot add": func(l *lab) { l.Fatalf("cannot %s", "add") },
		"at all":     func(l *lab) { l.Fatal("at", " all") },
		"":           func(l *lab) { l.Helper() },
	} {
		l := &lab{}
		var undone []int
		why := l.attempt(func() {
			l.Cleanup(func() { undone = append(undone, 1) })
			l.Cleanup(func() { undone = append(undone, 2) })
			stop(l)
		})
		if why != want {
			t.Errorf("got %q, want %q", why, want)
		}
		l.close()
		l.close() // twice is once
		if !slices.Equal(undone, []int{2, 1}) {
			t.Errorf("undone: %v", undone)
		}
	}
}

func TestTheFloorOfASearchFindsWhatItIsAskedFor(t *testing.T) {
	t.Parallel()
	names := allNames(100)
	if len(names) != 100 || names[0] != strings.ToLower(names[0]) {
		t.Fatalf("got %q", names[:1])
	}
	first := testlab.SyntheticPerson(0)
	words := []string{strings.ToLower(first.Surname), strings.ToLower(first.GivenName)}
	if !hasAll(names[0], words) || hasAll(names[0], append(words, "zzzz")) {
		t.Errorf("%q has %v and not zzzz", names[0], words)
	}
}

func TestEverySizeMeasuresAtLeastFiveRounds(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]Sizes{"default": Default(), "quick": Quick()} {
		if s.Rounds < 5 || s.Repeats < 1 || s.Locked >= s.Entries || s.Staring < 1 || s.Endings < 1 || len(s.Starts) == 0 {
			t.Errorf("%s: %+v", name, s)
		}
		if !slices.IsSorted(s.Sessions) {
			t.Errorf("%s: the largest crowd comes last: %v", name, s.Sessions)
		}
		if len(s.words()) == 0 {
			t.Errorf("%s says nothing", name)
		}
	}
	d := Default()
	if !slices.Contains(d.Sessions, someSessions) || !slices.Contains(d.Sessions, manySessions) || d.Locked != 1000 || d.Entries != 100_000 {
		t.Errorf("the default does not measure what there are aims for: %+v", d)
	}
}

func TestOnlyCrowdsThatHaveAnAimAreJudged(t *testing.T) {
	t.Parallel()
	s := &suite{Options: Options{Progress: io.Discard}}
	round := pairOf{
		ours:  typed{Typed: load.Typed{Due: 100, Answered: 90, TimeOuts: 1, Late: []float64{5}, Wait: []float64{4}, Whole: []float64{6}, Bytes: 900}, cpu: time.Millisecond},
		floor: typed{Typed: load.Typed{Due: 100, Answered: 100, Late: []float64{1}, Wait: []float64{1}, Whole: []float64{1}}, cpu: time.Millisecond},
	}
	for _, n := range []int{50, someSessions, manySessions} {
		s.addTyping(n, []pairOf{round})
	}
	want := map[string]figure.Verdict{
		"ssh.p50.50": figure.Reported, "ssh.p50.200": figure.Missed, "ssh.p99.200": figure.Missed, "ssh.p50.1000": figure.Reported,
		"ssh.unanswered.50": figure.Reported, "ssh.unanswered.1000": figure.Missed, "ssh.timeouts.1000": figure.Missed,
	}
	for id, verdict := range want {
		if f, ok := s.report.Find(id); !ok || f.Verdict() != verdict {
			t.Errorf("%s: %s, want %s", id, f.Verdict(), verdict)
		}
	}
	if f, _ := s.report.Find("ssh.unanswered.1000"); f.Ours().Median != 10 {
		t.Errorf("%v %% were not answered", f.Ours().Median)
	}
	if f, _ := s.report.Find("ssh.cpu.50"); f.Ours().Median <= f.Floors().Median {
		t.Error("the same time for fewer keys is more for each")
	}
}

func TestOursAndTheFloorAreMeasuredInTurn(t *testing.T) {
	t.Parallel()
	s := &suite{Options: Options{Sizes: tiny()}}
	var order strings.Builder
	note := func(what string) func() error {
		return func() error { order.WriteString(what); return nil }
	}
	rounds, err := s.rounds(note("A"), note("b"), note("."))
	if err != nil || len(rounds) != 5 {
		t.Fatalf("%d rounds, %v", len(rounds), err)
	}
	if want := strings.Repeat(".bA", 5*4); order.String() != want {
		t.Errorf("the order is %s", order.String())
	}
	broken := errors.New("broken")
	if _, err := s.rounds(note("A"), func() error { return broken }, nil); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestTheSpeedOfTheMixIsTakenRoundByRound(t *testing.T) {
	t.Parallel()
	s := &suite{Options: Options{Sizes: tiny()}}
	asked := map[string]int{}
	ask := func(q string) error { asked[q]++; return nil }
	for _, way := range []func(ours, floor func(string) error) (times, error){s.inBlocks, s.oneByOne} {
		clear(asked)
		took, err := way(ask, ask)
		if err != nil || len(took.ours) != 5 || len(took.floor) != 5 || len(took.ours[0]) != len(stage.Mix()) {
			t.Fatalf("%d rounds of ours, %d of the floor, %v", len(took.ours), len(took.floor), err)
		}
		for _, q := range stage.Mix() {
			if asked[q] != 2*6 { // one round warms up
				t.Errorf("%q was asked %d times", q, asked[q])
			}
		}
		failing := errors.New("no answer")
		if _, err := way(func(string) error { return failing }, ask); !errors.Is(err, failing) {
			t.Errorf("got %v", err)
		}
	}
}

func TestTheMachineIsDescribed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	m := describe(dir)
	if m.Cores < 1 || m.Go == "" || !strings.HasSuffix(m.Memory, "GiB") || m.State == "" || m.CPU == "" {
		t.Errorf("got %+v", m)
	}
	if got := fileSystem(filepath.Join(dir, "nothing")); got != "unknown" {
		t.Errorf("a folder that is not there is on %s", got)
	}
	file := filepath.Join(dir, "info")
	if err := os.WriteFile(file, []byte("other : x\nmodel name\t: Some CPU\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := field(file, "model name"); got != "Some CPU" {
		t.Errorf("got %q", got)
	}
	if got := field(file, "missing"); got != "unknown" {
		t.Errorf("got %q", got)
	}
}

func TestARevisionThatIsNotThereCannotBeComparedWith(t *testing.T) {
	t.Parallel()
	if _, err := Older(t.Context(), "no-such-revision", t.TempDir(), io.Discard); err == nil {
		t.Error("there is nothing to measure")
	}
	if c := commit(t.Context()); c == "" {
		t.Error("the commit has a name, if only that it is unknown")
	}
}

func TestARunThatFailsSaysWhere(t *testing.T) {
	t.Parallel()
	o := Options{Sizes: tiny(), Only: "ssh", Dir: testlab.ScratchDir(t), Self: filepath.Join(t.TempDir(), "nothing"), Progress: io.Discard}
	if _, err := Run(t.Context(), o); err == nil || !strings.HasPrefix(err.Error(), "bench ssh:") {
		t.Errorf("got %v", err)
	}
	left, err := os.ReadDir(o.Dir)
	if err != nil || len(left) != 0 {
		t.Errorf("it leaves %v behind, %v", left, err)
	}
}

func TestAnUnusedAddressIsOnLoopback(t *testing.T) {
	t.Parallel()
	addr, err := freeAddress()
	if err != nil || !strings.HasPrefix(addr, "127.0.0.1:") {
		t.Errorf("got %s, %v", addr, err)
	}
}

func TestAProgramThatNeverGreetsIsAnError(t *testing.T) {
	t.Parallel()
	addr, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := timeout(t, 300*time.Millisecond)
	defer cancel()
	if _, err := untilGreeting(ctx, addr, []string{os.Args[0], "-serve", "echo", "-state", t.TempDir()}); err == nil {
		t.Error("it ended without a word")
	}
	took, err := untilGreeting(t.Context(), addr, []string{os.Args[0], "-serve", "greeting", "-state", addr})
	if err != nil || took <= 0 {
		t.Errorf("one that greets: %v, %v", took, err)
	}
}
