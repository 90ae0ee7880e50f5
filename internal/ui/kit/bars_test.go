package kit_test

import (
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

func TestTheHeaderKeepsWhereOneIs(t *testing.T) {
	t.Parallel()
	b := &kit.Header{
		Crumbs: []string{"Search", "Jane Doe", "Reset password"}, Operator: []string{"Ann Lee", "Level 1"},
		Status: []kit.Cell{{State: theme.StateGood, Text: "2 directories"}},
	}
	for w, want := range map[int]string{
		80: " Search › Jane Doe › Reset password         Ann Lee · Level 1   ● 2 directories",
		60: " Search › Jane Doe › Reset password       Ann Lee · Level 1",
		50: " Search › Jane Doe › Reset password       Ann Lee",
		40: " Search › Jane Doe › Reset password",
		30: " … Jane Doe › Reset password",
		22: " … Reset password",
		16: " … Reset passwo…",
	} {
		if got := drawn(b, w, 1)[0]; got != want {
			t.Errorf("at %d columns: %q, want %q", w, got, want)
		}
	}
	wantLines(t, drawn(b, 12, 2)[1:], "────────────")
}

func TestToastsTakeTurns(t *testing.T) {
	t.Parallel()
	q := &kit.Toasts{}
	at := func(s int) time.Time { return noon().Add(time.Duration(s) * time.Second) }
	if _, ok := q.NextAt(); ok || q.Height(80) != 0 || q.Tick(at(0)) {
		t.Error("an empty queue does something")
	}
	q.Dismiss(at(0))
	q.Push(kit.Toast{Text: "one", For: 4 * time.Second}, at(0))
	q.Push(kit.Toast{Text: "two", For: 2 * time.Second}, at(1))
	q.Push(kit.Toast{Text: "two", For: 2 * time.Second}, at(1))
	for _, c := range []struct {
		s       int
		changed bool
		want    string
		next    int
	}{
		{3, false, "   one", 4},
		{4, true, "   two", 6},
		{5, false, "   two", 6},
		{6, true, "", 6},
		{7, false, "", 6},
	} {
		if got := q.Tick(at(c.s)); got != c.changed {
			t.Errorf("at %d s: changed %v", c.s, got)
		}
		if got := drawn(q, 40, 1)[0]; got != c.want {
			t.Errorf("at %d s: %q, want %q", c.s, got, c.want)
		}
		if next, ok := q.NextAt(); ok && !next.Equal(at(c.next)) {
			t.Errorf("at %d s: next at %v", c.s, next)
		}
	}
}

func TestTheQueueOfToastsIsBounded(t *testing.T) {
	t.Parallel()
	q := &kit.Toasts{}
	for i := range 100 {
		q.Push(kit.Toast{Text: string(rune('!' + i)), For: time.Second}, noon())
	}
	shown := 0
	for n := 0; q.Height(40) > 0; n++ {
		q.Dismiss(noon())
		shown++
	}
	if shown != 8 {
		t.Errorf("%d toasts were kept", shown)
	}
}

func TestLayoutsFollowTheSize(t *testing.T) {
	t.Parallel()
	for size, want := range map[[2]int]kit.Layout{
		{0, 0}: kit.LayoutTiny, {59, 50}: kit.LayoutTiny, {200, 15}: kit.LayoutTiny,
		{60, 16}: kit.LayoutCompact, {80, 24}: kit.LayoutCompact, {99, 60}: kit.LayoutCompact,
		{100, 16}: kit.LayoutWide, {140, 45}: kit.LayoutWide,
	} {
		if got := kit.Pick(size[0], size[1]); got != want {
			t.Errorf("%v is %q, want %q", size, got, want)
		}
	}
}
