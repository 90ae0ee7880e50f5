package figure_test

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sspr-tui/sspr-tui/internal/bench/figure"
)

func rounds(pairs ...float64) (out []figure.Round) {
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, figure.Round{Ours: pairs[i], Floor: pairs[i+1]})
	}
	return out
}

func TestTheRatioIsTheMedianOfTheRatiosAndNotTheRatioOfTheMedians(t *testing.T) {
	t.Parallel()
	f := figure.Figure{Floor: "x", Rounds: rounds(1, 1, 10, 2, 3, 1)}
	want := figure.Spread{Least: 1, Median: 3, Most: 5}
	if got := f.Ratios(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := f.Ours(); got.Median != 3 {
		t.Errorf("the median of ours is %v", got.Median)
	}
}

func TestAFloorOfZeroMakesAnEndlessRatio(t *testing.T) {
	t.Parallel()
	f := figure.Figure{Floor: "x", Aim: figure.Aim{On: figure.OnRatio, Most: 2}, Rounds: rounds(1, 0)}
	if got := f.Ratios().Median; !math.IsInf(got, 1) {
		t.Errorf("got %v", got)
	}
	if f.Verdict() != figure.Missed {
		t.Error("and misses every aim")
	}
}

func TestSpreadOfNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   []float64
		want figure.Spread
	}{
		{nil, figure.Spread{}},
		{[]float64{4}, figure.Spread{4, 4, 4}},
		{[]float64{4, 1}, figure.Spread{1, 2.5, 4}},
		{[]float64{9, 1, 5}, figure.Spread{1, 5, 9}},
	} {
		if got := figure.SpreadOf(c.in); got != c.want {
			t.Errorf("%v: got %+v, want %+v", c.in, got, c.want)
		}
	}
}

