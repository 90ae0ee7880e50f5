package untrusted_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// T84: every control byte and character.
func TestEveryControlByteAndCharacterBecomesAnEscape(t *testing.T) {
	t.Parallel()
	for b := range 0x100 {
		if b >= 0x20 && b < 0x7f {
			continue
		}
		for _, value := range []string{"a" + string([]byte{byte(b)}) + "z", "a" + string(rune(b)) + "z"} {
			if r, _ := utf8.DecodeRuneInString(value[1:]); r > 0x9f && r != utf8.RuneError && r != 0xad {
				continue // a printable character of Latin-1
			}
			shown := untrusted.New(value).Display()
			mustBeHarmless(t, shown)
			if !strings.HasPrefix(shown, `a\`) || !strings.HasSuffix(shown, "z") {
				t.Errorf("Display(%q) = %q, want a visible escape between a and z", value, shown)
			}
		}
	}
}

func TestTerminalSequencesAreShownNotObeyed(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, value, want string }{
		{"window title", "\x1b]0;owned\a", `\x1b]0;owned\x07`},
		{"clipboard", "\x1b]52;c;cm0gLXJm\a", `\x1b]52;c;cm0gLXJm\x07`},
		{"hyperlink", "\x1b]8;;http://e.test\x1b\\x", `\x1b]8;;http://e.test\x1b\x`},
		{"cursor report", "\x1b[6n", `\x1b[6n`},
		{"device control string", "\x1bP+q\x1b\\", `\x1bP+q\x1b\`},
		{"8-bit CSI as a byte", "\x9b31m", `\x9b31m`},
		{"8-bit CSI as a character", "\u009b31m", `\u009b31m`},
		{"delete", "a\x7fb", `a\x7fb`},
		{"overwriting the line", "root\rjane", `root\rjane`},
		{"line feed", "a\nb", `a\nb`},
		{"tab", "a\tb", `a\tb`},
		{"backspace", "a\bb", `a\x08b`},
		{"incomplete sequence at the end", "jane\x1b[", `jane\x1b[`},
		{"incomplete sequence at the start", "31m jane", `31m jane`},
		{"NUL", "\x00", `\x00`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := untrusted.New(tt.value).Display()
			mustBeHarmless(t, got)
			if got != tt.want {
				t.Errorf("Display(%q) = %q, want %q", tt.value, got, tt.want)
			}
		})
	}
}

// T85.
func TestASequenceSplitOverTwoAttributesStaysNeutral(t *testing.T) {
	t.Parallel()
	const sequence = "\x1b]52;c;AAAA\x1b\\\u202e\xe2\x80\xae"
	for cut := range len(sequence) + 1 {
		mustBeHarmless(t, untrusted.New(sequence[:cut]).Display()+untrusted.New(sequence[cut:]).Display())
	}
}

// T86.
func TestInvisibleAndReorderingCharactersBecomeEscapes(t *testing.T) {
	t.Parallel()
	ranges := []struct {
		name     string
		from, to rune
	}{
		{"bidi embeddings and overrides", 0x202a, 0x202e},
		{"bidi isolates", 0x2066, 0x2069},
		{"zero width and bidi marks", 0x200b, 0x200f},
		{"line and paragraph separators", 0x2028, 0x2029},
		{"word joiner and invisible operators", 0x2060, 0x2064},
		{"deprecated format characters", 0x206a, 0x206f},
		{"Arabic letter mark", 0x061c, 0x061c},
		{"byte order mark", 0xfeff, 0xfeff},
		{"soft hyphen", 0xad, 0xad},
		{"variation selectors", 0xfe00, 0xfe0f},
		{"supplementary variation selectors", 0xe0100, 0xe01ef},
		{"tags", 0xe0001, 0xe007f},
		{"interlinear annotation", 0xfff9, 0xfffb},
		{"combining grapheme joiner", 0x034f, 0x034f},
		{"Mongolian selectors", 0x180b, 0x180f},
		{"Hangul filler", 0x3164, 0x3164},
		{"Hangul leading and vowel fillers", 0x115f, 0x1160},
		{"half-width Hangul filler", 0xffa0, 0xffa0},
		{"blank Braille", 0x2800, 0x2800},
		{"private use", 0xe000, 0xe003},
		{"non-characters", 0xfffe, 0xffff},
		{"unassigned", 0x0378, 0x0379},
	}
	for _, tt := range ranges {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for r := tt.from; r <= tt.to; r++ {
				want := fmt.Sprintf(`a\u%04xz`, r)
				if r > 0xffff {
					want = fmt.Sprintf(`a\U%08xz`, r)
				}
				if got := untrusted.New("a" + string(r) + "z").Display(); got != want {
					t.Errorf("Display = %q, want %q", got, want)
				}
			}
		})
	}
}

func TestTheCharactersOfUnicodeAreHarmlessAndNoneVanishes(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r += stride(r) {
		shown := untrusted.New("a" + string(r) + "z").Display()
		mustBeHarmless(t, shown)
		if len(shown) < 3 || shown[0] != 'a' || shown[len(shown)-1] != 'z' {
			t.Fatalf("U+%04X is shown as %q", r, shown)
		}
		if unicode.IsLetter(r) && len(shown) > 2+utf8.RuneLen(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) {
			t.Fatalf("the letter U+%04X is shown as %q", r, shown)
		}
	}
}

// stride skips within the ranges that are all alike: ideographs, Hangul syllables, planes without characters.
func stride(r rune) rune {
	switch {
	case r >= 0x4e80 && r < 0x9f00, r >= 0xac80 && r < 0xd700, r >= 0xe080 && r < 0xf800:
		return 61
	case r >= 0x20080 && r < 0xe0000, r >= 0xe0200:
		return 251
	default:
		return 1
	}
}

func TestHonestNamesOfTheWorldAreShownAsTheyAre(t *testing.T) {
	t.Parallel()
	names := []string{
		"", "Jane Doe", "O'Brien-Smith (Ext.)", `DOMAIN\jane`, "100% <ok> & \"fine\"",
		"Zoë Müller-Łukasik", "Nguyễn Thị Hồng", "Jose\u0301 e\u0302\u0301", "İbrahim Çağlar",
		"محمد عبد الله", "مُحَمَّد", "שרה כהן", "שָׂרָה",
		"李伟", "山田 花子", "김민준", "\u1112\u1161\u11ab\u1100\u1173\u11af",
		"สมชาย น้ำใจ", "प्रिया बड़ों", "মৌসুমী", "தமிழ்", "ကြောင့်",
		"Иван Петров", "Νίκος Παπαδόπουλος", "Ἀχιλλεύς", "👍 🚀 👋🏽", "a\u00a0b", "全角　空白", "\ufffd",
	}
	for _, name := range names {
		got := untrusted.New(name).Display()
		mustBeHarmless(t, got)
		if got != name {
			t.Errorf("Display(%q) = %q, want it unchanged", name, got)
		}
	}
}

// T88.
func TestInvalidUTF8IsShownByteByByte(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, value, want string }{
		{"stray byte", "a\xffb", `a\xffb`},
		{"overlong slash", "\xc0\xaf", `\xc0\xaf`},
		{"overlong ESC", "\xe0\x80\x9b", `\xe0\x80\x9b`},
		{"lone surrogate", "\xed\xa0\x80", `\xed\xa0\x80`},
		{"truncated at the end", "caf\xc3", `caf\xc3`},
		{"above U+10FFFF", "\xf4\x90\x80\x80", `\xf4\x90\x80\x80`},
		{"Latin-1", "M\xfcller", `M\xfcller`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := untrusted.New(tt.value).Display(); got != tt.want {
				t.Errorf("Display(%q) = %q, want %q", tt.value, got, tt.want)
			}
		})
	}
}

// T87.
func TestACharacterCarriesAtMostTwoMarks(t *testing.T) {
	t.Parallel()
	const acute = "\u0301"
	tests := []struct{ name, value, want string }{
		{"one", "e" + acute, "e" + acute},
		{"two", "e" + acute + acute, "e" + acute + acute},
		{"three", "e" + strings.Repeat(acute, 3) + "x", "e" + acute + acute + `\u0301x`},
		{"five hundred", "e" + strings.Repeat(acute, 500) + "x", "e" + acute + acute + `\u0301\{+497}x`},
		{"without a base", acute + "x", `\u0301x`},
		{"many without a base", strings.Repeat(acute, 4), `\u0301\{+3}`},
		{"after an escape", "\x1b" + acute, `\x1b\u0301`},
		{"after an invalid byte", "\xff" + acute, `\xff\u0301`},
		{"smuggled after a joiner", "e" + acute + acute + "\u200d" + acute, "e" + acute + acute + `\u200d\u0301`},
		{"spacing vowel signs", "ก" + strings.Repeat("\u0e33", 6), "ก" + strings.Repeat("\u0e33", 3) + `\u0e33\{+2}`},
		{"Hangul vowels", "\u1100" + strings.Repeat("\u1161", 5), "\u1100\u1161\u1161" + `\u1161\{+2}`},
		{"skin tones", "👋" + strings.Repeat("🏽", 4), "👋🏽🏽" + `\U0001f3fd\{+1}`},
		{"enclosing", "a" + strings.Repeat("\u20dd", 3), "a\u20dd\u20dd" + `\u20dd`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := untrusted.New(tt.value).Display()
			mustBeHarmless(t, got)
			if got != tt.want {
				t.Errorf("Display(%+q) = %+q, want %+q", tt.value, got, tt.want)
			}
		})
	}
}

func TestEmojiAreHeldTogetherVisibly(t *testing.T) {
	t.Parallel()
	tests := []struct{ value, want string }{
		{"👩\u200d💻", `👩\u200d💻`},
		{"❤\ufe0f", `❤\ufe0f`},
		{"🇵🇱", "🇵🇱"},
	}
	for _, tt := range tests {
		if got := untrusted.New(tt.value).Display(); got != tt.want {
			t.Errorf("Display(%+q) = %+q, want %+q", tt.value, got, tt.want)
		}
	}
}

func TestALongValueIsCutAtAWholeCharacterAndSaysSo(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, value string
		limit       int
		want        string
	}{
		{"fits exactly", "abcdef", 6, "abcdef"},
		{"one too many", "abcdefg", 6, "abc…"},
		{"never splits a rune", "ééééé", 9, "ééé…"},
		{"never splits an escape", "ab\x1bcdef", 8, "ab…"},
		{"an escape that fits", "ab\x1bcdef", 9, `ab\x1b…`},
		{"grows by escaping", "\x01\x02", 7, `\x01…`},
		{"smaller than the ellipsis", "abcdef", 1, "…"},
		{"negative", "abcdef", -5, "…"},
		{"three bytes fit in the smallest", "abc", 0, "abc"},
		{"empty", "", 0, ""},
		{"wide characters", "李伟李伟", 9, "李伟…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := untrusted.New(tt.value).DisplayMax(tt.limit); got != tt.want {
				t.Errorf("DisplayMax(%q, %d) = %q, want %q", tt.value, tt.limit, got, tt.want)
			}
		})
	}
}

func TestEndlessMarksEndTheText(t *testing.T) {
	t.Parallel()
	endless := untrusted.New("e" + strings.Repeat("\u0301", 1000) + "x")
	if got, want := endless.DisplayMax(20), "e\u0301\u0301"+`\u0301`+"…"; got != want {
		t.Errorf("DisplayMax(20) = %q, want %q", got, want)
	}
	if got, want := endless.DisplayMax(2000), "e\u0301\u0301"+`\u0301\{+997}x`; got != want {
		t.Errorf("DisplayMax(2000) = %q, want %q", got, want)
	}
}

func TestAControlIsFoundAtEveryOffset(t *testing.T) {
	t.Parallel()
	for length := range 40 {
		for at := range length {
			for _, bad := range []string{"\x00", "\x1f", "\x7f", "\x80", "\xff", "\u200b"} {
				plain := strings.Repeat("~", at) + bad + strings.Repeat(" ", length-at)
				mustBeHarmless(t, untrusted.New(plain).Display())
			}
		}
	}
}

func TestPlainTextIsShownWithoutAllocating(t *testing.T) {
	for _, value := range []string{"Jane Doe", strings.Repeat("x", untrusted.MaxDisplay), "Zoë Müller", "李伟"} {
		text := untrusted.New(value)
		if n := testing.AllocsPerRun(100, func() { _ = text.Display() }); n != 0 {
			t.Errorf("Display(%.20q) allocates %v times", value, n)
		}
	}
}

func TestDisplayKeepsItsPromises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		value := hostileString().Draw(rt, "value")
		limit := rapid.IntRange(0, 200).Draw(rt, "limit")
		shown := untrusted.New(value).DisplayMax(limit)
		mustBeHarmless(t, shown)
		if len(shown) > max(limit, len("…")) {
			rt.Fatalf("%d bytes for a limit of %d", len(shown), limit)
		}
		if again := untrusted.New(shown).DisplayMax(limit); again != shown {
			rt.Fatalf("showing %q again gives %q", shown, again)
		}
	})
}

// hostileString draws texts that are rich in what the package is about.
func hostileString() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			"\x1b[31m", "\x9b", "\u009b", "\u202e", "\u200d", "\ufe0f", "\u0301", "\u0301\u0301\u0301", "é", "e\u0301",
			"李", "م", "ש", "👩", "🏽", "\u0e33", "\u1161", "\t", "\r\n", "\x00", "\xff", "\xed\xa0\x80", `\x1b`, "=", "'",
			"\U000e0041", "\u2028", "\ufffd", "<", "\"", `\`,
		}),
		rapid.String(),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 4), func(b []byte) string { return string(b) }),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 12), func(p []string) string { return strings.Join(p, "") })
}
