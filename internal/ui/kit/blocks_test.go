package kit_test

import (
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

func text(lines ...string) *kit.Lines {
	b := &kit.Lines{}
	for _, l := range lines {
		b.Lines = append(b.Lines, kit.Plain(l))
	}
	return b
}

func TestLabelsAreAsWideAsTheLongest(t *testing.T) {
	t.Parallel()
	c := &kit.Columns{Pairs: []kit.Pair{
		{Label: "a", Value: kit.Cell{Text: "one"}},
		{Label: "职务", Value: kit.Cell{Text: "locked", State: theme.StateBad}},
		{Label: "later", Pending: true},
	}}
	wantLines(t, drawn(c, 40, 3), " a      one", " 职务   ■ locked", " later  …")
	c.LabelWidth = 8
	wantLines(t, drawn(c, 40, 1), " a         one")
}

func TestAValueArrivesInThePlaceThatWasKept(t *testing.T) {
	t.Parallel()
	c := &kit.Columns{Pairs: []kit.Pair{{Label: "last seen", Pending: true}, {Label: "origin", Value: kit.Cell{Text: "embedded"}}}}
	before, height := drawn(c, 40, 2), c.Height(40)
	c.Pairs[0] = kit.Pair{Label: "last seen", Value: kit.Cell{Text: "08:55"}}
	after := drawn(c, 40, 2)
	if before[1] != after[1] || height != c.Height(40) || strings.Index(before[0], "…") != strings.Index(after[0], "08:55") {
		t.Errorf("before:\n%s\nafter:\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
}

func TestALongValueMayTakeSeveralLines(t *testing.T) {
	t.Parallel()
	c := &kit.Columns{Pairs: []kit.Pair{
		{Label: "class", Lines: 2, Value: kit.Cell{State: theme.StateWarn, Text: "guarded: a member of Domain Admins and on the list of VIPs"}},
		{Label: "cut", Value: kit.Cell{Text: "guarded: a member of Domain Admins"}},
	}}
	wantLines(t, drawn(c, 34, c.Height(34)),
		" class  ▲ guarded: a member of",
		"          Domain Admins and on t…",
		" cut    guarded: a member of Dom…")
}

func TestSectionsStandBesideEachOtherWhereThereIsRoom(t *testing.T) {
	t.Parallel()
	s := &kit.Sections{Items: []kit.Section{
		{Title: "STATE", Body: text("a", "b", "c")},
		{Title: "METHODS", Body: text("d"), Place: kit.PlaceRight},
		{Title: "RECENT", Body: text("e"), Place: kit.PlaceWide},
		{Body: text("f")},
	}}
	at := func(left, right string) string { return left + strings.Repeat(" ", 42-len(left)) + right }
	wantLines(t, drawn(s, 80, s.Height(80)), at(" STATE", " METHODS"), at(" a", " d"), " b", " c", "", " RECENT", " e", "", " f")
	wantLines(t, drawn(s, 60, s.Height(60)), " STATE", " a", " b", " c", "", " METHODS", " d", "", " RECENT", " e", "", " f")
	wantLines(t, drawn(s, 80, 2), at(" STATE", " METHODS"), at(" a", " d"))
}

func TestAStackCutsTheLastFirst(t *testing.T) {
	t.Parallel()
	s := &kit.Stack{Gap: 1, Blocks: []kit.Block{text("one"), text("two", "three"), text("four")}}
	if got := s.Height(20); got != 6 {
		t.Errorf("height %d", got)
	}
	for i, want := range []int{0, 2, 5, 7, 7} {
		if got := s.Top(20, i); got != want {
			t.Errorf("block %d begins on line %d, want %d", i, got, want)
		}
	}
	wantLines(t, drawn(s, 20, 7), " one", "", " two", " three", "", " four", "")
	wantLines(t, drawn(s, 20, 3), " one", "", " two")
	wantLines(t, drawn(s, 20, 1), " one")
}

func TestASplitDrawsItsRuleFromTopToBottom(t *testing.T) {
	t.Parallel()
	s := &kit.Split{Left: text("left", "a very long line"), Right: text("right"), LeftWidth: 9}
	wantLines(t, drawn(s, 20, 3), " left    │ right", " a very …│", "         │")
	if s.Height(20) != 2 {
		t.Errorf("height %d", s.Height(20))
	}
}

func TestAPageKeepsTheFooterOnTheLastLine(t *testing.T) {
	t.Parallel()
	p := &kit.Page{Header: text("head", "rule"), Body: text("body"), Footer: text("foot")}
	wantLines(t, drawn(p, 20, 6), " head", " rule", " body", "", "", " foot")
	wantLines(t, drawn(p, 20, 3), " head", " rule", " foot")
	wantLines(t, drawn(p, 20, 1), " head")
	if top, lines := p.BodyHeight(20, 6); top != 2 || lines != 2 || p.Height(20) != 5 {
		t.Errorf("body at %d with %d lines, height %d", top, lines, p.Height(20))
	}
}

func TestScrollingShowsEveryLineOnce(t *testing.T) {
	t.Parallel()
	s := &kit.Scroll{Body: text("1", "2", "3", "4", "5")}
	wantLines(t, drawn(s, 6, 2), " 1", " 2   ⋮")
	for _, c := range []struct{ key, first string }{
		{"down", "2"}, {"pgdown", "4"}, {"down", "4"}, {"up", "3"}, {"home", "1"}, {"up", "1"}, {"end", "4"}, {"pgup", "2"},
	} {
		if !s.Update(press(c.key)) {
			t.Errorf("%s was not used", c.key)
		}
		if got := s.View(6, 2)[0]; !strings.HasPrefix(got, " "+c.first) {
			t.Errorf("after %s the first line is %q, want %s", c.key, got, c.first)
		}
	}
	if s.Update(press("x")) {
		t.Error("x was used")
	}
	wantLines(t, drawn(s, 6, 5), " 1", " 2", " 3", " 4", " 5")
	if s.Height(6) != 5 {
		t.Errorf("height %d", s.Height(6))
	}
}

func TestBlocksOverBlocksKeepTheSize(t *testing.T) {
	t.Parallel()
	base := []string{"a", "b", "c", "d"}
	wantLines(t, kit.Overlay(base, []string{"X", "Y"}, 1), "a", "X", "Y", "d")
	wantLines(t, kit.Overlay(base, []string{"X", "Y"}, 9), "a", "b", "X", "Y")
	wantLines(t, kit.Overlay(base, []string{"1", "2", "3", "4", "5"}, -2), "1", "2", "3", "4")
	wantLines(t, base, "a", "b", "c", "d")
	wantLines(t, kit.Clamp([]string{"abcdef", "漢字"}, 3, 3), "abc", "漢", "")
	wantLines(t, kit.Centre([]string{"Too small.", "", "60x16 is needed."}, 20, 7), "", "  Too small.", "", "  60x16 is needed.", "", "", "")
}

func TestALineKnowsItsTextAndWidth(t *testing.T) {
	t.Parallel()
	l := kit.Line{{Token: theme.Bad, Text: "■"}, {Text: " 密码"}}
	if l.String() != "■ 密码" || l.Width() != 6 {
		t.Errorf("%q of %d cells", l.String(), l.Width())
	}
	if got := (&kit.Lines{Lines: []kit.Line{l}}).Height(80); got != 1 {
		t.Errorf("height %d", got)
	}
	b := &kit.Lines{Theme: mustTheme(t, theme.Options{}), Lines: []kit.Line{kit.Styled(theme.Bad, "x")}}
	if got := b.View(9, 1)[0]; got != " \x1b[1;38;5;210mx\x1b[m" {
		t.Errorf("got %q", got)
	}
}

func TestTheNextKeyComesFirstAndTheOthersGiveWay(t *testing.T) {
	t.Parallel()
	a := nextAction(nil)
	for w, want := range map[int]string{
		80: " ▸ Enter  hand the unlock to Level 2               r  reset instead    p  guide",
		62: " ▸ Enter  hand the unlock to Level 2         r  reset instead",
		40: " ▸ Enter  hand the unlock to Level 2",
		20: " ▸ Enter  hand the …",
	} {
		if got := drawn(a, w, 1)[0]; got != want {
			t.Errorf("at %d columns: %q, want %q", w, got, want)
		}
	}
	disabled := &kit.Actions{Next: kit.Binding{Keys: []string{"u"}, Label: "unlock", Disabled: "Level 2"}}
	wantLines(t, drawn(disabled, 40, 1), " ▸ u  unlock (Level 2)")
}

func TestAStatementWrapsItsSentences(t *testing.T) {
	t.Parallel()
	s := &kit.Statement{State: theme.StateBad, Text: "Locked since 09:12 after 5 wrong passwords.", Details: []string{"She can help herself."}, Code: "SSPR_0029"}
	wantLines(t, drawn(s, 30, s.Height(30)), " ■ Locked since 09:12 after 5", "   wrong passwords.", "   She can help herself.", "   SSPR_0029")
	none := &kit.Statement{Text: "Plain."}
	wantLines(t, drawn(none, 30, 1), "   Plain.")
}
