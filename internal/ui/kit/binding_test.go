package kit_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

func someMap() kit.KeyMap {
	return kit.KeyMap{
		{ID: "open", Keys: []string{"enter"}, Label: "open"},
		{ID: "reset", Keys: []string{"r"}, Label: "reset"},
		{ID: "refresh", Keys: []string{"R", "f5"}, Label: "refresh", Hidden: true},
		{ID: "unlock", Keys: []string{"u"}, Label: "unlock", Disabled: "Level 2"},
		{ID: "palette", Keys: []string{"ctrl+k"}, Label: "all"},
		{ID: "mark", Keys: []string{"space"}, Label: "mark"},
		{ID: "help", Keys: []string{"?"}, Label: "help", Pinned: true},
	}
}

func TestLettersAreKeysOnlyWhileNothingIsTyped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stroke string
		typing bool
		want   string
	}{
		{"r", false, "reset"},
		{"r", true, ""},
		{"?", false, "help"},
		{"?", true, ""},
		{"space", false, "mark"},
		{"space", true, ""},
		{"enter", true, "open"},
		{"ctrl+k", true, "palette"},
		{"ctrl+k", false, "palette"},
		{"R", false, "refresh"},
		{"U", false, "unlock"},
		{"x", false, ""},
		{"X", false, ""},
		{"ctrl+r", false, ""},
	} {
		b, ok := someMap().Match(press(c.stroke), c.typing)
		if b.ID != c.want || ok != (c.want != "") {
			t.Errorf("%s (typing %v) is %q, want %q", c.stroke, c.typing, b.ID, c.want)
		}
	}
}

func TestADisabledKeyMatchesSoThatTheScreenCanSayWhy(t *testing.T) {
	t.Parallel()
	b, ok := someMap().Match(press("u"), false)
	if !ok || b.Enabled() || b.Disabled != "Level 2" {
		t.Errorf("got %+v, %v", b, ok)
	}
	if !b.Matches(tea.KeyPressMsg{Code: 'u', Text: "u"}) || b.Matches(press("r")) {
		t.Error("the binding does not know its keys")
	}
	if b, ok := someMap().Find("reset"); !ok || b.Label != "reset" {
		t.Errorf("Find gave %+v", b)
	}
	if _, ok := someMap().Find("nothing"); ok {
		t.Error("an unknown id was found")
	}
}

func TestTheFooterShowsAtMostSevenKeys(t *testing.T) {
	t.Parallel()
	f := &kit.Footer{}
	for _, k := range strings.Fields("a b c d e f g h i") {
		f.Keys = append(f.Keys, binding(k, k+k))
	}
	f.Keys = append(f.Keys, kit.Binding{Keys: []string{"?"}, Label: "help", Pinned: true})
	wantLines(t, drawn(f, 80, 1), " a aa   b bb   c cc   d dd   e ee   f ff   ? help")
	wantLines(t, drawn(f, 30, 1), " a aa   b bb   c cc   ? help")
	wantLines(t, drawn(f, 9, 1), " ? help")
	wantLines(t, drawn(f, 5, 1), " ? h…")
}

func TestADisabledKeyIsDimAndSaysWhoCan(t *testing.T) {
	t.Parallel()
	f := &kit.Footer{Theme: mustTheme(t, theme.Options{}), Keys: kit.KeyMap{{Keys: []string{"u"}, Label: "unlock", Disabled: "Level 2"}}}
	if got, want := f.View(80, 1)[0], " \x1b[38;5;245mu unlock (Level 2)\x1b[m"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	none := &kit.Footer{Keys: f.Keys}
	wantLines(t, drawn(none, 80, 1), " u unlock (Level 2)")
}

func TestKeysAreNamedAsPeopleKnowThem(t *testing.T) {
	t.Parallel()
	m := kit.KeyMap{{Keys: []string{"up", "down", "left", "right"}, Label: "move"}, {Keys: []string{"f10"}, Label: "lock", Disabled: "why"}, {Label: "nothing"}, binding("f", "find")}
	g := mustTheme(t, theme.Options{}).Glyphs()
	got := m.Rows(g, " ")
	want := []kit.HelpRow{{Keys: "↑ ↓ ← →", Label: "move"}, {Keys: "F10", Label: "lock", Disabled: "why"}, {Label: "nothing"}, {Keys: "f", Label: "find"}}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("row %d is %+v, want %+v", i, got[i], want[i])
		}
	}
	f := &kit.Footer{Keys: m}
	wantLines(t, drawn(f, 80, 1), " ↑ move   F10 lock (why)    nothing   f find")
	h := kit.Help(nil, []kit.KeyGroup{{Title: "KEYS", Keys: m[:2]}})
	wantLines(t, drawn(h, 80, 3), " KEYS", " ↑, ↓, ←, →  move", " F10         lock (why)")
}
