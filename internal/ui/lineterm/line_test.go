package lineterm

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
)

func TestALineIsCutAndCleaned(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in    string
		want  string
		cells int
		vague bool
	}{
		"plain":                          {"hello", "hello", 5, false},
		"exactly as long":                {"0123456789", "0123456789", 10, false},
		"too long":                       {"0123456789ab", "0123456789", 10, false},
		"umlauts":                        {"grün", "grün", 4, false},
		"wide":                           {"漢字", "漢字", 4, false},
		"wide at the edge":               {"01234567漢", "01234567漢", 10, false},
		"wide over the edge":             {"012345678漢x", "012345678", 9, false},
		"emoji":                          {"😀x", "😀x", 3, true},
		"joined":                         {"👨‍👩‍👧‍👦x", "👨‍👩‍👧‍👦x", 3, true},
		"mark on a letter":               {"e\u0301x", "e\u0301x", 2, true},
		"mark after the edge":            {"012345678e\u0301", "012345678e\u0301", 10, true},
		"blanks at the end":              {"ab   ", "ab", 2, false},
		"only blanks":                    {"     ", "", 0, false},
		"coloured blanks at the end":     {"ab\x1b[41m  \x1b[m  ", "ab\x1b[41m  \x1b[m", 4, false},
		"style closed":                   {"\x1b[31mab\x1b[0m", "\x1b[31mab\x1b[m", 2, false},
		"style left open":                {"\x1b[31mab", "\x1b[31mab\x1b[m", 2, false},
		"style without text":             {"\x1b[31m\x1b[m", "", 0, false},
		"style after the text":           {"ab\x1b[31m", "ab", 2, false},
		"needless resets":                {"\x1b[m\x1b[0ma\x1b[m\x1b[mb\x1b[m", "ab", 2, false},
		"reset inside a sequence":        {"\x1b[31ma\x1b[0;1mb", "\x1b[31ma\x1b[0;1mb\x1b[m", 2, false},
		"style of what is cut":           {"0123456789\x1b[31mab\x1b[m", "0123456789", 10, false},
		"tab":                            {"a\tb", "a b", 3, false},
		"controls":                       {"a\a\b\rb\x7f\x00", "ab", 2, false},
		"c1 controls":                    {"a\u009b31mb\u0085", "a31mb", 5, false},
		"not utf-8":                      {"a\xffb\xc3", "a�b�", 4, false},
		"link":                           {"\x1b]8;;http://x\x1b\\a\x1b]8;;\a", "a", 1, false},
		"clipboard":                      {"\x1b]52;c;eA==\aa", "a", 1, false},
		"cursor":                         {"\x1b[2J\x1b[5;5H\x1b[?1049la\x1b7\x1bc", "a", 1, false},
		"styles that are none":           {"\x1b[>4;2m\x1b[?4m\x1b[1$ma", "a", 1, false},
		"unfinished sequence":            {"a\x1b[31", "a", 1, false},
		"unfinished string":              {"a\x1b]52;c;eA==", "a", 1, false},
		"escape alone":                   {"a\x1b", "a", 1, false},
		"direction marks and hidden":     {"a\u202eb\u200bc\ufeff\u2066", "abc", 3, false},
		"letters that join what follows": {"\u0600\u06001", "1", 1, false},
	} {
		l := line{styles: newPalette(colorprofile.TrueColor)}
		l.fit(c.in, 10)
		if got := string(l.append(nil, 0, len(l.cells))); got != c.want || len(l.cells) != c.cells || l.vague != c.vague {
			t.Errorf("%s: %q became %q of %d cells, vague %v; want %q of %d, %v", name, c.in, got, len(l.cells), l.vague, c.want, c.cells, c.vague)
		}
	}
}

