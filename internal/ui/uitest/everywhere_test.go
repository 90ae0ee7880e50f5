package uitest_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

// scene leads to one screen in one state.
type scene struct {
	name  string
	actor core.Actor
	act   func(*uitest.Driver)
}

func press(keys ...string) func(*uitest.Driver) {
	return func(d *uitest.Driver) { d.Press(keys...) }
}

func find(login string, keys ...string) func(*uitest.Driver) {
	return func(d *uitest.Driver) { d.Type(login).Press("enter").Press(keys...) }
}

// scenes are every looking screen, in the states that differ in what they draw.
func scenes() []scene {
	l1, l2 := coretest.L1(), coretest.L2()
	return []scene{
		{"home", l2, press()},
		{"home, in the list", l2, press("down")},
		{"home, of an auditor", coretest.Auditor(), press()},
		{"found", l1, func(d *uitest.Driver) { d.Type("jane") }},
		{"nobody found", l1, func(d *uitest.Driver) { d.Type("zzz") }},
		{"too short", l1, func(d *uitest.Driver) { d.Type("z") }},
		{"a directory is down", l1, func(d *uitest.Driver) {
			d.Stage.Corp.Fail("Search", 0, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
			d.Type("jane")
		}},
		{"card, locked", l1, find("jane.doe")},
		{"card, locked, Level 2", l2, find("jane.doe")},
		{"card, guide", l1, find("jane.doe", "enter")},
		{"card, guide of another", l1, find("priya", "enter")},
		{"card, expired", l1, find("omar")},
		{"card, disabled", l1, find("sam.rivers")},
		{"card, guarded", l2, find("ada.admin")},
		{"card, guarded, by an administrator", coretest.Admin(), find("kofi")},
		{"card, one's own", l1, find("ann.lee")},
		{"card, service", l2, find("svc")},
		{"card, malformed phone", l2, find("li.wei")},
		{"card, scrolled", l2, find("jane.doe", "end")},
		{"card, which value", l2, find("jane.doe", "e")},
		{"card, unreadable", l1, func(d *uitest.Driver) {
			d.Stage.Cloud.Fail("Account", 0, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
			find("jane.doe")(d)
		}},
		{"locked", l1, press("f3")},
		{"must change, with the command", l1, press("f3", "right", "right", "right", "right", "x")},
		{"idle, elsewhere", l1, press("f3", "d", "right", "right", "right", "right", "right")},
		{"trail", l2, press("f4")},
		{"trail, of an auditor", coretest.Auditor(), press("f4", "down", "a")},
		{"trail, system", coretest.Admin(), press("f4", "right", "right", "right", "right", "right")},
		{"cases, mine", l2, press("f2")},
		{"cases, waiting", l2, press("f2", "right")},
		{"cases, closed", l2, press("f2", "c", "enter", "right", "right")},
		{"cases, chooser", l2, press("f2", "c")},
		{"case, mine", l2, press("f2", "enter")},
		{"case, waiting", l2, press("f2", "right", "enter")},
		{"case, of a colleague", l1, func(d *uitest.Driver) { d.Open(screen.Case, screen.CaseParams{Number: 3}) }},
		{"health", l1, press("f5")},
		{"help", l2, find("jane.doe", "f1")},
		{"palette", l2, press("ctrl+k")},
	}
}

func draw(t *testing.T, s scene, o uitest.Options) uitest.Frame {
	t.Helper()
	o.Stage, o.Actor = uitest.Queue(t), s.actor
	o.Stubs = []screen.Route{screen.Operate, screen.Verify, screen.HandOff, screen.Reveal}
	d := uitest.NewDriver(t, o)
	s.act(d)
	return d.Frame()
}

func TestEveryStateIsReadWithoutColour(t *testing.T) {
	t.Parallel()
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			plain := draw(t, s, uitest.Options{Theme: theme.None})
			for _, l := range plain.Lines {
				if l != ansi.Strip(l) {
					t.Fatalf("an escape sequence without a colour: %q", l)
				}
			}
			for _, name := range theme.Names() {
				if got := draw(t, s, uitest.Options{Theme: name}).Text(); got != plain.Text() {
					t.Errorf("%s says something else than no colour:\n%s\n%s", name, got, plain.Text())
				}
			}
		})
	}
}

func TestTheASCIIGlyphsAreEnough(t *testing.T) {
	t.Parallel()
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			f := draw(t, s, uitest.Options{Glyphs: theme.GlyphsASCII, W: 140, H: 45})
			for _, r := range f.Text() {
				ours := r > unicode.MaxASCII && !strings.ContainsRune("•“”", r) // masks and quotation marks are text
				if ours {
					t.Fatalf("%q is drawn:\n%s", r, f.Text())
				}
			}
		})
	}
}

func TestAChineseScreenSaysNothingInEnglish(t *testing.T) {
	t.Parallel()
	english := sayings(text.English)
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			f := draw(t, s, uitest.Options{Language: text.Chinese, W: 140, H: 45})
			for id, words := range english {
				if f.Contains(words) {
					t.Errorf("%s is said in English (%q):\n%s", id, words, f.Text())
				}
			}
		})
	}
}

// sayings are the entries without fields that are long enough not to be a name or a code, and that Chinese says otherwise.
func sayings(lang text.Language) map[string]string {
	out := map[string]string{}
	en, zh := text.Printer{Lang: lang}, text.Printer{Lang: text.Chinese}
	for _, id := range text.IDs(lang) {
		fields, _ := text.Fields(lang, id)
		words := en.Label(id)
		if len(fields) == 0 && len(words) >= 9 && strings.Contains(words, " ") && words != zh.Label(id) {
			out[id] = words
		}
	}
	return out
}

func TestTheNextKeyIsAlwaysOnTheScreen(t *testing.T) {
	t.Parallel()
	for _, size := range uitest.Sizes() {
		for _, s := range scenes() {
			t.Run(s.name+" "+size.String(), func(t *testing.T) {
				t.Parallel()
				f := draw(t, s, uitest.Options{W: size.W, H: size.H})
				footer := f.Text()[strings.LastIndex(strings.TrimRight(f.Text(), "\n"), "\n")+1:]
				if !strings.Contains(footer, "? help") && !strings.Contains(footer, "F1 help") {
					t.Errorf("the footer does not name the help: %q", footer)
				}
				if keys := strings.Count(strings.TrimSpace(footer), "   ") + 1; keys > 7 {
					t.Errorf("%d keys in the footer: %q", keys, footer)
				}
			})
		}
	}
}

func TestNothingIsCutInTheHeadlineOrTheNextKeyOfACard(t *testing.T) {
	t.Parallel()
	for _, lang := range text.Languages() {
		for _, s := range scenes() {
			if !strings.HasPrefix(s.name, "card") {
				continue
			}
			t.Run(s.name+" "+string(lang), func(t *testing.T) {
				t.Parallel()
				f := draw(t, s, uitest.Options{Language: lang})
				for _, l := range strings.Split(f.Text(), "\n")[2:6] {
					if strings.HasSuffix(l, "…") && strings.TrimSpace(l) != "…" {
						t.Errorf("cut: %q", l)
					}
				}
			})
		}
	}
}

func TestWhatIsSaidFitsTheNarrowestTerminalInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, lang := range text.Languages() {
		for _, s := range scenes() {
			draw(t, s, uitest.Options{Language: lang, W: 60, H: 16}) // Frame fails the test when a line is too wide
		}
	}
}
