package home_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

// crowded is a terminal on a directory with more people than a screen has lines.
func crowded(tb testing.TB) *uitest.Driver {
	tb.Helper()
	d := uitest.NewDriver(tb, uitest.Options{})
	d.Stage.Crowd(60)
	return d
}

func TestAFrameDoesNotDependOnTheFramesBeforeIt(t *testing.T) {
	t.Parallel()
	type step struct {
		name string
		do   func(*uitest.Driver)
	}
	w, h := 80, 24
	press := func(key string) step { return step{key, func(d *uitest.Driver) { d.Press(key) }} }
	write := func(s string) step { return step{s, func(d *uitest.Driver) { d.Type(s) }} }
	size := func(name string, cols, rows int) step {
		return step{name, func(d *uitest.Driver) { w, h = cols, rows; d.Resize(cols, rows) }}
	}
	steps := []step{
		write("cr"), press("down"), write("o"), press("down"), press("down"), press("up"), size("wide", 140, 45), press("down"),
		press("backspace"), write("wd"), size("compact", 80, 24), press("up"), write("zzz"), press("backspace"), press("backspace"), press("backspace"),
		press("down"),
		{"hold", func(d *uitest.Driver) { d.Hold() }},
		write(" 01"), size("narrow", 70, 20), press("down"),
		{"release", func(d *uitest.Driver) { d.Release() }},
		press("esc"), write("crowd"),
	}
	usual, anew := crowded(t), crowded(t)
	for _, s := range steps {
		s.do(usual)
		s.do(anew)
		got := usual.Frame()
		anew.Resize(w+1, h).Frame() // at another width everything is drawn again
		if want := anew.Resize(w, h).Frame(); !slices.Equal(got.Lines, want.Lines) {
			t.Fatalf("after %q the screen differs from one that is drawn anew:\n%s", s.name, cmp.Diff(want.Text(), got.Text()))
		}
	}
}
