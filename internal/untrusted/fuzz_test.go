package untrusted_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// T55: the sanitiser.
func FuzzDisplay(f *testing.F) {
	for _, seed := range []string{
		"", "Jane Doe", "\x1b]52;c;AA\a", "\u202e\u2066", "e\u0301\u0301\u0301", "\xff\xc3", "👩\u200d💻", "=1", `\x1b`,
		"\u1100\u1161\u1161\u1161", strings.Repeat("\x1b", 1100), "\ufe0f\U000e0041", "ก\u0e33\u0e33\u0e33\u0e33",
	} {
		f.Add(seed, 40)
	}
	f.Fuzz(func(t *testing.T, value string, limit int) {
		text := untrusted.New(value)
		for _, shown := range []string{text.Display(), text.DisplayMax(limit % 5000), text.CSVCell()} {
			mustBeHarmless(t, shown)
		}
		shown := text.Display()
		if again := untrusted.Sanitize(shown); again != shown {
			t.Fatalf("showing %q again gives %q", shown, again)
		}
		if shown == "" && value != "" {
			t.Fatalf("%q vanished", value)
		}
		data, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		mustBeHarmless(t, string(data))
		var back untrusted.Text
		if err := json.Unmarshal(data, &back); err != nil || (utf8.ValidString(value) && back != text) {
			t.Fatalf("%s reads back as %q, %v", data, back.Raw(), err)
		}
	})
}

func BenchmarkDisplay(b *testing.B) {
	values := map[string]string{
		"ASCII":    "Jane Doe (Accounting)",
		"accents":  "Nguyễn Thị Hồng",
		"CJK":      "山田 花子",
		"hostile":  "\x1b[31mjane\u202e\x9b",
		"4KiB":     strings.Repeat("x", untrusted.MaxDisplay),
		"mebibyte": strings.Repeat("x", 1<<20),
	}
	for name, value := range values {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			text := untrusted.New(value)
			for b.Loop() {
				_ = text.Display()
			}
		})
	}
}
