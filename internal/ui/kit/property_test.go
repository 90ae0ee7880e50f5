package kit_test

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// words generates text of every kind: wide, combining, hostile, empty, long.
func words() *rapid.Generator[string] {
	pieces := []string{
		"jane.doe", "Jane Doe", " ", "   ", "Finance", "a", "漢字", "多伊", "。", "한글", "🙂", "👩\u200d💻", "e\u0301", "ß",
		"☀\ufe0f", "\ufe0f", "\u200d", "\u0301", "\n", "\t", "\x1b[31m", "\x1b]52;c;x\a", "\u009b2J", "\u202e", "\xff", "…", "■",
		"A sentence that is a good deal longer than the place it stands in.",
	}
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 9).Draw(t, "pieces"), "")
	})
}

func someTheme(t *rapid.T) *theme.Theme {
	if rapid.IntRange(0, 9).Draw(t, "nil theme") == 0 {
		return nil
	}
	th, err := theme.New(theme.Options{
		Name:   rapid.SampledFrom(theme.Names()).Draw(t, "theme"),
		Glyphs: rapid.SampledFrom([]theme.GlyphSet{theme.GlyphsUnicode, theme.GlyphsASCII}).Draw(t, "glyphs"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return th
}

// specimen is a part with random content and everything one can do to it.
type specimen struct {
	block  kit.Block
	key    func(tea.KeyPressMsg)
	paste  func(string)
	cursor func(w, h int) (x, y int, ok bool)
}

func some[T any](t *rapid.T, name string, n int, one func() T) []T {
	out := make([]T, rapid.IntRange(0, n).Draw(t, name))
	for i := range out {
		out[i] = one()
	}
	return out
}

func someState(t *rapid.T) theme.State {
	return rapid.SampledFrom([]theme.State{
		theme.StateNone, theme.StateGood, theme.StateWarn, theme.StateBad, theme.StateOff, theme.StateUnknown, theme.StateBusy, theme.StateCurrent, "odd",
	}).Draw(t, "state")
}

func someCell(t *rapid.T) kit.Cell {
	return kit.Cell{Text: words().Draw(t, "cell"), State: someState(t), Token: theme.Token(rapid.IntRange(0, 20).Draw(t, "token"))}
}

func someKeys(t *rapid.T) kit.KeyMap {
	return some(t, "keys", 12, func() kit.Binding {
		return kit.Binding{
			ID: words().Draw(t, "id"), Label: words().Draw(t, "label"),
			Keys: some(t, "strokes", 3, func() string {
				return rapid.SampledFrom([]string{"enter", "r", "?", "ctrl+k", "f10", "up"}).Draw(t, "key")
			}),
			Disabled: rapid.SampledFrom([]string{"", "", "Level 2", "多伊"}).Draw(t, "disabled"),
			Hidden:   rapid.Bool().Draw(t, "hidden"), Pinned: rapid.Bool().Draw(t, "pinned"),
		}
	})
}

func someTable(t *rapid.T, th *theme.Theme) specimen {
	small := rapid.IntRange(-1, 30)
	table := &kit.Table{
		Theme: th, Static: rapid.Bool().Draw(t, "static"), Blurred: rapid.Bool().Draw(t, "blurred"),
		Empty: words().Draw(t, "empty"), Loading: words().Draw(t, "loading"), Note: words().Draw(t, "note"),
		Columns: some(t, "columns", 18, func() kit.Column {
			return kit.Column{
				Title: words().Draw(t, "title"), Min: small.Draw(t, "min"), Max: small.Draw(t, "max"), Flex: small.Draw(t, "flex") / 10,
				Priority: rapid.IntRange(0, 3).Draw(t, "priority"),
				Align:    rapid.SampledFrom([]kit.Align{kit.AlignLeft, kit.AlignRight}).Draw(t, "align"),
			}
		}),
	}
	if rapid.IntRange(0, 9).Draw(t, "rows") > 0 {
		table.Rows = rows(some(t, "rows", 40, func() []kit.Cell { return some(t, "cells", 6, func() kit.Cell { return someCell(t) }) }))
	}
	return specimen{block: table, key: func(k tea.KeyPressMsg) { table.Update(k) }}
}

func someInput(t *rapid.T, th *theme.Theme) kit.Input {
	in := kit.Input{
		Theme: th, Placeholder: words().Draw(t, "placeholder"), Blurred: rapid.Bool().Draw(t, "blurred"),
		Mode:  rapid.SampledFrom([]kit.InputMode{kit.InputText, kit.InputPassword, kit.InputCode}).Draw(t, "mode"),
		Max:   rapid.IntRange(-1, 300).Draw(t, "max"),
		Group: rapid.IntRange(-1, 5).Draw(t, "group"),
	}
	in.Set(words().Draw(t, "value"))
	return in
}

func someForm(t *rapid.T, th *theme.Theme) specimen {
	f := &kit.Form{Theme: th, Fields: some(t, "fields", 6, func() kit.Field {
		return kit.Field{
			ID: words().Draw(t, "id"), Label: words().Draw(t, "label"), Hint: words().Draw(t, "hint"), Problem: words().Draw(t, "problem"),
			Input: someInput(t, th), Check: func(s string) string { return s },
		}
	})}
	return specimen{block: f, key: func(k tea.KeyPressMsg) { f.Update(k) }, paste: func(s string) { f.Paste(s) }, cursor: f.Cursor}
}

func someDialog(t *rapid.T, th *theme.Theme) specimen {
	d := kit.NewDialog(kit.DialogOptions{
		Theme: th, Title: words().Draw(t, "title"), Now: noon(),
		Body:    some(t, "body", 4, func() string { return words().Draw(t, "line") }),
		Opening: rapid.SampledFrom([]kit.Opening{kit.OpenedByOperator, kit.OpenedByItself}).Draw(t, "opening"),
		Buttons: some(t, "buttons", 4, func() kit.Button {
			return kit.Button{
				ID: words().Draw(t, "id"), Label: words().Draw(t, "label"), Key: rapid.SampledFrom([]string{"", "r", "x"}).Draw(t, "key"),
				Danger: rapid.Bool().Draw(t, "danger"), Disabled: rapid.SampledFrom([]string{"", "Level 2"}).Draw(t, "disabled"),
			}
		}),
	})
	return specimen{block: d, key: func(k tea.KeyPressMsg) { d.Update(k, noon().Add(time.Hour)); d.Keys() }}
}

func someReveal(t *rapid.T, th *theme.Theme) specimen {
	secret := words().Draw(t, "secret")
	r := &kit.Reveal{
		Theme: th, Label: words().Draw(t, "label"), Hint: words().Draw(t, "hint"),
		Secret: func() string { return secret }, Spell: func(r rune) string { return "spelled " + string(r) },
	}
	return specimen{block: r, key: func(tea.KeyPressMsg) { r.Show(noon()); r.Spelling(rapid.Bool().Draw(t, "spelling")) }}
}

func someToasts(t *rapid.T, th *theme.Theme) specimen {
	q := &kit.Toasts{Theme: th}
	return specimen{block: q, key: func(tea.KeyPressMsg) {
		q.Push(kit.Toast{Text: words().Draw(t, "toast"), State: someState(t), For: time.Second}, noon())
		q.Tick(noon().Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "s")) * time.Second))
	}}
}

