package theme_test

import (
	"image/color"
	"strings"
	"testing"

	"github.com/charmbracelet/x/vt"
	"pgregory.net/rapid"
)

// pieces are what random text is made of: everything that ever was a trouble.
func pieces() []string {
	return []string{
		"a", "Z", "0", " ", "  ", "jane.doe", "-", "_", "ä", "é", "e\u0301", "\u0301", "ñ", "ß",
		"漢", "字", "。", "（", "한", "글", "ﾊ", "Ａ", "\u3000",
		"🙂", "👩\u200d💻", "🇳🇴", "🇩", "1\ufe0f\u20e3", "☀", "☀\ufe0f", "\ufe0f", "\u200d", "\u200b",
		"•", "…", "■", "▲", "—", "·", "\u00a0", "\u0600", "ا", "ক\u09cdষ",
		"\uFFFD", "\u1100", "\u1161", "\u11a8",
	}
}

// hostile are pieces that must never reach a terminal as they are.
func hostile() []string {
	return []string{
		"\x1b", "\x1b[2J", "\x1b]52;c;AAAA\a", "\x9b31m", "\u009b31m", "\n", "\r", "\t", "\x00", "\x7f",
		"\u202e", "\u2066", "\u2028", "\xff", "\xc3", "\xed\xa0\x80",
	}
}

// text generates text of up to n pieces.
func text(n int, more ...string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		all := append(pieces(), more...)
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(all), 0, n).Draw(t, "pieces"), "")
	})
}

// column writes one line to an emulator and returns where the cursor ends.
func column(t testing.TB, line string) int {
	t.Helper()
	e := vt.NewEmulator(500, 3)
	if _, err := e.WriteString(line); err != nil {
		t.Fatal(err)
	}
	p := e.CursorPosition()
	if p.Y != 0 {
		t.Fatalf("%q moved the cursor to line %d", line, p.Y)
	}
	return p.X
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(c color.Color) float64 {
	r, g, b := linear(c)
	return 0.2126*r + 0.7152*g + 0.0722*b
}
