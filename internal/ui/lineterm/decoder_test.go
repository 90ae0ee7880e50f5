package lineterm

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
)

// told names what the messages say, so that they can be compared.
func told(messages []tea.Msg) []string {
	var names []string
	for _, msg := range messages {
		switch msg := msg.(type) {
		case tea.KeyPressMsg:
			names = append(names, msg.String())
		case tea.PasteMsg:
			names = append(names, fmt.Sprintf("paste %q", msg.Content))
		default:
			names = append(names, fmt.Sprintf("%T", msg))
		}
	}
	return names
}

func TestEveryKeyArrivesUnderItsName(t *testing.T) {
	t.Parallel()
	for _, key := range []string{
		"a", "Z", "?", "ü", "漢", "enter", "tab", "shift+tab", "space", "backspace", "esc", "delete", "insert",
		"up", "down", "left", "right", "home", "end", "pgup", "pgdown", "shift+up", "ctrl+left", "alt+right", "ctrl+shift+end",
		"f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12", "shift+f5",
		"ctrl+a", "ctrl+c", "ctrl+k", "ctrl+l", "ctrl+z", "ctrl+space", "alt+x",
	} {
		sequence, err := termtest.Sequence(key)
		if err != nil {
			t.Fatal(err)
		}
		var d decoder
		if got := told(d.feed([]byte(sequence))); !slices.Equal(got, []string{key}) {
			t.Errorf("%q came as %q", key, got)
		}
		if d.waiting() {
			t.Errorf("after %q something is held back", key)
		}
	}
}

func TestOldTerminalsAreUnderstood(t *testing.T) {
	t.Parallel()
	for sequence, want := range map[string]string{
		"\x1bOA": "up", "\x1bOH": "home", "\x1b[1~": "home", "\x1b[4~": "end", "\x1b[7~": "home", "\x1b[8~": "end",
		"\x1b[11~": "f1", "\x1b[[A": "f1", "\x1b[a": "shift+up", "\x1bOa": "ctrl+up", "\x1b[3$": "shift+delete", "\x1b[3^": "ctrl+delete", "\x1b\x1b[A": "alt+up",
		"\x1b[[E": "f5", "\n": "ctrl+j", "\b": "ctrl+h", "\x1b\r": "alt+enter", "\x1bOM": "enter",
	} {
		var d decoder
		if got := told(append(d.feed([]byte(sequence)), d.expire()...)); !slices.Equal(got, []string{want}) {
			t.Errorf("%q came as %q, want %q", sequence, got, want)
		}
	}
}

func TestALoneEscapeIsTheKeyWhenNothingFollows(t *testing.T) {
	t.Parallel()
	var d decoder
	if got := d.feed([]byte("x\x1b")); !slices.Equal(told(got), []string{"x"}) || !d.waiting() {
		t.Fatalf("it came as %q", told(got))
	}
	if got := d.expire(); !slices.Equal(told(got), []string{"esc"}) || d.waiting() {
		t.Errorf("it came as %q", told(got))
	}
}

func TestAPasteIsOneMessageAndNothingInItIsAKey(t *testing.T) {
	t.Parallel()
	var d decoder
	got := told(d.feed([]byte("a\x1b[200~x\r\x03\x1b[A\x1b[200~ü\xff\x1b[201~b")))
	if want := []string{"a", `paste "x\r\x03\x1b[A\x1b[200~ü�"`, "b"}; !slices.Equal(got, want) {
		t.Errorf("it came as %q, want %q", got, want)
	}
}

func TestAHugePasteIsCut(t *testing.T) {
	t.Parallel()
	var d decoder
	d.feed([]byte(pasteBegin))
	for range 1000 {
		if got := d.feed([]byte(strings.Repeat("x", 1000))); len(got) > 0 {
			t.Fatalf("it came as %q", told(got))
		}
		if d.waiting() || len(d.rest) > len(pasteEnd) || cap(d.paste) > 4*maxPaste {
			t.Fatalf("it holds %d bytes of which %d are undecoded", cap(d.paste), len(d.rest))
		}
	}
	got := d.feed([]byte(pasteEnd + "b"))
	paste, ok := got[0].(tea.PasteMsg)
	if !ok || len(paste.Content) != maxPaste || len(got) != 2 {
		t.Errorf("%d bytes came in %d messages", len(paste.Content), len(got))
	}
}

