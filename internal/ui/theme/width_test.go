package theme_test

import (
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"
	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

func TestWidthCountsCells(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"":                         0,
		"jane.doe":                 8,
		"Käthe":                    5,
		"e\u0301":                  1,
		"漢字":                       4,
		"Ａ":                        2,
		"🙂":                        2,
		"👩\u200d💻":                 2,
		"🇳🇴":                       2,
		"j•••@h•••.example":        17,
		"■ locked":                 8,
		"\x1b[31mred\x1b[m":        3,
		"\x1b]8;;http://x\atext":   4,
		"\x1b[31":                  0,
		"a\nb":                     2,
		"\u0600" + "1":             1,
		strings.Repeat("漢", 1000):  2000,
		"1\ufe0f\u20e3":            1,
		"\x1b[38;5;75m漢\x1b[m und": 6,
	} {
		if got := theme.Width(s); got != want {
			t.Errorf("Width(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestWidthAgreesWithTheEmulator(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := text(40, "\x1b[1m", "\x1b[38;5;75m", "\x1b[m").Draw(rt, "s")
		if got, want := theme.Width(s), column(t, s); got != want {
			rt.Fatalf("Width(%q) = %d, the emulator says %d", s, got, want)
		}
	})
}

func TestEveryCharacterIsAsWideAsTheTableSays(t *testing.T) {
	t.Parallel()
	for r := rune(0xa0); r < 0x20000; r++ {
		if r >= 0xd800 && r < 0xe000 {
			continue
		}
		for _, s := range []string{string(r), string(r) + "\ufe0f", string(r) + "\u0301", string(r) + "漢", "é" + string(r)} {
			if got, want := theme.Width(s), displaywidth.String(s); got != want {
				t.Errorf("Width(%+q) = %d, want %d", s, got, want)
			}
		}
	}
}

func TestTruncateEndsInTheTail(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s, tail string
		w       int
		want    string
	}{
		{"jane.doe", "…", 8, "jane.doe"},
		{"jane.doe", "…", 7, "jane.d…"},
		{"jane.doe", "...", 7, "jane..."},
		{"jane.doe", "...", 2, ".."},
		{"jane.doe", "…", 0, ""},
		{"jane.doe", "…", -3, ""},
		{"漢字漢字", "…", 5, "漢字…"},
		{"漢字漢字", "…", 4, "漢…"},
		{"漢字", "…", 4, "漢字"},
		{"\x1b[31mjane.doe\x1b[m", "…", 5, "\x1b[31mjane…\x1b[m"},
		{"\x1b[31mjane.doe\x1b[m", "…", 0, "\x1b[31m\x1b[m"},
	} {
		if got := theme.Truncate(c.s, c.w, c.tail); got != c.want {
			t.Errorf("Truncate(%q, %d, %q) = %q, want %q", c.s, c.w, c.tail, got, c.want)
		}
	}
}

func TestCutLosesNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s          string
		w          int
		head, rest string
	}{
		{"jane.doe", 4, "jane", ".doe"},
		{"漢字", 3, "漢", "字"},
		{"漢字", 1, "漢", "字"},
		{"ab", 0, "a", "b"},
		{"", 5, "", ""},
		{"ab", 5, "ab", ""},
	} {
		if head, rest := theme.Cut(c.s, c.w); head != c.head || rest != c.rest {
			t.Errorf("Cut(%q, %d) = %q, %q", c.s, c.w, head, rest)
		}
	}
}

func TestPaddingReachesTheWidth(t *testing.T) {
	t.Parallel()
	if got := theme.PadRight("漢", 4); got != "漢  " {
		t.Errorf("PadRight = %q", got)
	}
	if got := theme.PadLeft("09:12", 7); got != "  09:12" {
		t.Errorf("PadLeft = %q", got)
	}
	if got := theme.PadLeft("09:12", 3) + theme.PadRight("09:12", 3); got != "09:1209:12" {
		t.Errorf("a wider text is not left alone: %q", got)
	}
	if got := theme.Width(theme.PadRight("x", 700)); got != 700 {
		t.Errorf("a long padding has %d cells", got)
	}
}

func TestFitIsExactlyAsWideAsAsked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := text(40, "\x1b[1m", "\x1b[m").Draw(rt, "s")
		w := rapid.IntRange(-1, 90).Draw(rt, "w")
		got := theme.Fit(s, w)
		if n := column(t, got); n != max(w, 0) {
			rt.Fatalf("Fit(%q, %d) = %q of %d cells", s, w, got, n)
		}
	})
}

func TestWrapBreaksAtWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, s string
		w       int
		want    string
	}{
		{"at blanks", "Locked since 09:12 after 5 wrong passwords.", 20, "Locked since 09:12|after 5 wrong|passwords."},
		{"fits", "Locked.", 20, "Locked."},
		{"nothing", "", 20, ""},
		{"no room", "Locked.", 0, ""},
		{"a long word is cut", "jane.doe@corp.example x", 10, "jane.doe@c|orp.exampl|e x"},
		{"a login stays whole", "ask jane-doe/x now", 8, "ask|jane-doe|/x now"},
		{"masked mail stays whole", "to j•••@h•••.example at 09:41", 18, "to|j•••@h•••.example|at 09:41"},
		{"line breaks stay", "one\ntwo\n\nthree", 20, "one|two||three"},
		{"Chinese breaks anywhere", "密码已重置并发送", 8, "密码已重|置并发送"},
		{"but not before a full stop", "密码已重。置并发送", 8, "密码已|重。置并|发送"},
		{"mixed", "账户 jane.doe 已解锁", 14, "账户 jane.doe|已解锁"},
		{"umlauts", "Überprüfung der Rückrufnummer", 16, "Überprüfung der|Rückrufnummer"},
		{"too wide for a line", "a漢b", 1, "a||b"},
		{"many blanks", "a          b", 4, "a|b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(theme.Wrap(c.s, c.w), "|"); got != c.want {
				t.Errorf("Wrap(%q, %d) = %q, want %q", c.s, c.w, got, c.want)
			}
		})
	}
}

func TestWrapLosesNothingAndStaysInside(t *testing.T) {
	t.Parallel()
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	rapid.Check(t, func(rt *rapid.T) {
		s := text(60, "\n").Draw(rt, "s")
		w := rapid.IntRange(2, 40).Draw(rt, "w")
		lines := theme.Wrap(s, w)
		for _, l := range lines {
			if n := theme.Width(l); n > w {
				rt.Fatalf("Wrap(%q, %d): line %q has %d cells", s, w, l, n)
			}
		}
		if got, want := squeeze(strings.Join(lines, "")), squeeze(s); got != want {
			rt.Fatalf("Wrap(%q, %d) lost text: %q", s, w, lines)
		}
	})
}

func TestCleanLeavesNothingThatCommandsTheTerminal(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"Jane Doe":               "Jane Doe",
		"Käthe 漢字 🙂":             "Käthe 漢字 🙂",
		"a\tb\nc\rd":             "a b c d",
		"\x1b[2Jx":               "?[2Jx",
		"\u009b2J\u202ex\u2028y": "?2J?x?y",
		"bad \xff\xc3":           "bad ??",
		"\uFFFD":                 "\uFFFD",
		"del\x7f":                "del?",
	} {
		if got := theme.Clean(s, "?"); got != want {
			t.Errorf("Clean(%q) = %q, want %q", s, got, want)
		}
	}
}

func BenchmarkWidth(b *testing.B) {
	for name, s := range map[string]string{
		"ascii": "Controller, Finance, reports to Per Holm",
		"latin": "Überprüfung der Rückrufnummer von Käthe",
		"cjk":   "密码已重置并发送到备用邮箱",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if theme.Width(s) == 0 {
					b.Fatal("no width")
				}
			}
		})
	}
}

func BenchmarkWrap(b *testing.B) {
	s := "The directory refused the new password: it was used before. Nothing was changed. Press Enter to try another one."
	b.ReportAllocs()
	for b.Loop() {
		if len(theme.Wrap(s, 60)) != 2 {
			b.Fatal("wrong wrap")
		}
	}
}
