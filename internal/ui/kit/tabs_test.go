package kit_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

func lists(th *theme.Theme) *kit.Tabs {
	return &kit.Tabs{Theme: th, Items: []kit.Tab{{ID: "a", Label: "locked"}, {ID: "b", Label: "disabled", Off: true}, {ID: "c", Label: "必须更改"}}}
}

func TestTheChosenTabIsSeenWithoutColour(t *testing.T) {
	t.Parallel()
	tabs := lists(mustTheme(t, theme.Options{Name: theme.None}))
	if got, want := tabs.View(60, 1)[0], " [locked]  disabled   必须更改"; strings.TrimRight(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestArrowsMoveTheChoiceAndStopAtTheEnds(t *testing.T) {
	t.Parallel()
	tabs := lists(mustTheme(t, theme.Options{Name: theme.None}))
	left, right := tea.KeyPressMsg{Code: tea.KeyLeft}, tea.KeyPressMsg{Code: tea.KeyRight}
	if tabs.Update(left) {
		t.Error("there is nothing left of the first")
	}
	for range 2 {
		if !tabs.Update(right) {
			t.Error("right was not used")
		}
	}
	if tabs.Chosen != 2 || tabs.Update(right) || tabs.Update(tea.KeyPressMsg{Code: 'x', Text: "x"}) {
		t.Errorf("chosen %d, or a key was used that leads nowhere", tabs.Chosen)
	}
}

func TestTheChosenTabIsSeenInANarrowWindow(t *testing.T) {
	t.Parallel()
	tabs := lists(mustTheme(t, theme.Options{Name: theme.None}))
	tabs.Chosen, tabs.Label = 2, "in"
	for w := 16; w < 60; w++ {
		if got := tabs.View(w, 1)[0]; !strings.Contains(got, "[必须更改]") {
			t.Errorf("at %d cells: %q", w, got)
		}
	}
}

func TestTabsFitEveryWidth(t *testing.T) {
	t.Parallel()
	tabs := lists(mustTheme(t, theme.Options{}))
	for w := range 60 {
		for chosen := -1; chosen < 4; chosen++ {
			tabs.Chosen = chosen
			lines := tabs.View(w, 1)
			if len(lines) != 1 || theme.Width(lines[0]) > w {
				t.Fatalf("width %d, chosen %d: %q", w, chosen, lines)
			}
		}
	}
}
