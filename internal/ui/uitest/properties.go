package uitest

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// widths and heights are the sizes at which a screen is drawn: the smallest, the limits of the layouts, the largest a terminal may have.
func widths() []int {
	return []int{0, 1, 2, 3, 4, 7, 11, 17, 25, 39, 52, 59, 60, 61, 71, 72, 79, 80, 81, 87, 99, 100, 101, 139, 140, 199, 300, 399, 400}
}

func heights() []int {
	return []int{0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 15, 16, 17, 20, 23, 24, 41, 100, 199, 200}
}

// FitsEverywhere draws a screen at every sampled size, and for each checks that it has exactly as many lines as it was given, none too wide,
// and its cursor inside.
func FitsEverywhere(t *testing.T, s screen.Screen) {
	t.Helper()
	for _, w := range widths() {
		for _, h := range heights() {
			v := s.View(w, h)
			f := Frame{W: w, H: h, Lines: v.Lines}
			if v.Cursor != nil {
				f.Cursor = tea.NewCursor(v.Cursor.X, v.Cursor.Y)
			}
			if len(v.Lines) != h {
				t.Fatalf("%d lines at %dx%d", len(v.Lines), w, h)
			}
			if why := f.wrong(); why != "" {
				t.Fatalf("a view of %dx%d %s:\n%s", w, h, why, f.Text())
			}
		}
	}
}

// Survives sends a terminal random messages: keys, pastes, events, failures, results that nobody asked for, sizes. It must neither panic nor
// draw anything that does not fit.
func Survives(t *testing.T, d *Driver, seed uint64, messages int) {
	t.Helper()
	r := dice(seed)
	for range messages {
		if d.Quit() {
			return
		}
		msg := random(&r, d)
		if size, ok := msg.(tea.WindowSizeMsg); ok {
			d.w, d.h = size.Width, size.Height
		}
		d.Send(msg)
		d.Frame()
		if t.Failed() {
			t.Fatalf("after %T %v", msg, msg)
		}
	}
}

// dice is chance that is the same every time: a test that fails, fails again.
type dice uint64

// IntN is one of n numbers from 0 on (SplitMix64).
func (d *dice) IntN(n int) int {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

func random(r *dice, d *Driver) tea.Msg {
	switch n := r.IntN(20); {
	case n < 12:
		keys := keyNames()
		return Key(keys[r.IntN(len(keys))])
	case n == 12:
		return tea.PasteMsg{Content: []string{"jane", Hostile, "*)(uid=*", "大文", ""}[r.IntN(5)]}
	case n == 13:
		return screen.Event{Event: core.Event{Kind: []core.EventKind{core.EventAccount, core.EventCase, core.EventHandoff, core.EventHealth}[r.IntN(4)], Account: d.Stage.Jane.ID, Case: 1}}
	case n == 14:
		of := []string{"card", "queue", "page", "list", "case", "take", "health", "search jane", "same name"}[r.IntN(9)]
		return screen.Failed{Of: of, Err: core.Fail(core.CodeUnavailable, sentence.Of("error.timeout"))}
	case n == 15:
		return []tea.Msg{screen.Resumed{}, screen.Resumed{Result: screen.GoHome{}}, screen.Tick{}, nil, "nobody asked for this"}[r.IntN(5)]
	case n == 16:
		return tea.WindowSizeMsg{Width: r.IntN(401), Height: r.IntN(201)}
	default:
		return Key(string("jane dohvrutc"[r.IntN(13)]))
	}
}

func keyNames() []string {
	return []string{
		"enter", "enter", "esc", "up", "down", "left", "right", "pgup", "pgdown", "home", "end", "tab", "backspace", "delete", "ctrl+n", "ctrl+r",
		"ctrl+u", "ctrl+k", "ctrl+g", "f1", "f2", "f3", "f4", "f5", "?", "/", "x", "a", "c", "d", "n", "p", "space",
	}
}