func TestPercentilesAreNumbersThatWereMeasured(t *testing.T) {
	t.Parallel()
	var hundred []float64
	for i := range 100 {
		hundred = append(hundred, float64(100-i))
	}
	for _, c := range []struct {
		in   []float64
		p    float64
		want float64
	}{
		{nil, 50, 0}, {[]float64{7}, 99, 7}, {hundred, 50, 50}, {hundred, 99, 99}, {hundred, 100, 100}, {hundred, 0, 1}, {[]float64{1, 2, 3}, 50, 2},
	} {
		if got := figure.Percentile(c.in, c.p); got != c.want {
			t.Errorf("p%v of %d numbers: got %v, want %v", c.p, len(c.in), got, c.want)
		}
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	ratio, value := figure.Aim{On: figure.OnRatio, Most: 2}, figure.Aim{On: figure.OnValue, Most: 2}
	for name, c := range map[string]struct {
		f    figure.Figure
		want figure.Verdict
	}{
		"nothing measured":     {figure.Figure{Aim: ratio}, figure.NotMeasured},
		"no aim":               {figure.Figure{Rounds: rounds(9, 1)}, figure.Reported},
		"ratio just met":       {figure.Figure{Floor: "x", Aim: ratio, Rounds: rounds(8, 4)}, figure.Met},
		"ratio missed":         {figure.Figure{Floor: "x", Aim: ratio, Rounds: rounds(9, 4)}, figure.Missed},
		"value met":            {figure.Figure{Floor: "x", Aim: value, Rounds: rounds(2, 0.1)}, figure.Met},
		"value missed":         {figure.Figure{Aim: value, Rounds: rounds(2.1, 0)}, figure.Missed},
		"zero wanted and kept": {figure.Figure{Aim: figure.Aim{On: figure.OnValue}, Rounds: rounds(0, 0)}, figure.Met},
		"zero wanted, missed":  {figure.Figure{Aim: figure.Aim{On: figure.OnValue}, Rounds: rounds(1, 0)}, figure.Missed},
	} {
		if got := c.f.Verdict(); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func report(figures ...figure.Figure) figure.Report {
	return figure.Report{
		Commit: "abc", Begun: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Took: 90 * time.Second, Load: [2]string{"0.1 0.1 0.1", "1 1 1"},
		Machine: figure.Machine{CPU: "Some CPU", Cores: 2, Memory: "8 GiB", Kernel: "Linux 6", Go: "go1.26", State: "ext4", Scratch: "tmpfs"},
		Sizes:   []string{"5 rounds"}, Figures: figures,
	}
}

func TestAFigureThatIsMoreThanAQuarterWorseIsARegression(t *testing.T) {
	t.Parallel()
	with := func(id string, pairs ...float64) figure.Figure {
		return figure.Figure{ID: id, Title: id, Floor: "x", Rounds: rounds(pairs...)}
	}
	value := func(id string, v float64) figure.Figure {
		return figure.Figure{ID: id, Title: id, Aim: figure.Aim{On: figure.OnValue, Most: 9}, Rounds: rounds(v, 0)}
	}
	old := report(with("same", 2, 1), with("worse", 2, 1), with("slower machine", 2, 1), value("leak", 0), value("steady", 4), with("gone", 1, 1),
		figure.Figure{ID: "unmeasured before", Why: "no slapd"})
	now := report(with("same", 2.5, 1), with("worse", 2.6, 1), with("slower machine", 20, 10), value("leak", 1), value("steady", 5), with("new", 9, 1),
		with("unmeasured before", 9, 1))
	var worse []string
	changes := figure.Compare(old, now)
	for _, c := range figure.Regressions(changes) {
		worse = append(worse, c.Figure.ID)
	}
	if diff := cmp.Diff([]string{"worse", "leak"}, worse); diff != "" {
		t.Error(diff)
	}
	if len(changes) != 5 {
		t.Errorf("%d figures were compared, want the five that both have", len(changes))
	}
}

func TestAChangeSaysItselfInOneLine(t *testing.T) {
	t.Parallel()
	c := figure.Change{Figure: figure.Figure{Title: "keys"}, Was: 1.5, Is: 3, Regression: true}
	if got, want := c.String(), "keys: was 1.5, is 3 (REGRESSION)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	c.Regression = false
	if got := c.String(); !strings.HasSuffix(got, "(as before)") {
		t.Errorf("got %q", got)
	}
}

func TestAReportIsReadBackAsItWasSaved(t *testing.T) {
	t.Parallel()
	want := report(figure.Figure{ID: "a", Group: "g", Title: "t", Unit: "ms", Floor: "f", Aim: figure.Aim{On: figure.OnRatio, Most: 2}, Rounds: rounds(1, 2)})
	want.Tables = []figure.Table{{Title: "q", Head: []string{"h"}, Rows: [][]string{{"x"}}}}
	file := filepath.Join(t.TempDir(), "r.json")
	if err := want.Save(file); err != nil {
		t.Fatal(err)
	}
	got, err := figure.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAReportThatIsNoneIsRefusedByName(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "missing.json")
	if _, err := figure.Load(file); err == nil || !strings.Contains(err.Error(), "missing.json") {
		t.Errorf("got %v", err)
	}
}

func TestTheReportOfARunThatMissedSaysWhat(t *testing.T) {
	t.Parallel()
	r := report(
		figure.Figure{ID: "good", Aim: figure.Aim{On: figure.OnValue, Most: 2}, Rounds: rounds(1, 0)},
		figure.Figure{ID: "bad", Aim: figure.Aim{On: figure.OnValue, Most: 2}, Rounds: rounds(3, 0)},
	)
	if m := r.Missed(); len(m) != 1 || m[0].ID != "bad" {
		t.Errorf("got %+v", m)
	}
	if _, ok := r.Find("good"); !ok {
		t.Error("a figure is found by its id")
	}
	if _, ok := r.Find("none"); ok {
		t.Error("and no other one is")
	}
}

func TestThePageHasEveryFigureItsFloorAndWhatWasNotMeasured(t *testing.T) {
	t.Parallel()
	r := report(
		figure.Figure{ID: "a", Group: "SSH", Title: "first byte", Unit: "ms", Floor: "an echo", Aim: figure.Aim{On: figure.OnRatio, Most: 2}, Rounds: rounds(3, 2, 4, 2, 1.5, 1), Note: "One key."},
		figure.Figure{ID: "b", Group: "SSH", Title: "bytes", Unit: "bytes", Aim: figure.Aim{On: figure.OnValue}, Rounds: rounds(1234567, 0)},
		figure.Figure{ID: "c", Group: "LDAP", Title: "reset", Unit: "ms", Why: "slapd is not installed"},
	)
	r.Tables = []figure.Table{{Title: "Queries", Head: []string{"query", "words"}, Rows: [][]string{{"`ja`", "1"}}}}
	var b strings.Builder
	if err := r.Markdown(&b, "0123abcd", figure.Compare(r, r)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| first byte | **3** (1.5 – 4) ms | 2 ms | **1.5** (1.5 – 2) | ratio ≤ 2 | met |",
		"| bytes | **1,234,567** (1,234,567 – 1,234,567) bytes | – | – | ≤ 0 bytes | MISSED |",
		"| reset | – | – | – | – | not measured: slapd is not installed |",
		"- **first byte** (3 rounds). Floor: an echo. One key.",
		"Some CPU, 2 cores, 8 GiB", "| `ja` | 1 |", "2026-11-22 09:00 UTC, 1m30s", "Compared with 0123abcd", "2 figures compared, no regression",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page lacks %q:\n%s", want, b.String())
		}
	}
}

func TestThePageOfAQuickRunWarnsAndARegressionIsNamed(t *testing.T) {
	t.Parallel()
	old := report(figure.Figure{ID: "a", Title: "first byte", Rounds: rounds(1, 0)})
	r := report(figure.Figure{ID: "a", Title: "first byte", Rounds: rounds(2, 0)})
	r.Quick = true
	var b strings.Builder
	if err := r.Markdown(&b, "old", figure.Compare(old, r)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"not to be quoted", "- first byte: was 1, is 2 (REGRESSION)"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	b.Reset()
	if err := r.Markdown(&b, "", nil); err != nil || !strings.Contains(b.String(), "Not compared in this run.") {
		t.Errorf("without an older report the page says so: %v", err)
	}
}

func TestNumbersAreWrittenForPeople(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{
		0: "0", 0.03154: "0.0315", 0.125: "0.125", 1: "1", 1.256: "1.26", 12.34: "12.3", 123.4: "123", 1234.5: "1,235", 1e6: "1,000,000",
		-2500: "-2,500", -0.5: "-0.5", math.Inf(1): "∞", 999.6: "1000",
	} {
		if got := figure.Short(v); got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
}

func TestAnEndlessRatioDoesNotKeepAReportFromBeingSaved(t *testing.T) {
	t.Parallel()
	r := report(figure.Figure{ID: "a", Floor: "x", Rounds: rounds(1, 0)})
	if _, err := json.Marshal(r); err != nil {
		t.Errorf("only what was measured is saved: %v", err)
	}
}