func someText(t *rapid.T, th *theme.Theme) specimen {
	texts := func() []string { return some(t, "texts", 4, func() string { return words().Draw(t, "text") }) }
	switch rapid.IntRange(0, 6).Draw(t, "text part") {
	case 0:
		return specimen{block: &kit.Header{Theme: th, Crumbs: texts(), Operator: texts(), Status: some(t, "status", 3, func() kit.Cell { return someCell(t) })}}
	case 1:
		return specimen{block: &kit.Footer{Theme: th, Keys: someKeys(t)}}
	case 2:
		return specimen{block: &kit.Statement{Theme: th, State: someState(t), Text: words().Draw(t, "text"), Details: texts(), Code: words().Draw(t, "code")}}
	case 3:
		return specimen{block: &kit.Actions{Theme: th, Next: kit.Binding{Label: words().Draw(t, "next")}, Others: someKeys(t)}}
	case 4:
		return specimen{block: &kit.Stepper{Theme: th, Steps: some(t, "steps", 5, func() kit.Step {
			s := rapid.SampledFrom([]kit.StepState{kit.StepWaiting, kit.StepCurrent, kit.StepDone, kit.StepFailed, "odd"}).Draw(t, "state")
			return kit.Step{Label: words().Draw(t, "label"), State: s, Word: words().Draw(t, "word"), Detail: words().Draw(t, "detail")}
		})}}
	case 5:
		return specimen{block: kit.Help(th, []kit.KeyGroup{{Title: words().Draw(t, "title"), Keys: someKeys(t)}, {Keys: someKeys(t)}})}
	default:
		return specimen{block: &kit.Columns{Theme: th, LabelWidth: rapid.IntRange(-3, 40).Draw(t, "width"), Pairs: some(t, "pairs", 9, func() kit.Pair {
			return kit.Pair{Label: words().Draw(t, "label"), Value: someCell(t), Pending: rapid.Bool().Draw(t, "pending"), Lines: rapid.IntRange(-1, 4).Draw(t, "lines")}
		})}}
	}
}

func someArrangement(t *rapid.T, th *theme.Theme, depth int) specimen {
	part := func() kit.Block { return somePart(t, th, depth-1).block }
	switch rapid.IntRange(0, 4).Draw(t, "arrangement") {
	case 0:
		return specimen{block: &kit.Stack{Theme: th, Gap: rapid.IntRange(-1, 3).Draw(t, "gap"), Blocks: some(t, "blocks", 3, part)}}
	case 1:
		return specimen{block: &kit.Split{Theme: th, Left: part(), Right: part(), LeftWidth: rapid.IntRange(-5, 200).Draw(t, "left")}}
	case 2:
		s := &kit.Scroll{Theme: th, Body: part()}
		return specimen{block: s, key: func(k tea.KeyPressMsg) { s.Update(k) }}
	case 3:
		return specimen{block: &kit.Page{Theme: th, Header: part(), Body: part(), Footer: part()}}
	default:
		return specimen{block: &kit.Sections{Theme: th, Items: some(t, "items", 4, func() kit.Section {
			p := rapid.SampledFrom([]kit.Place{kit.PlaceLeft, kit.PlaceRight, kit.PlaceWide}).Draw(t, "place")
			return kit.Section{Title: words().Draw(t, "title"), Body: part(), Place: p}
		})}}
	}
}