func TestAnEndlessSequenceIsForgotten(t *testing.T) {
	t.Parallel()
	for _, begin := range []string{"\x1b]52;c;", "\x1bP", "\x1b_", "\x1b[1;"} {
		var d decoder
		for range 100 {
			d.feed([]byte(begin + strings.Repeat("1", 1000)))
			if len(d.rest) > maxSequence {
				t.Fatalf("%q: it holds %d bytes", begin, len(d.rest))
			}
		}
	}
}

func TestAClientCannotSpeakForTheSession(t *testing.T) {
	t.Parallel()
	for name, sequence := range map[string]string{
		"clipboard":        "\x1b]52;c;eA==\x1b\\",
		"size":             "\x1b[48;10;10;100;100t",
		"version":          "\x1bP>|evil\x1b\\",
		"capability":       "\x1bP1+r524742\x1b\\",
		"mode":             "\x1b[?2026;2$y",
		"cursor":           "\x1b[?3;4R",
		"device":           "\x1b[?62c",
		"key release":      "\x1b[97;1:3u",
		"foreground":       "\x1b]10;rgb:00/00/00\x1b\\",
		"end of no paste":  "\x1b[201~",
		"not utf-8":        "\xff\xfe\xc3\x28",
		"unknown sequence": "\x1b[99;99;99x",
	} {
		var d decoder
		got := told(append(slices.Clone(d.feed([]byte(sequence))), d.expire()...))
		got = slices.DeleteFunc(got, func(name string) bool { return name == "(" })
		if len(got) > 0 {
			t.Errorf("%s came as %q", name, got)
		}
	}
}

func TestItDoesNotMatterHowInputIsCut(t *testing.T) {
	t.Parallel()
	const typed = "jäné漢字👩‍👩‍👧\r\x1b[A\x1b[1;5C\x1bOP\x1b[21~\x1bx\x1b[200~paste\x1b[A\x1b[201~\x1b[<0;3;2M\x1b[<0;3;2m\x1b[I\x0b\x1b]11;rgb:1111/2222/3333\x1b\\end"
	var whole decoder
	want := told(whole.feed([]byte(typed)))
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var d decoder
		var got []string
		for rest := typed; rest != ""; {
			n := 1 + r.IntN(min(len(rest), 9))
			got = append(got, told(d.feed([]byte(rest[:n])))...)
			rest = rest[n:]
		}
		if g, w := strings.Join(got, " "), strings.Join(want, " "); joined(g) != joined(w) {
			t.Fatalf("cut up it came as\n%s, whole as\n%s", g, w)
		}
	}
}

// joined forgets where text was cut between keys: a grapheme of several runes
// is one key or several.
func joined(keys string) string {
	return strings.ReplaceAll(strings.ReplaceAll(keys, " ", ""), "\u200d", "")
}

func FuzzDecoder(f *testing.F) {
	for _, seed := range []string{"abc", "\x1b[A", "\x1b[200~x\x1b[201~", "\x1b]11;rgb:0/0/0\a", "\x1bP\x1b\\", "\xc3\x28", "\x1b[<0;1;1M", "\x1b[M   "} {
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, in []byte, cut int) {
		var d decoder
		cut = max(0, min(cut, len(in)))
		messages := slices.Concat(d.feed(in[:cut]), d.feed(in[cut:]), d.expire())
		if d.waiting() || len(d.rest) > maxSequence {
			t.Errorf("%d bytes are left", len(d.rest))
		}
		for _, msg := range messages {
			if paste, ok := msg.(tea.PasteMsg); ok && !utf8.ValidString(paste.Content) {
				t.Errorf("a paste is not UTF-8: %q", paste.Content)
			}
		}
	})
}
