package termtest_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
)

func draw(t *testing.T, text string) string {
	t.Helper()
	return termtest.Picture{}.SVG(newScreen(t, 20, 3, text).Frame())
}

func wellFormed(t *testing.T, document string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(document))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("the drawing is not XML: %v\n%s", err, document)
		}
	}
}

func TestADrawingHoldsTextStylesAndBackgrounds(t *testing.T) {
	t.Parallel()
	svg := draw(t, "\x1b]2;calls & <more>\aab \x1b[1;31;48;2;1;2;3mcd\x1b[m \x1b[7mrev\x1b[m \x1b[4;9mu\x1b[m\x1b[2;38;5;21mf\x1b[m")
	wellFormed(t, svg)
	for _, want := range []string{
		"<title>calls &amp; &lt;more&gt;</title>",
		`<tspan x="0" textLength="25.2" lengthAdjust="spacingAndGlyphs">ab </tspan>`,
		`fill="#e06c75" font-weight="bold">cd</tspan>`,
		`<rect x="25.2" y="0" width="16.8" height="18" fill="#010203"/>`,
		`fill="#16181d">rev</tspan>`,
		`fill="#d8dee9"/>`,
		`text-decoration="underline"`,
		`fill="#0000ff" fill-opacity="0.6">f<`,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("the drawing lacks %s\n%s", want, svg)
		}
	}
}

func TestHostileTextIsOnlyTextInADrawing(t *testing.T) {
	t.Parallel()
	svg := draw(t, `<script>"&'`)
	wellFormed(t, svg)
	if strings.Contains(svg, "<script") {
		t.Errorf("the drawing holds a script\n%s", svg)
	}
}

func TestWideTextKeepsItsPlace(t *testing.T) {
	t.Parallel()
	svg := draw(t, "a漢é b")
	for _, want := range []string{
		`x="0" textLength="8.4" lengthAdjust="spacingAndGlyphs">a<`,
		`x="8.4" textLength="16.8" lengthAdjust="spacingAndGlyphs">漢<`,
		`x="25.2" textLength="8.4" lengthAdjust="spacingAndGlyphs">é<`,
		`x="33.6" `,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("the drawing lacks %s\n%s", want, svg)
		}
	}
}

func TestTheCursorIsDrawnWhereItIsSeen(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ab":               `<rect x="16.8" y="0" width="8.4" height="18"`,
		"ab\x1b[6 q":       `<rect x="16.8" y="0" width="2" height="18"`,
		"ab\x1b[4 q":       `<rect x="16.8" y="16" width="8.4" height="2"`,
		"\x1b[?25l\x1b[mx": "",
	} {
		svg := draw(t, text)
		cursor := strings.Contains(svg, `opacity="0.5"`)
		if cursor != (want != "") || !strings.Contains(svg, want) {
			t.Errorf("%q: the cursor is not drawn as %s\n%s", text, want, svg)
		}
	}
}

func TestTheSameFrameIsDrawnTheSame(t *testing.T) {
	t.Parallel()
	f := newScreen(t, 20, 3, "\x1b[31mred\x1b[m plain").Frame()
	if a, b := (termtest.Picture{}).SVG(f), (termtest.Picture{}).SVG(f); a != b {
		t.Error("two drawings of one frame differ")
	}
}

func TestAPageHoldsTheDrawing(t *testing.T) {
	t.Parallel()
	f := newScreen(t, 20, 3, "\x1b]2;x<y\atext").Frame()
	bare := termtest.Picture{Bare: true, Background: "#ffffff", Foreground: "#000000"}
	page := bare.HTML(f)
	if !strings.Contains(page, bare.SVG(f)) || !strings.Contains(page, "<title>x&lt;y</title>") || strings.Contains(page, "<circle") {
		t.Errorf("the page is\n%s", page)
	}
}