func somePart(t *rapid.T, th *theme.Theme, depth int) specimen {
	n := 7
	if depth <= 0 {
		n = 6
	}
	switch rapid.IntRange(0, n).Draw(t, "part") {
	case 0, 1:
		return someTable(t, th)
	case 2:
		in := someInput(t, th)
		return specimen{block: &in, key: func(k tea.KeyPressMsg) { in.Update(k) }, paste: func(s string) { in.Insert(s) }, cursor: in.Cursor}
	case 3:
		return someForm(t, th)
	case 4:
		return someDialog(t, th)
	case 5:
		return someReveal(t, th)
	case 6:
		if rapid.Bool().Draw(t, "toast") {
			return someToasts(t, th)
		}
		return someText(t, th)
	default:
		return someArrangement(t, th, depth)
	}
}

// someKey is any key a terminal may send.
func someKey(t *rapid.T) tea.KeyPressMsg {
	code := rapid.SampledFrom([]rune{
		'a', 'r', 'R', '7', '٣', ' ', 'é', '漢', tea.KeyEnter, tea.KeyTab, tea.KeyBackspace, tea.KeyDelete, tea.KeyEscape, tea.KeyUp, tea.KeyDown,
		tea.KeyLeft, tea.KeyRight, tea.KeyHome, tea.KeyEnd, tea.KeyPgUp, tea.KeyPgDown, 'u', 'w', 'd', 'b', 'f', 'h', 'e', tea.KeyF1, tea.KeyExtended,
	}).Draw(t, "code")
	mod := rapid.SampledFrom([]tea.KeyMod{0, 0, 0, tea.ModCtrl, tea.ModAlt, tea.ModShift, tea.ModCtrl | tea.ModAlt}).Draw(t, "mod")
	k := tea.KeyPressMsg{Code: code, Mod: mod}
	if mod&^tea.ModShift == 0 && (code < tea.KeyExtended && code >= ' ' && code != 0x7f) {
		k.Text = string(code)
	}
	if code == tea.KeyExtended {
		k.Text = words().Draw(t, "text")
	}
	return k
}

func checkBlock(t *rapid.T, lines []string, w, h int) {
	if len(lines) != h {
		t.Fatalf("%d lines, want %d", len(lines), h)
	}
	for _, l := range lines {
		if n := theme.Width(l); n > w {
			t.Fatalf("line %q has %d cells of %d", l, n, w)
		}
		if plain := ansi.Strip(l); theme.Clean(plain, "") != plain {
			t.Fatalf("line %q lets a control character through", l)
		}
	}
}

func TestEveryPartFillsExactlyItsPlaceWhateverItHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := somePart(rt, someTheme(rt), 2)
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			w, h := rapid.IntRange(0, 400).Draw(rt, "w"), rapid.IntRange(0, 200).Draw(rt, "h")
			if rapid.Bool().Draw(rt, "small") {
				w, h = w/10, h/20
			}
			checkBlock(rt, s.block.View(w, h), w, h)
			if s.block.Height(w) < 0 {
				rt.Fatalf("height %d", s.block.Height(w))
			}
			if s.cursor != nil {
				if x, y, ok := s.cursor(w, h); ok && (x < 0 || x >= w || y < 0 || y >= h) {
					rt.Fatalf("the cursor stands at %d,%d of %dx%d", x, y, w, h)
				}
			}
			if s.key != nil {
				s.key(someKey(rt))
			}
			if s.paste != nil && rapid.IntRange(0, 3).Draw(rt, "paste") == 0 {
				s.paste(words().Draw(rt, "pasted"))
			}
		}
	})
}

func TestDrawingTwiceDrawsTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := somePart(rt, someTheme(rt), 1)
		if s.key != nil {
			s.key(someKey(rt))
		}
		first := strings.Join(s.block.View(80, 24), "\n")
		s.block.View(33, 7)
		if again := strings.Join(s.block.View(80, 24), "\n"); again != first {
			rt.Fatalf("first:\n%s\nthen:\n%s", first, again)
		}
	})
}

func TestScenesFillEverySize(t *testing.T) {
	t.Parallel()
	th := mustTheme(t, theme.Options{Glyphs: theme.GlyphsASCII})
	for _, s := range scenes() {
		for w := 0; w <= 400; w += 7 {
			for _, h := range []int{0, 1, 2, 3, 5, 16, 24, 60, 200} {
				lines := s.view(th).View(w, h)
				if len(lines) != h {
					t.Fatalf("%s at %dx%d has %d lines", s.name, w, h, len(lines))
				}
				for _, l := range lines {
					if theme.Width(l) > w {
						t.Fatalf("%s at %dx%d: %q is too wide", s.name, w, h, l)
					}
				}
			}
		}
	}
}
