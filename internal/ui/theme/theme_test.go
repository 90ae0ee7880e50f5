package theme_test

import (
	"errors"
	"image/color"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

func mustNew(t testing.TB, o theme.Options) *theme.Theme {
	t.Helper()
	th, err := theme.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return th
}

func TestEveryThemeCanBeMade(t *testing.T) {
	t.Parallel()
	for _, n := range theme.Names() {
		for _, d := range []theme.Depth{"", theme.DepthNone, theme.Depth16, theme.Depth256} {
			for _, g := range []theme.GlyphSet{"", theme.GlyphsUnicode, theme.GlyphsASCII} {
				if th := mustNew(t, theme.Options{Name: n, Depth: d, Glyphs: g}); th.Name() != n {
					t.Errorf("theme %q calls itself %q", n, th.Name())
				}
			}
		}
	}
}

func TestAnUnknownThemeIsAnErrorThatNamesIt(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]theme.Options{
		`theme "pink"`:     {Name: "pink"},
		`glyph set "x"`:    {Glyphs: "x"},
		`colour depth "9"`: {Depth: "9"},
	} {
		_, err := theme.New(o)
		if !errors.Is(err, theme.ErrUnknown) || !strings.Contains(err.Error(), want) {
			t.Errorf("New(%+v) = %v, want %s", o, err, want)
		}
	}
}

func TestTheDepthFollowsTheTerminalsProfile(t *testing.T) {
	t.Parallel()
	for p, want := range map[colorprofile.Profile]theme.Depth{
		colorprofile.TrueColor: theme.Depth256,
		colorprofile.ANSI256:   theme.Depth256,
		colorprofile.ANSI:      theme.Depth16,
		colorprofile.ASCII:     theme.DepthNone,
		colorprofile.NoTTY:     theme.DepthNone,
		colorprofile.Unknown:   theme.DepthNone,
	} {
		if got := theme.DepthOf(p); got != want {
			t.Errorf("DepthOf(%v) = %q, want %q", p, got, want)
		}
	}
}

func TestPaintWrapsTextInItsLook(t *testing.T) {
	t.Parallel()
	dark := mustNew(t, theme.Options{Name: theme.Dark})
	if got := dark.Paint(theme.Good, "usable"); got != "\x1b[38;5;114musable\x1b[m" {
		t.Errorf("Paint = %q", got)
	}
	if got := dark.Paint(theme.Text, "usable") + dark.Paint(theme.Good, "") + dark.Paint(200, "x"); got != "usablex" {
		t.Errorf("plain text is not left alone: %q", got)
	}
	sixteen := mustNew(t, theme.Options{Name: theme.Dark, Depth: theme.Depth16})
	if got := sixteen.Paint(theme.Bad, "locked"); got != "\x1b[1;91mlocked\x1b[m" {
		t.Errorf("Paint in 16 colours = %q", got)
	}
	mono := mustNew(t, theme.Options{Name: theme.Dark, Depth: theme.DepthNone})
	if got := mono.Paint(theme.Bad, "locked") + mono.Paint(theme.Good, "usable"); got != "\x1b[1mlocked\x1b[musable" {
		t.Errorf("Paint without colours = %q", got)
	}
}

func TestTheThemeNoneAndANilThemeWriteNoEscapes(t *testing.T) {
	t.Parallel()
	var missing *theme.Theme
	for _, th := range []*theme.Theme{missing, mustNew(t, theme.Options{Name: theme.None})} {
		p := theme.NewPen(th, 30, 2)
		p.On(theme.GroundSelected)
		for tok := theme.Text; tok <= theme.Selection; tok++ {
			p.Put(tok, "x")
			if got := th.Paint(tok, "x"); got != "x" {
				t.Errorf("Paint(%d) = %q", tok, got)
			}
		}
		if got := p.Lines()[0]; got != strings.Repeat("x", 16) {
			t.Errorf("the pen wrote %q", got)
		}
		if th.Name() != theme.None || th.Glyphs().Bad != "■" {
			t.Errorf("a theme without colour has the wrong glyphs or name: %q", th.Name())
		}
	}
}

func TestStatesDifferInTheirGlyphsNotOnlyInColour(t *testing.T) {
	t.Parallel()
	for _, set := range []theme.GlyphSet{theme.GlyphsUnicode, theme.GlyphsASCII} {
		th := mustNew(t, theme.Options{Glyphs: set})
		seen := map[string]theme.State{}
		for _, s := range []theme.State{
			theme.StateGood, theme.StateWarn, theme.StateBad, theme.StateOff, theme.StateUnknown,
			theme.StateBusy, theme.StateCurrent,
		} {
			glyph, _ := th.Mark(s)
			if other, dup := seen[glyph]; dup || glyph == "" {
				t.Errorf("%s: %q and %q share the glyph %q", set, s, other, glyph)
			}
			seen[glyph] = s
		}
		if g, tok := th.Mark("invented"); g != "?" || tok != theme.Warn {
			t.Errorf("an unlisted state is drawn as %q", g)
		}
	}
}

