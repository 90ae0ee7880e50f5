package ui_test

import (
	"context"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/ui"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

func TestATerminalThatEndsByItselfKnowsWhy(t *testing.T) {
	t.Parallel()
	for want, happen := range map[ui.Ending]func(*uitest.Driver){
		ui.EndedByOperator: func(d *uitest.Driver) { d.Press("ctrl+c").Press("q") },
		ui.EndedDenied: func(d *uitest.Driver) {
			gone, err := d.Stage.Operators.Operator(context.Background(), "l1")
			if err != nil {
				t.Error(err)
			}
			gone.Disabled = true
			d.Stage.Operators.Put(gone)
			d.Send(screen.Event{Event: core.Event{Kind: core.EventOperator}})
		},
	} {
		d := uitest.NewDriver(t, uitest.Options{})
		happen(d)
		if !d.Quit() || d.Root.Ending() != want {
			t.Errorf("want %q: ended %v, %q", want, d.Quit(), d.Root.Ending())
		}
	}
}
