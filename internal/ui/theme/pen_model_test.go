package theme_test

import (
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// screenOf draws one line on an emulator.
func screenOf(t testing.TB, line string) *vt.Emulator {
	t.Helper()
	e := vt.NewEmulator(80, 1)
	if _, err := e.WriteString(line); err != nil {
		t.Fatal(err)
	}
	return e
}

func cellAt(e *vt.Emulator, x int) uv.Cell {
	c := e.CellAt(x, 0)
	if c == nil {
		return uv.Cell{}
	}
	out := *c
	if out.Content == "" {
		out.Content = " "
	}
	return out
}

// alone is how a token looks on a ground when nothing stands beside it.
func alone(t testing.TB, th *theme.Theme, g theme.Ground, tok theme.Token, s string) uv.Style {
	p := theme.NewPen(th, 80, 1)
	p.On(g)
	p.Put(tok, s)
	return cellAt(screenOf(t, p.Lines()[0]), 0).Style
}

// run is a piece of a line: a word in a token, and the blanks behind it.
type run struct {
	token theme.Token
	word  string
	skip  int
}

func someRuns(t *rapid.T) []run {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) run {
		return run{
			token: theme.Token(rapid.IntRange(0, int(theme.Selection)).Draw(t, "token")),
			word:  rapid.SampledFrom([]string{"x", "ab", "a b", "é"}).Draw(t, "word"),
			skip:  rapid.IntRange(0, 3).Draw(t, "skip"),
		}
	}), 1, 8).Draw(t, "runs")
}

func TestSavingBytesChangesNoLook(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		th := mustNew(t, theme.Options{
			Name:  rapid.SampledFrom(theme.Names()).Draw(rt, "theme"),
			Depth: rapid.SampledFrom([]theme.Depth{theme.DepthNone, theme.Depth16, theme.Depth256}).Draw(rt, "depth"),
		})
		ground := rapid.SampledFrom([]theme.Ground{theme.GroundPlain, theme.GroundSelected}).Draw(rt, "ground")
		runs := someRuns(rt)
		p := theme.NewPen(th, 80, 1)
		p.On(ground)
		for _, r := range runs {
			p.Put(r.token, r.word)
			p.Skip(r.skip)
		}
		line := p.Lines()[0]
		compareLooks(rt, screenOf(t, line), runs, line, func(tok theme.Token, s string) uv.Style { return alone(t, th, ground, tok, s) })
	})
}

// compareLooks checks every cell of every word. Of the blanks between words
// only the background and the underline can be seen.
func compareLooks(rt *rapid.T, e *vt.Emulator, runs []run, line string, want func(theme.Token, string) uv.Style) {
	x := 0
	for _, r := range runs {
		style := want(r.token, "x")
		for _, c := range r.word {
			got := cellAt(e, x)
			if got.Content != string(c) || !got.Style.Equal(&style) {
				rt.Fatalf("%q: cell %d is %+v, want %q in %+v", line, x, got, c, style)
			}
			x++
		}
		blank := want(theme.Text, "x")
		for range r.skip {
			got := cellAt(e, x)
			if got.Content != " " || got.Style.Underline != blank.Underline || got.Style.Bg != nil && got.Style.Bg != blank.Bg {
				rt.Fatalf("%q: the blank in cell %d is %+v, want %+v", line, x, got, blank)
			}
			x++
		}
	}
}

func TestASelectedRowHasOneBackgroundFromEdgeToEdge(t *testing.T) {
	t.Parallel()
	for _, name := range []theme.Name{theme.Dark, theme.Light, theme.HighContrast, theme.ColourBlind} {
		p := theme.NewPen(mustNew(t, theme.Options{Name: name}), 30, 2)
		p.On(theme.GroundSelected)
		p.Skip(1)
		p.Put(theme.Accent, "▸")
		p.Skip(1)
		p.Fit(theme.Text, "Jane Doe", 12)
		p.Put(theme.Bad, "■ locked")
		p.Newline()
		p.Put(theme.Text, "below")
		lines := p.Lines()
		e := screenOf(t, lines[0])
		want := cellAt(e, 1).Style.Bg
		for x := range 30 {
			if got := cellAt(e, x).Style.Bg; got == nil || got != want {
				t.Errorf("%s: the background of cell %d is %v, want %v", name, x, got, want)
			}
		}
		if lines[1] != "below" && name != theme.HighContrast {
			t.Errorf("%s: the ground goes on in the next line: %q", name, lines[1])
		}
	}
}
