package kit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// field is what an input should be: text before and behind the cursor.
type field struct{ before, after string }

// apply does what a keystroke means, for plain letters and blanks.
func (f *field) apply(stroke string) {
	switch stroke {
	case "left":
		if n := len(f.before); n > 0 {
			f.after = f.before[n-1:] + f.after
			f.before = f.before[:n-1]
		}
	case "right":
		if f.after != "" {
			f.before += f.after[:1]
			f.after = f.after[1:]
		}
	case "home":
		f.before, f.after = "", f.before+f.after
	case "end":
		f.before, f.after = f.before+f.after, ""
	case "backspace":
		f.before = f.before[:max(0, len(f.before)-1)]
	case "delete":
		f.after = f.after[min(1, len(f.after)):]
	case "ctrl+u":
		f.before = ""
	case "ctrl+w":
		trimmed := strings.TrimRight(f.before, " ")
		f.before = trimmed[:strings.LastIndex(trimmed, " ")+1]
	case "space":
		f.before += " "
	default:
		f.before += stroke
	}
}

func TestAnInputBehavesLikeItsModel(t *testing.T) {
	t.Parallel()
	strokes := strings.Fields("j a n e space left right home end backspace delete ctrl+u ctrl+w")
	rapid.Check(t, func(rt *rapid.T) {
		in, want := &kit.Input{}, field{}
		for _, s := range rapid.SliceOfN(rapid.SampledFrom(strokes), 0, 40).Draw(rt, "strokes") {
			in.Update(press(s))
			want.apply(s)
			if in.Value() != want.before+want.after {
				rt.Fatalf("after %s it holds %q, want %q", s, in.Value(), want.before+want.after)
			}
			if x, _, ok := in.Cursor(100, 1); !ok || x != 3+len(want.before) {
				rt.Fatalf("after %s the cursor is in column %d, want %d", s, x, 3+len(want.before))
			}
		}
	})
}

// letters are identities of rows, in order.
func letters(t *rapid.T, name string) keyed {
	s := rapid.SliceOfNDistinct(rapid.StringMatching("[a-z]"), 0, 20, rapid.ID).Draw(t, name)
	slices.Sort(s)
	return keyed(s)
}

func TestEnterNeverHitsSomebodyElseAfterRowsArrived(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		before, after := letters(rt, "before"), letters(rt, "after")
		h := rapid.IntRange(1, 10).Draw(rt, "h")
		table := &kit.Table{Columns: oneColumn(), Rows: before}
		table.View(20, h)
		table.Select(rapid.IntRange(0, 30).Draw(rt, "selected"))
		i, ok := table.Selected()
		if !ok {
			return
		}
		chosen := before[i]
		table.Rows = after
		kept := table.Refresh()
		if want := slices.Contains(after, chosen); kept != want {
			rt.Fatalf("Refresh says %v about %q in %v", kept, chosen, after)
		}
		i, ok = table.Selected()
		if kept && after[i] != chosen {
			rt.Fatalf("%q was selected, now %q", chosen, after[i])
		}
		if pointed := strings.Contains(strings.Join(table.View(20, h), ""), "▸ "); pointed != ok {
			rt.Fatalf("a row is selected (%v) but the pointer is there (%v)", ok, pointed)
		}
	})
}

func TestADialogThatCameByItselfIsNotAnsweredByTypingAhead(t *testing.T) {
	t.Parallel()
	strokes := strings.Fields("enter esc r k a tab left right space x")
	rapid.Check(t, func(rt *rapid.T) {
		d, now := question(kit.OpenedByItself), noon()
		for _, s := range rapid.SliceOfN(rapid.SampledFrom(strokes), 1, 30).Draw(rt, "strokes") {
			now = now.Add(time.Duration(rapid.IntRange(0, 299).Draw(rt, "ms")) * time.Millisecond)
			if chosen, done := d.Update(press(s), now); done {
				rt.Fatalf("%s answered %q", s, chosen)
			}
		}
		if d.Focused() != "keep" {
			rt.Fatalf("the focus went to %q", d.Focused())
		}
	})
}

