package kit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
)

func TestASecretIsAskedForOnlyWhileItIsShown(t *testing.T) {
	t.Parallel()
	asked := 0
	r := &kit.Reveal{Label: "New password", Secret: func() string { asked++; return "maple-4" }}
	if all := strings.Join(r.View(60, 3), ""); strings.Contains(all, "maple") || asked != 0 || r.Height(60) != 1 {
		t.Errorf("hidden: %q, asked %d times", all, asked)
	}
	r.Spelling(true)
	if r.Spelled() {
		t.Error("a hidden secret is spelled")
	}
	r.Show(noon().Add(30 * time.Second))
	wantLines(t, drawn(r, 60, 1), " New password  maple-4")
	if at, ok := r.HidesAt(); !ok || !at.Equal(noon().Add(30*time.Second)) {
		t.Errorf("hides at %v", at)
	}
	if r.Tick(noon().Add(29*time.Second)) || !r.Tick(noon().Add(30*time.Second)) || r.Tick(noon().Add(time.Hour)) {
		t.Error("it does not hide at its time, once")
	}
	if r.Shown() || strings.Contains(strings.Join(r.View(60, 3), ""), "maple") {
		t.Error("it is still shown")
	}
}

func TestTheMaskSaysNothingAboutTheLength(t *testing.T) {
	t.Parallel()
	short := &kit.Reveal{Secret: func() string { return "a" }}
	long := &kit.Reveal{Secret: func() string { return strings.Repeat("a", 40) }}
	if short.View(60, 1)[0] != long.View(60, 1)[0] {
		t.Error("the masks differ")
	}
}

func TestALongSecretIsNeverCut(t *testing.T) {
	t.Parallel()
	r := &kit.Reveal{Label: "Password", Secret: func() string { return "correct-horse-battery-staple" }}
	r.Show(noon())
	wantLines(t, drawn(r, 22, r.Height(22)),
		" Password  correct-ho",
		"           rse-batter",
		"           y-staple")
}

func TestASecretIsSpelledInColumns(t *testing.T) {
	t.Parallel()
	r := &kit.Reveal{Label: "Password", Secret: func() string { return "ab7" }, Spell: func(c rune) string {
		return map[rune]string{'a': "alfa", 'b': "bravo", '7': "digit seven"}[c]
	}}
	r.Show(noon())
	r.Spelling(true)
	wantLines(t, drawn(r, 50, r.Height(50)), " Password  ab7", "", " a  alfa               7  digit seven", " b  bravo")
	wantLines(t, drawn(r, 30, r.Height(30)), " Password  ab7", "", " a  alfa", " b  bravo", " 7  digit seven")
	r.Hide()
	if r.Spelled() {
		t.Error("it is still spelled")
	}
	r.Show(noon())
	if r.Spelled() {
		t.Error("the spelling came back by itself")
	}
}
