package home

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

const workTake = "take"

// taken is a handoff that is the operator's now, and where to go on.
type taken struct{ next tea.Cmd }

// takeNext takes the case that has waited longest.
func (h *Home) takeNext() tea.Cmd {
	if len(h.queue.waiting) == 0 {
		return screen.Do(screen.Toast{State: theme.StateOff, Said: sentence.Of("home.nothing_waits")})
	}
	return h.take(0)
}

func (h *Home) takeSelected() tea.Cmd {
	i, ok := h.queue.waitingTable.Selected()
	if !ok {
		return nil
	}
	return h.take(h.queue.waiting[i].Number)
}

// take takes a handed-over case, 0 for the oldest, and goes on with what it waits for. A key that is pressed twice takes one case.
func (h *Home) take(number int64) tea.Cmd {
	if h.taking {
		return nil
	}
	h.taking = true
	desk, actor := h.env.Desk, h.env.Actor
	op := core.TakeHandoff{ID: h.env.NewID(), Case: number}
	return h.life.Change(workTake, sentence.Of("home.taking"), func(ctx context.Context) (tea.Msg, error) {
		res, err := desk.Perform(ctx, actor, op)
		if err != nil {
			return nil, err
		}
		said := screen.Do(screen.Toast{State: theme.StateGood, Said: res.Said})
		return taken{next: tea.Batch(said, screen.Do(screen.GoOn(ctx, desk, actor, res.Case)))}, nil
	})
}