func TestADisabledButtonIsNeverChosen(t *testing.T) {
	t.Parallel()
	strokes := strings.Fields("enter r k a A tab shift+tab left right up down x")
	rapid.Check(t, func(rt *rapid.T) {
		d := question(kit.OpenedByOperator)
		for _, s := range rapid.SliceOfN(rapid.SampledFrom(strokes), 1, 30).Draw(rt, "strokes") {
			if chosen, done := d.Update(press(s), noon()); done {
				if chosen != "remove" && chosen != "keep" {
					rt.Fatalf("%s chose %q", s, chosen)
				}
				return
			}
		}
	})
}

func TestEveryToastIsShownForItsTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		q, n := &kit.Toasts{}, rapid.IntRange(1, 8).Draw(rt, "n")
		total := time.Duration(0)
		for i := range n {
			shown := time.Duration(rapid.IntRange(1, 9).Draw(rt, "s")) * time.Second
			total += shown
			q.Push(kit.Toast{Text: fmt.Sprint(i), For: shown}, noon())
		}
		end, seen := noon(), 0
		for next, ok := q.NextAt(); ok; next, ok = q.NextAt() {
			if q.Tick(next.Add(-1)) || !q.Tick(next) {
				rt.Fatal("the queue does not change when it says it will")
			}
			end = next
			seen++
		}
		if seen != n || !end.Equal(noon().Add(total)) {
			rt.Fatalf("%d of %d toasts until %v, want %v", seen, n, end, noon().Add(total))
		}
	})
}

func TestTheFooterKeepsItsPinnedKeysAndTheirOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		f := &kit.Footer{}
		pinned := rapid.IntRange(0, 11).Draw(rt, "pinned")
		for i := range 12 {
			k := string(rune('a' + i))
			f.Keys = append(f.Keys, kit.Binding{Keys: []string{k}, Label: strings.Repeat(k, 3), Pinned: i == pinned})
		}
		shown := strings.Fields(f.View(rapid.IntRange(7, 100).Draw(rt, "w"), 1)[0])
		if len(shown) > 14 || !slices.IsSorted(shown) {
			rt.Fatalf("the footer shows %v", shown)
		}
		if !slices.Contains(shown, strings.Repeat(string(rune('a'+pinned)), 3)) {
			rt.Fatalf("the pinned key is not in %v", shown)
		}
	})
}

func TestEverythingCanBeReadWithoutColour(t *testing.T) {
	t.Parallel()
	none := mustTheme(t, theme.Options{Name: theme.None})
	for _, name := range theme.Names() {
		th := mustTheme(t, theme.Options{Name: name})
		for _, s := range scenes() {
			plain, styled := drawn(s.view(none), s.w, s.h), s.view(th).View(s.w, s.h)
			for i := range styled {
				if got := strings.TrimRight(ansi.Strip(styled[i]), " "); got != plain[i] {
					t.Errorf("%s in %s, line %d: %q, without colour %q", s.name, name, i, got, plain[i])
				}
			}
		}
	}
}

func TestTheASCIIGlyphSetDrawsNothingElse(t *testing.T) {
	t.Parallel()
	th := mustTheme(t, theme.Options{Name: theme.None, Glyphs: theme.GlyphsASCII})
	table := long(th)
	table.Loading = "asking dc2.corp.example"
	blocks := []kit.Block{
		table, header(th, "Search", "Jane Doe", "Reset password"), &kit.Footer{Theme: th, Keys: cardKeys()}, headline(th), nextAction(th),
		state(th), unasked(th), form(th), steps(th), reveal(th, false), reveal(th, true), searchBox(th, ""),
		&kit.Split{Theme: th, Left: table, Right: state(th), LeftWidth: 30}, &kit.Scroll{Theme: th, Body: state(th)},
	}
	for i, b := range blocks {
		for _, w := range []int{12, 30, 80} {
			for _, l := range b.View(w, 9) {
				if j := strings.IndexFunc(l, func(r rune) bool { return r > 0x7e }); j >= 0 {
					t.Errorf("block %d draws %q in %q", i, l[j:], l)
				}
			}
		}
	}
}