func TestStylesAreTranslatedToTheProfile(t *testing.T) {
	t.Parallel()
	const full, indexed, sixteen, ascii, none = colorprofile.TrueColor, colorprofile.ANSI256, colorprofile.ANSI, colorprofile.ASCII, colorprofile.NoTTY
	for in, profiles := range map[string]map[colorprofile.Profile]string{
		"":                 {full: "x", ascii: "x", none: "x"},
		"0":                {full: "x", sixteen: "x", none: "x"},
		"1;31;0":           {full: "x", ascii: "x"},
		"1":                {full: "\x1b[1mx\x1b[m", ascii: "\x1b[1mx\x1b[m", none: "x"},
		"31;1":             {full: "\x1b[1;31mx\x1b[m", sixteen: "\x1b[1;31mx\x1b[m", ascii: "\x1b[1mx\x1b[m", none: "x"},
		"97;100":           {full: "\x1b[97;100mx\x1b[m", sixteen: "\x1b[97;100mx\x1b[m", ascii: "x"},
		"31;39;49":         {full: "x"},
		"38;5;196":         {full: "\x1b[38;5;196mx\x1b[m", indexed: "\x1b[38;5;196mx\x1b[m", sixteen: "\x1b[91mx\x1b[m", ascii: "x"},
		"48;2;255;0;0":     {full: "\x1b[48;2;255;0;0mx\x1b[m", indexed: "\x1b[48;5;196mx\x1b[m", sixteen: "\x1b[101mx\x1b[m", ascii: "x", none: "x"},
		"38:2::255:0:0;3":  {full: "\x1b[3;38;2;255;0;0mx\x1b[m", ascii: "\x1b[3mx\x1b[m"},
		"4:3;58;5;1":       {full: "\x1b[4:3;58;5;1mx\x1b[m", indexed: "\x1b[4mx\x1b[m", ascii: "\x1b[4mx\x1b[m"},
		"4;4:0":            {full: "x"},
		"4;7;27":           {full: "\x1b[4mx\x1b[m"},
		"200;1":            {full: "\x1b[1mx\x1b[m"},
		"31m\x1b[1":        {full: "\x1b[1;31mx\x1b[m"},
		"1m\x1b[22m\x1b[3": {full: "\x1b[3mx\x1b[m"},
	} {
		for profile, want := range profiles {
			l := line{styles: newPalette(profile)}
			l.fit("\x1b["+in+"mx", 10)
			if got := string(l.append(nil, 0, len(l.cells))); got != want {
				t.Errorf("%q in %v became %q, want %q", in, profile, got, want)
			}
		}
	}
}

func TestAnEndlessNumberOfStylesIsNotRemembered(t *testing.T) {
	t.Parallel()
	s := newScreen(newPalette(colorprofile.TrueColor))
	for i := range 10 * maxPens {
		sequence := ansi.Style{}.ForegroundColor(ansi.RGBColor{R: uint8(i), G: uint8(i >> 8)}).String()
		frame := string(s.frame(tea.NewView(sequence+"x"), Size{Cols: 10, Rows: 1}))
		if !strings.Contains(frame, sequence+"x\x1b[m") {
			t.Fatalf("the frame is %q without %q", frame, sequence)
		}
	}
	if n := len(s.styles.pens); n > maxPens+2 {
		t.Errorf("it remembers %d pens", n)
	}
}

func FuzzFitLine(f *testing.F) {
	for _, seed := range append(agreedWords(), disputedWords()...) {
		f.Add("x\x1b[31m"+seed+"\x1b[my", 12, uint8(colorprofile.TrueColor))
	}
	f.Fuzz(func(t *testing.T, text string, cols int, profile uint8) {
		cols = 1 + max(0, cols)%MaxCols
		if strings.Contains(text, "\n") {
			t.Skip("not a line")
		}
		styles := newPalette(colorprofile.Profile(profile % 6))
		once := line{styles: styles}
		once.fit(text, cols)
		if len(once.cells) > cols {
			t.Errorf("%q fills %d of %d cells", text, len(once.cells), cols)
		}
		sent := once.append(nil, 0, len(once.cells))
		if err := termtest.Oracle(sent); err != nil {
			t.Error(err)
		}
		twice := line{styles: styles}
		twice.fit(string(sent), cols)
		if again := twice.append(nil, 0, len(twice.cells)); string(again) != string(sent) {
			t.Errorf("%q became %q", sent, again)
		}
	})
}
