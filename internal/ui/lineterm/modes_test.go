package lineterm_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
)

// modesLeftOn names the private modes a stream changed and did not put back. A
// terminal starts with wrapping (7) and the cursor (25) on.
func modesLeftOn(raw []byte) string {
	modes := map[string]bool{"7": true, "25": true}
	for _, m := range regexp.MustCompile(`\x1b\[\?(\d+)([hl])`).FindAllStringSubmatch(string(raw), -1) {
		modes[m[1]] = m[2] == "h"
	}
	maps.DeleteFunc(modes, func(mode string, on bool) bool { return on == (mode == "7" || mode == "25") })
	return strings.Join(slices.Sorted(maps.Keys(modes)), " ")
}

func TestModesAreLeftAsTheyWereWhereverAProgramEnds(t *testing.T) {
	t.Parallel()
	for _, last := range []int{1, 2, 3} {
		drawn := 0
		m := &model{
			update: func(tea.Msg) tea.Cmd { return tea.RequestWindowSize },
			view: func() tea.View {
				if drawn++; drawn > last {
					panic("enough")
				}
				v := tea.NewView(strings.Repeat("x\n", drawn))
				v.ReportFocus, v.MouseMode = drawn%2 == 0, tea.MouseMode(drawn%3)
				return v
			},
		}
		s := start(t, m, lineterm.Options{})
		if err := s.end(); err == nil {
			t.Error("it did not panic")
		}
		if left := modesLeftOn(s.Raw()); left != "" {
			t.Errorf("after %d frames modes were left on: %s", last, left)
		}
	}
}

func TestMouseAndFocusReachTheModelAndItsView(t *testing.T) {
	t.Parallel()
	n := &notepad{}
	m := &model{
		update: func(msg tea.Msg) tea.Cmd {
			switch msg := msg.(type) {
			case tea.MouseClickMsg:
				n.text += "click at " + msg.String() + " "
			case tea.FocusMsg:
				n.text += "focus "
			case tea.BlurMsg:
				n.text += "blur "
			case note:
				n.text += string(msg)
			}
			return nil
		},
		view: func() tea.View {
			v := n.View()
			v.MouseMode, v.ReportFocus = tea.MouseModeCellMotion, true
			v.OnMouse = func(msg tea.MouseMsg) tea.Cmd { return say("seen") }
			return v
		},
	}
	s := start(t, m, lineterm.Options{})
	s.see("note:")
	if err := s.Type("\x1b[I\x1b[O\x1b[<0;3;2M"); err != nil {
		t.Fatal(err)
	}
	s.see("focus blur click at left seen")
}

func TestTheResetSequenceUndoesEverything(t *testing.T) {
	t.Parallel()
	on := "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[?1002h\x1b[?1003h\x1b[?1006h\x1b[?1004h\x1b[?2004h\x1b[?2026h\x1b[6 q"
	if left := modesLeftOn([]byte(on)); left != "1002 1003 1004 1006 1049 2004 2026 25 7" {
		t.Fatalf("on are only %s", left)
	}
	if left := modesLeftOn([]byte(on + lineterm.ResetSequence)); left != "" {
		t.Errorf("modes were left on: %s", left)
	}
	if err := termtest.Oracle([]byte(lineterm.ResetSequence)); err != nil {
		t.Error(err)
	}
	s := termtest.NewScreen(10, 2)
	defer s.Close()
	_, _ = s.Write([]byte(on + lineterm.ResetSequence))
	if f := s.Frame(); f.AltScreen || !f.Cursor.Visible || f.Cursor.Shape != termtest.Block {
		t.Errorf("the terminal is left as %+v", f)
	}
}