func TestGlyphsAreOneCellWide(t *testing.T) {
	t.Parallel()
	for _, set := range []theme.GlyphSet{theme.GlyphsUnicode, theme.GlyphsASCII} {
		g := mustNew(t, theme.Options{Glyphs: set}).Glyphs()
		for _, s := range []string{
			g.Bad, g.Warn, g.Good, g.Off, g.Unknown, g.Pointer, g.Prompt, g.Crumb, g.Dot, g.Mask,
			g.Slot, g.Rule, g.Divider, g.More, g.Replacement,
		} {
			if theme.Width(s) != 1 {
				t.Errorf("%s: glyph %q is %d cells wide", set, s, theme.Width(s))
			}
			if set == theme.GlyphsASCII && s[0] > 0x7e {
				t.Errorf("glyph %q is not ASCII", s)
			}
		}
	}
}

// foreground reads the 256-colour foreground of a painted text.
func foreground(painted string) (color.Color, bool) {
	m := regexp.MustCompile(`38;5;(\d+)`).FindStringSubmatch(painted)
	if m == nil {
		return nil, false
	}
	n, _ := strconv.Atoi(m[1])
	return ansi.IndexedColor(n), true
}

func linear(c color.Color) (r, g, b float64) {
	f := func(v uint32) float64 {
		x := float64(v) / 0xffff
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	ri, gi, bi, _ := c.RGBA()
	return f(ri), f(gi), f(bi)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestTextStandsOutFromTheBackground(t *testing.T) {
	t.Parallel()
	grey := color.RGBA{0x1e, 0x1e, 0x1e, 0xff}
	for _, c := range []struct {
		name theme.Name
		back []color.Color
		want float64 // WCAG 2.2: 4.5 is AA, 7 is AAA
	}{
		{theme.Dark, []color.Color{color.Black, grey}, 4.5},
		{theme.ColourBlind, []color.Color{color.Black, grey}, 4.5},
		{theme.Light, []color.Color{color.White}, 4.5},
		{theme.HighContrast, []color.Color{color.Black, grey}, 7},
	} {
		th := mustNew(t, theme.Options{Name: c.name})
		for tok := theme.Text; tok <= theme.Selection; tok++ {
			fg, ok := foreground(th.Paint(tok, "x"))
			if !ok || tok == theme.Rule && c.name != theme.HighContrast {
				continue // the terminal's own colour, or a line that is not text
			}
			for _, bg := range c.back {
				if got := contrast(fg, bg); got < c.want {
					t.Errorf("%s: token %d has contrast %.1f on %v, want %.1f", c.name, tok, got, bg, c.want)
				}
			}
		}
	}
}

func TestStatesStandOutOnASelectedRow(t *testing.T) {
	t.Parallel()
	for name, index := range map[theme.Name]uint8{theme.Dark: 237, theme.ColourBlind: 237, theme.Light: 254, theme.HighContrast: 18} {
		th := mustNew(t, theme.Options{Name: name})
		for _, tok := range []theme.Token{theme.Good, theme.Warn, theme.Bad, theme.Accent, theme.Dim} {
			fg, _ := foreground(th.Paint(tok, "x"))
			if got := contrast(fg, ansi.IndexedColor(index)); got < 3.6 {
				t.Errorf("%s: token %d has contrast %.1f on a selected row", name, tok, got)
			}
		}
	}
}

// dichromacy projects linear RGB as seen without one kind of cone (Viénot,
// Brettel and Mollon 1999).
func dichromacy() map[string][9]float64 {
	return map[string][9]float64{
		"protanopia":   {0.11238, 0.88762, 0, 0.11238, 0.88762, 0, 0.00401, -0.00401, 1},
		"deuteranopia": {0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1},
	}
}

func TestColourBlindStatesStayApart(t *testing.T) {
	t.Parallel()
	th := mustNew(t, theme.Options{Name: theme.ColourBlind})
	for kind, m := range dichromacy() {
		seen := func(tok theme.Token) [3]float64 {
			c, _ := foreground(th.Paint(tok, "x"))
			r, g, b := linear(c)
			return lab(m[0]*r+m[1]*g+m[2]*b, m[3]*r+m[4]*g+m[5]*b, m[6]*r+m[7]*g+m[8]*b)
		}
		for _, pair := range [][2]theme.Token{{theme.Good, theme.Warn}, {theme.Good, theme.Bad}, {theme.Warn, theme.Bad}} {
			a, b := seen(pair[0]), seen(pair[1])
			d := math.Sqrt(sq(a[0]-b[0]) + sq(a[1]-b[1]) + sq(a[2]-b[2]))
			if d < 25 {
				t.Errorf("%s: tokens %d and %d are only %.0f apart", kind, pair[0], pair[1], d)
			}
		}
	}
}

func sq(x float64) float64 { return x * x }

// lab converts linear sRGB to CIE L*a*b* (D65).
func lab(r, g, b float64) [3]float64 {
	f := func(v float64) float64 {
		if v > 0.008856 {
			return math.Cbrt(v)
		}
		return 7.787*v + 16.0/116
	}
	x := f((0.4124*r + 0.3576*g + 0.1805*b) / 0.95047)
	y := f(0.2126*r + 0.7152*g + 0.0722*b)
	z := f((0.0193*r + 0.1192*g + 0.9505*b) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func BenchmarkPaint(b *testing.B) {
	th := mustNew(b, theme.Options{})
	b.ReportAllocs()
	for b.Loop() {
		if th.Paint(theme.Bad, "■ locked") == "" {
			b.Fatal("nothing painted")
		}
	}
}
