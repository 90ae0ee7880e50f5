package kit_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// typed returns an input with the text and keys put in. A "|" in the text is
// where the cursor is moved.
func typed(in kit.Input, text string, keys string) *kit.Input {
	before, after, _ := strings.Cut(text, "|")
	in.Set(before + after)
	in.Update(press("home"))
	for range []rune(before) {
		in.Update(press("right"))
	}
	for _, k := range keystrokes(keys) {
		in.Update(k)
	}
	return &in
}

// shown returns the text with a "|" where the cursor stands, by typing it.
func shown(in *kit.Input) string {
	in.Max = 0
	in.Insert("|")
	return in.Value()
}

func TestEditingDoesWhatThePersonMeans(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, keys, want string }{
		{"", "j a n e", "jane|"},
		{"jane|", "backspace backspace", "ja|"},
		{"jane|", "left left x", "jax|ne"},
		{"jane|", "home x", "x|jane"},
		{"|jane", "end x", "janex|"},
		{"ja|ne", "delete", "ja|e"},
		{"jane|", "delete right", "jane|"},
		{"|jane", "backspace left", "|jane"},
		{"jane doe|", "ctrl+w", "jane |"},
		{"jane doe  |", "ctrl+w", "jane |"},
		{"jane.doe@corp|", "alt+backspace", "jane.doe@|"},
		{"jane doe|", "ctrl+left", "jane |doe"},
		{"|jane doe", "ctrl+right x", "janex| doe"},
		{"ja|ne doe", "alt+d", "ja| doe"},
		{"jane doe|", "left ctrl+u", "|e"},
		{"jane|", "ctrl+a x ctrl+e y", "xjaney|"},
		{"e\u0301a|", "left left x", "x|e\u0301a"},
		{"e\u0301|", "backspace", "|"},
		{"👩\u200d💻|", "backspace", "|"},
		{"漢字|", "left ctrl+h", "|字"},
		{"🇳🇴|", "backspace", "|"},
	} {
		t.Run(c.text+" "+c.keys, func(t *testing.T) {
			t.Parallel()
			in := typed(kit.Input{}, strings.TrimSuffix(c.text, "|"), "end")
			if strings.Contains(c.text, "|") && !strings.HasSuffix(c.text, "|") {
				in = typed(kit.Input{}, c.text, "")
			}
			for _, k := range keystrokes(c.keys) {
				in.Update(k)
			}
			if got := shown(in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAnInputLeavesTheScreensKeysAlone(t *testing.T) {
	t.Parallel()
	in := typed(kit.Input{}, "jane|", "")
	for _, k := range keystrokes("enter tab shift+tab esc up down pgup f10 ctrl+k ctrl+l ctrl+c ctrl+shift+x alt+r") {
		if in.Update(k) {
			t.Errorf("the input took %s", k)
		}
	}
	if !in.Update(press("space")) || in.Value() != "jane " {
		t.Errorf("space gave %q", in.Value())
	}
	if in.Update(tea.KeyPressMsg{Code: 'x', Text: "x", Mod: tea.ModAlt}) {
		t.Error("alt+x was typed")
	}
}

func TestControlCharactersAreNotTaken(t *testing.T) {
	t.Parallel()
	for pasted, want := range map[string]string{
		"jane doe\n":                "jane doe",
		"\r\njane\tdoe":             "jane doe",
		"one\ntwo":                  "one two",
		"a\x00b\x1b[31mc\x7f\u009b": "ab[31mc",
		"a\u202eb\u200bc\ufeffd":    "abcd",
		"a\u2028b\xffc\ufffd":       "abc",
		"می\u200cخواهم":             "می\u200cخواهم",
		"简・多伊🙂":                     "简・多伊🙂",
	} {
		in := kit.Input{}
		in.Insert(pasted)
		if in.Value() != want {
			t.Errorf("%q became %q, want %q", pasted, in.Value(), want)
		}
	}
}

func TestAnInputHasALimit(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]int{0: 256, -1: 256, 9999: 256, 10: 10} {
		in := kit.Input{Max: limit}
		in.Insert(strings.Repeat("漢", 10_000))
		if in.Len() != want || !in.Full() {
			t.Errorf("with Max %d it holds %d characters", limit, in.Len())
		}
		if in.Insert("x") {
			t.Error("a full input changed")
		}
	}
}

func TestACodeTakesDigitsOfEveryScript(t *testing.T) {
	t.Parallel()
	in := kit.Input{Mode: kit.InputCode, Max: 6}
	in.Insert("4 8-1 x")
	in.Insert("９٠")
	if got := in.Value(); got != "48190" || in.Full() {
		t.Errorf("got %q", got)
	}
	in.Insert("12")
	if got := in.Value(); got != "481901" || !in.Full() {
		t.Errorf("got %q", got)
	}
}

func TestACodeShowsWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   kit.Input
		text string
		w    int
		want string
		x    int
	}{
		{kit.Input{Mode: kit.InputCode, Max: 6}, "481", 40, " › 4 8 1 _ _ _", 9},
		{kit.Input{Mode: kit.InputCode, Max: 8, Group: 4}, "48190", 40, " › 4 8 1 9   0 _ _ _", 15},
		{kit.Input{Mode: kit.InputCode, Max: 6, Group: 3}, "481", 40, " › 4 8 1   _ _ _", 11},
		{kit.Input{Mode: kit.InputCode, Max: 6}, "481901", 40, " › 4 8 1 9 0 1", 15},
		{kit.Input{Mode: kit.InputCode, Max: 8}, "481", 14, " › 481_____", 6},
		{kit.Input{Mode: kit.InputCode, Max: 8}, "481", 6, " › 48", 6},
	} {
		c.in.Set(c.text)
		if got := drawn(&c.in, c.w, 1)[0]; got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
		if x, y, _ := c.in.Cursor(c.w, 1); x != c.x || y != 0 {
			t.Errorf("%q: cursor at %d,%d, want %d", c.want, x, y, c.x)
		}
	}
}

func TestTheCursorIsAlwaysInSight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, keys, want string
		x                int
	}{
		{"jane", "", " › jane", 7},
		{"jane.doe@corp.example", "", " › …p.example", 13},
		{"jane.doe@corp.example", "left left", " › …orp.examp…", 13},
		{"jane.doe@corp.example", "home", " › jane.doe@c…", 3},
		{"漢字漢字漢字漢字", "", " › …漢字漢字", 12},
		{"", "", " › find", 3},
	} {
		in := kit.Input{Placeholder: "find"}
		in.Set(c.text)
		for _, k := range keystrokes(c.keys) {
			in.Update(k)
		}
		x, _, ok := in.Cursor(15, 1)
		if !ok || x >= 15 {
			t.Errorf("%q: cursor at %d", c.text, x)
		}
		if got := drawn(&in, 15, 1)[0]; got != c.want || x != c.x {
			t.Errorf("got %q with the cursor at %d, want %q at %d", got, x, c.want, c.x)
		}
	}
	blurred := kit.Input{Blurred: true}
	if _, _, ok := blurred.Cursor(15, 1); ok {
		t.Error("a field without focus has a cursor")
	}
}

func TestAPasswordIsNeitherShownNorKept(t *testing.T) {
	t.Parallel()
	in := kit.Input{Mode: kit.InputPassword, Theme: mustTheme(t, theme.Options{Name: theme.None, Glyphs: theme.GlyphsASCII})}
	in.Insert("correct horse\n")
	if got := drawn(&in, 40, 1)[0]; got != " > *************" {
		t.Errorf("got %q", got)
	}
	for _, s := range []string{fmt.Sprint(in), fmt.Sprintf("%+v %#v %s", in, in, &in), logged(in), logged(&in)} {
		if strings.Contains(s, "horse") || strings.Contains(s, "104 111 114") {
			t.Errorf("the password is in %q", s)
		}
	}
	if in.Value() != "correct horse" {
		t.Errorf("value %q", in.Value())
	}
	in.Clear()
	if in.Value() != "" || in.Len() != 0 {
		t.Error("the field is not empty")
	}
}

func logged(v any) string {
	var b strings.Builder
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "input", v)
	return b.String()
}
