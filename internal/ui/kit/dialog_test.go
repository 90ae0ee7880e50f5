package kit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
)

func question(opening kit.Opening) *kit.Dialog {
	return kit.NewDialog(kit.DialogOptions{
		Title: "Remove the phone of Jane Doe (jane.doe), Finance?", Opening: opening, Now: noon(), Grace: 300 * time.Millisecond,
		Body: []string{"She is told at 2 addresses."},
		Buttons: []kit.Button{
			{ID: "remove", Label: "Remove", Key: "r", Danger: true},
			{ID: "keep", Label: "Keep", Key: "k"},
			{ID: "ask", Label: "Ask", Key: "a", Disabled: "Level 2"},
		},
	})
}

// answer presses keys at noon plus the given delay and returns how it ended.
func answer(d *kit.Dialog, keys string, after time.Duration) (chosen string, done bool) {
	for _, k := range keystrokes(keys) {
		if chosen, done = d.Update(k, noon().Add(after)); done {
			return chosen, done
		}
	}
	return chosen, done
}

func TestADialogIsAnsweredByTheFocusOrALetter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		keys, want string
		done       bool
	}{
		{"enter", "remove", true},
		{"right enter", "keep", true},
		{"tab tab enter", "remove", true},
		{"left enter", "keep", true},
		{"shift+tab enter", "keep", true},
		{"down up enter", "remove", true},
		{"k", "keep", true},
		{"K", "keep", true},
		{"r", "remove", true},
		{"a", "", false},
		{"x y space", "", false},
		{"esc", "", true},
	} {
		d := question(kit.OpenedByOperator)
		if got, done := answer(d, c.keys, 0); got != c.want || done != c.done {
			t.Errorf("%q: %q, %v; want %q, %v", c.keys, got, done, c.want, c.done)
		}
	}
}

func TestADialogThatCameByItselfDoesNotFocusTheDangerousButton(t *testing.T) {
	t.Parallel()
	d := question(kit.OpenedByItself)
	if d.Focused() != "keep" {
		t.Errorf("the focus is on %q", d.Focused())
	}
	only := kit.NewDialog(kit.DialogOptions{
		Title: "?", Opening: kit.OpenedByItself, Now: noon(), Buttons: []kit.Button{{ID: "go", Label: "Go", Danger: true}},
	})
	if chosen, done := answer(only, "enter", time.Hour); chosen != "" || done {
		t.Errorf("enter pressed %q", chosen)
	}
	if chosen, done := answer(only, "left enter", time.Hour); chosen != "go" || !done {
		t.Errorf("after moving there enter pressed %q", chosen)
	}
}

func TestKeysTypedAheadAreSwallowedUntilItIsQuiet(t *testing.T) {
	t.Parallel()
	d := question(kit.OpenedByItself)
	for ms := range 20 { // somebody types a name at 100 ms a key
		if chosen, done := answer(d, "k", time.Duration(ms)*100*time.Millisecond); done {
			t.Fatalf("after %d ms the dialog took %q", ms*100, chosen)
		}
	}
	if _, done := answer(d, "enter", 2000*time.Millisecond); done {
		t.Error("100 ms after the last key it is not quiet yet")
	}
	if chosen, done := answer(d, "enter", 2300*time.Millisecond); chosen != "keep" || !done {
		t.Errorf("after 300 ms of quiet: %q, %v", chosen, done)
	}
}

func TestTheGraceHasADefault(t *testing.T) {
	t.Parallel()
	d := kit.NewDialog(kit.DialogOptions{Opening: kit.OpenedByItself, Now: noon(), Buttons: []kit.Button{{ID: "ok"}}})
	if _, done := answer(d, "enter", kit.DefaultGrace-1); done {
		t.Error("it answered too early")
	}
	if chosen, _ := answer(d, "enter", 2*kit.DefaultGrace); chosen != "ok" {
		t.Errorf("it answered %q", chosen)
	}
}

func TestQuestionAndButtonsStayWhereThereIsNoRoom(t *testing.T) {
	t.Parallel()
	d := question(kit.OpenedByOperator)
	for h := 2; h < 8; h++ {
		all := strings.Join(d.View(80, h), "\n")
		if !strings.Contains(all, "Remove the phone of Jane Doe (jane.doe), Finance?") || !strings.Contains(all, "▸ Remove     Keep     Ask (Level 2)") {
			t.Errorf("in %d lines:\n%s", h, all)
		}
	}
	if got := d.Height(80); got != 4 {
		t.Errorf("height %d", got)
	}
}

func TestTheFooterOfADialogNamesItsKeys(t *testing.T) {
	t.Parallel()
	d := question(kit.OpenedByOperator)
	answer(d, "right", 0)
	keys := d.Keys()
	if len(keys) != 4 || keys[0].Keys[0] != "enter" || keys[0].Label != "Keep" || keys[1].Keys[0] != "r" || keys[3].Enabled() {
		t.Errorf("keys %+v", keys)
	}
	if none := kit.NewDialog(kit.DialogOptions{}); len(none.Keys()) != 0 || none.Focused() != "" {
		t.Error("a dialog without buttons has keys")
	}
}
