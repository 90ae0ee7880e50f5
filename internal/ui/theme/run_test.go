package theme

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// stepwise is cut one indivisible piece at a time.
func stepwise(s string, w, tw int) (bytes, cells int, whole bool) {
	var keep, keepCells, at int
	for at < len(s) {
		n, c := step(s[at:])
		if cells+c > w {
			return keep, keepCells, false
		}
		at += n
		cells += c
		if cells <= w-tw {
			keep, keepCells = at, cells
		}
	}
	return at, cells, true
}

// styledText generates what lines are made of, and what they must survive.
func styledText() *rapid.Generator[string] {
	all := []string{
		"a", "jane.doe", "    ", "~", "\x1b[m", "\x1b[1;38;5;75m", "\x1b[38:2::1:2:3m", "\x1b[?25l", "\x1b[", "\x1b", "\x1b]2;title\a", "\x1b[1", "\x1b[ q",
		"é", "e\u0301", "漢", "🙂", "👩\u200d💻", "1\ufe0f\u20e3", "\u200b", "\x07", "\x7f", "\xff", "\u009b31m",
	}
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(all), 0, 30).Draw(t, "pieces"), "")
	})
}

func TestRunsOfPlainTextAreCutWhereSinglePiecesAre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, w, tw := styledText().Draw(t, "s"), rapid.IntRange(0, 60).Draw(t, "w"), rapid.IntRange(0, 3).Draw(t, "tw")
		bytes, cells, whole := cut(s, w, tw)
		wantBytes, wantCells, wantWhole := stepwise(s, w, tw)
		if bytes != wantBytes || cells != wantCells || whole != wantWhole {
			t.Fatalf("cut(%q, %d, %d) is %d, %d, %t; want %d, %d, %t", s, w, tw, bytes, cells, whole, wantBytes, wantCells, wantWhole)
		}
	})
}

func TestTheWidthOfRunsIsTheSumOfTheirPieces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, want := styledText().Draw(t, "s"), 0
		for rest := s; rest != ""; {
			n, c := step(rest)
			want, rest = want+c, rest[n:]
		}
		if got := Width(s); got != want {
			t.Fatalf("%q is %d cells, want %d", s, got, want)
		}
	})
}

func TestAStyleIsAsLongAsTheLibrarySays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := "\x1b[" + rapid.StringOfN(rapid.RuneFrom([]rune("0123456789;:?<=>!\"$ mHJKqh\x1b\x07aé")), 0, 12, -1).Draw(t, "rest")
		got := styleLength(s)
		if got == 0 {
			return // left to the library
		}
		if _, _, want, _ := ansi.GraphemeWidth.DecodeSequenceInString(s, ansi.NormalState, nil); got != want {
			t.Fatalf("%q: %d bytes, want %d", s, got, want)
		}
	})
	for s, want := range map[string]int{"\x1b[m": 3, "\x1b[1;4mx": 6, "\x1b[38:5:7m": 9, "\x1b[": 0, "\x1b[1": 0, "\x1b": 0, "\x1b]0;x\a": 0, "\x1b[?25h": 0} {
		if got := styleLength(s); got != want {
			t.Errorf("%q: %d bytes, want %d", s, got, want)
		}
	}
}

func BenchmarkTruncateAStyledLine(b *testing.B) {
	line := "  " + strings.Repeat("Jane Doe jane.doe \x1b[38;5;247mFinance\x1b[m ", 4)
	b.ReportAllocs()
	for b.Loop() {
		Truncate(line, 130, "")
	}
}
