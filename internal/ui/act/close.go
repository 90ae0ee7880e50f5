package act

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// WorkClose names the closing of a case in screen.Failed.
const WorkClose = "close"

// Closed is a case that was closed.
type Closed struct{ Case core.Case }

// Close closes a case with an outcome code.
func Close(env *screen.Env, life *screen.Life, number int64, code core.OutcomeCode) tea.Cmd {
	desk, actor := env.Desk, env.Actor
	op := core.CloseCase{ID: env.NewID(), Case: number, Code: code}
	said := sentence.Of("act.closing", sentence.Count("case", int(number)))
	return life.Change(WorkClose, said, func(ctx context.Context) (tea.Msg, error) {
		res, err := desk.Perform(ctx, actor, op)
		return Closed{res.Case}, err
	})
}

// Home says that the case is closed and goes home, ready for the next caller.
func (c Closed) Home(env *screen.Env) tea.Cmd {
	said := sentence.Of("act.closed", sentence.Count("case", int(c.Case.Number)), sentence.Word("code", phrase.Code(env, c.Case.Code)))
	return tea.Batch(screen.Do(screen.GoHome{}), screen.Do(screen.Toast{State: theme.StateGood, Said: said}))
}

// Codes are the outcome codes to choose from.
type Codes struct{ env *screen.Env }

// NewCodes is a table of every outcome code with one of them selected.
func NewCodes(env *screen.Env, selected core.OutcomeCode) *kit.Table {
	t := &kit.Table{Theme: env.Theme, Rows: Codes{env}, Columns: []kit.Column{{Min: 20, Flex: 1}}}
	for i, c := range core.OutcomeCodes() {
		if c == selected {
			t.Select(i)
		}
	}
	return t
}

// Len implements kit.Rows.
func (c Codes) Len() int { return len(core.OutcomeCodes()) }

// Row implements kit.Rows.
func (c Codes) Row(i int) []kit.Cell {
	return []kit.Cell{{Text: phrase.Code(c.env, core.OutcomeCodes()[i])}}
}
