package phrase

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// RowState is the state of an account in a row: glyph and word.
func RowState(env *screen.Env, s core.RowState) kit.Cell {
	switch s {
	case core.RowFine:
		return kit.Cell{Text: env.Label("row.fine"), State: theme.StateGood}
	case core.RowLocked:
		return kit.Cell{Text: env.Label("row.locked"), State: theme.StateBad}
	case core.RowExpired:
		return kit.Cell{Text: env.Label("row.expired"), State: theme.StateBad}
	case core.RowMustChange:
		return kit.Cell{Text: env.Label("row.must_change"), State: theme.StateWarn}
	case core.RowDisabled:
		return kit.Cell{Text: env.Label("row.disabled"), State: theme.StateOff}
	case core.RowNotKnown:
		return kit.Cell{Text: env.Label("row.not_known"), State: theme.StateUnknown}
	default:
		return kit.Cell{Text: env.Label("row.not_known"), State: theme.StateUnknown}
	}
}

// Level is how something the desk depends on is: glyph and word.
func Level(env *screen.Env, l core.HealthLevel) kit.Cell {
	switch l {
	case core.Green:
		return kit.Cell{Text: env.Label("level.green"), State: theme.StateGood}
	case core.Amber:
		return kit.Cell{Text: env.Label("level.amber"), State: theme.StateWarn}
	case core.Red:
		return kit.Cell{Text: env.Label("level.red"), State: theme.StateBad}
	default:
		return kit.Cell{Text: env.Label("word.not_known"), State: theme.StateUnknown}
	}
}

// Latency is how long an answer took, in whole milliseconds; "" where there was none.
func Latency(env *screen.Env, d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Millisecond:
		return env.Label("home.latency_low")
	default:
		return env.Say(sentence.Of("home.latency", sentence.Count("ms", int(d.Milliseconds()))))
	}
}

// Outcome is what came of an operation: glyph and word.
func Outcome(env *screen.Env, o core.Outcome) kit.Cell {
	mark := theme.StateUnknown
	switch o {
	case core.Done:
		mark = theme.StateGood
	case core.Refused, core.Failed:
		mark = theme.StateBad
	case core.Unknown:
	}
	return kit.Cell{Text: env.Label("outcome.word." + string(o)), State: mark}
}

// Failure is a failure as a statement: what happened, whether anything was changed, what to do, and the code to search for.
func Failure(env *screen.Env, err *core.Error) *kit.Statement {
	state := theme.StateBad
	if err.Changed == core.ChangeUnknown {
		state = theme.StateUnknown
	}
	return &kit.Statement{Theme: env.Theme, State: state, Text: env.Say(err.Said), Code: err.Ref}
}
