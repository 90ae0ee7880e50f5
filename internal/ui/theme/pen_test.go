package theme_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

func TestThePenWritesNoMoreThanIsNeeded(t *testing.T) {
	t.Parallel()
	dark := mustNew(t, theme.Options{Name: theme.Dark})
	for _, c := range []struct {
		name  string
		write func(p *theme.Pen)
		want  string
	}{
		{"plain text has no escapes", func(p *theme.Pen) { p.Put(theme.Text, "jane") }, "jane"},
		{"one look is switched on once", func(p *theme.Pen) {
			p.Put(theme.Good, "●")
			p.Skip(1)
			p.Put(theme.Good, "usable")
		}, "\x1b[38;5;114m● usable\x1b[m"},
		{"a change of looks needs one sequence", func(p *theme.Pen) {
			p.Put(theme.Good, "a")
			p.Put(theme.Warn, "b")
			p.Put(theme.Text, "c")
		}, "\x1b[38;5;114ma\x1b[0;38;5;221mb\x1b[mc"},
		{"blanks at the end are not written", func(p *theme.Pen) { p.Fit(theme.Text, "jane", 18) }, "jane"},
		{"a selected row is tinted to its end", func(p *theme.Pen) {
			p.On(theme.GroundSelected)
			p.Put(theme.Text, "jane")
			p.Skip(2)
			p.Put(theme.Bad, "■")
		}, "\x1b[48;5;237mjane  \x1b[0;1;38;5;210;48;5;237m■             \x1b[m"},
		{"the ground changes within a line", func(p *theme.Pen) {
			p.Put(theme.Text, "a")
			p.Skip(1)
			p.On(theme.GroundSelected)
			p.Put(theme.Text, "b")
			p.On(theme.GroundPlain)
			p.Put(theme.Text, "c")
		}, "a \x1b[48;5;237mb\x1b[mc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := theme.NewPen(dark, 20, 1)
			c.write(p)
			if got := p.Lines()[0]; got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestUnderlinedFieldsDoNotUnderlineTheGapsBetweenThem(t *testing.T) {
	t.Parallel()
	p := theme.NewPen(mustNew(t, theme.Options{Name: theme.HighContrast, Depth: theme.DepthNone}), 20, 1)
	p.Put(theme.Input, "a")
	p.Skip(2)
	p.Put(theme.Input, "b")
	if got, want := p.Lines()[0], "\x1b[4ma\x1b[m  \x1b[4mb\x1b[m"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestThePenCutsAndAligns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		set   theme.GlyphSet
		write func(p *theme.Pen)
		want  string
	}{
		{"cut", "", func(p *theme.Pen) { p.Put(theme.Text, "Controller, Finance") }, "Controlle…"},
		{"cut in ASCII", theme.GlyphsASCII, func(p *theme.Pen) { p.Put(theme.Text, "Controller, Finance") }, "Control..."},
		{"cut in two cells of ASCII", theme.GlyphsASCII, func(p *theme.Pen) { p.Fit(theme.Text, "Jane", 2); p.Put(theme.Text, "x") }, "..x"},
		{"wide", "", func(p *theme.Pen) { p.Put(theme.Text, "漢字漢字漢字") }, "漢字漢字…"},
		{"right", "", func(p *theme.Pen) { p.FitRight(theme.Text, "09:12", 8); p.Put(theme.Text, "x") }, "   09:12x"},
		{"right and too wide", "", func(p *theme.Pen) { p.FitRight(theme.Text, "yesterday", 5); p.Put(theme.Text, "x") }, "yest…x"},
		{"right of the edge", "", func(p *theme.Pen) { p.To(8); p.FitRight(theme.Text, "09:12", 8) }, "        0…"},
		{"full", "", func(p *theme.Pen) { p.To(99); p.Put(theme.Text, "x") }, ""},
		{"back", "", func(p *theme.Pen) { p.Put(theme.Text, "jane"); p.To(2); p.Put(theme.Text, "x") }, "janex"},
		{"fill", "", func(p *theme.Pen) { p.Fill(theme.Rule, "─", 99) }, "──────────"},
		{"fill with a wide glyph", "", func(p *theme.Pen) { p.Fill(theme.Rule, "漢", 3); p.Fill(theme.Rule, "", 3) }, "漢"},
		{"hostile", theme.GlyphsASCII, func(p *theme.Pen) { p.Put(theme.Text, "a\x1b[2J\nb") }, "a?[2J b"},
		{"styled", "", func(p *theme.Pen) { p.Skip(1); p.Styled("\x1b[1mvery long text\x1b[m") }, " \x1b[1mvery lon…\x1b[m"},
		{"a joiner in front", "", func(p *theme.Pen) { p.Put(theme.Text, "☀"); p.Put(theme.Text, "\ufe0fx") }, "☀x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := theme.NewPen(mustNew(t, theme.Options{Name: theme.None, Glyphs: c.set}), 10, 1)
			c.write(p)
			if got := p.Lines()[0]; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestThePenStopsBelowTheLastLine(t *testing.T) {
	t.Parallel()
	p := theme.NewPen(nil, 5, 2)
	for range 4 {
		p.Put(theme.Text, "x")
		p.Styled("y")
		p.Newline()
	}
	if p.Room() != 0 || p.Row() != 2 || !p.Full() || p.Width() != 5 {
		t.Errorf("room %d, row %d, full %v, width %d", p.Room(), p.Row(), p.Full(), p.Width())
	}
	if got := strings.Join(p.Lines(), "|"); got != "xy|xy" {
		t.Errorf("got %q", got)
	}
	if got := theme.NewPen(nil, -1, -1).Lines(); len(got) != 0 {
		t.Errorf("a block without size has %d lines", len(got))
	}
}

// scribble does one random thing to a pen.
func scribble(t *rapid.T, p *theme.Pen) {
	tok := theme.Token(rapid.IntRange(0, 16).Draw(t, "token"))
	s := text(8, hostile()...).Draw(t, "s")
	n := rapid.IntRange(-2, 50).Draw(t, "n")
	switch rapid.IntRange(0, 8).Draw(t, "what") {
	case 0, 1:
		p.Put(tok, s)
	case 2:
		p.Fit(tok, s, n)
	case 3:
		p.FitRight(tok, s, n)
	case 4:
		p.Skip(n)
	case 5:
		p.Newline()
	case 6:
		p.On(theme.Ground(rapid.IntRange(0, 1).Draw(t, "ground")))
	case 7:
		p.To(n)
	case 8:
		p.Fill(tok, "─", n)
	}
}

func TestABlockHasItsSizeWhateverIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		th := mustNew(t, theme.Options{
			Name:   rapid.SampledFrom(theme.Names()).Draw(rt, "theme"),
			Glyphs: rapid.SampledFrom([]theme.GlyphSet{theme.GlyphsUnicode, theme.GlyphsASCII}).Draw(rt, "glyphs"),
		})
		w, h := rapid.IntRange(0, 60).Draw(rt, "w"), rapid.IntRange(0, 5).Draw(rt, "h")
		p := theme.NewPen(th, w, h)
		for range rapid.IntRange(0, 20).Draw(rt, "steps") {
			scribble(rt, p)
			if p.X() > w {
				rt.Fatalf("the pen stands in column %d of %d", p.X(), w)
			}
		}
		lines := p.Lines()
		if len(lines) != h {
			rt.Fatalf("%d lines, want %d", len(lines), h)
		}
		for _, l := range lines {
			checkLine(t, rt, l, w)
		}
	})
}

func checkLine(t *testing.T, rt *rapid.T, line string, w int) {
	if n := column(t, line); n > w {
		rt.Fatalf("%q takes %d cells of %d", line, n, w)
	}
	plain := ansi.Strip(line)
	if theme.Clean(plain, "") != plain {
		rt.Fatalf("%q lets a control character through", line)
	}
	if strings.Contains(line, "\x1b") && !strings.HasSuffix(line, "\x1b[m") && !strings.Contains(line[strings.LastIndex(line, "\x1b"):], "\x1b[m") {
		rt.Fatalf("%q does not end in the terminal's own look", line)
	}
}
