package phrase

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Carried says whether the proof that came with a handed-over case still counts: the important word first. by is who handed it over, proved
// when the proof was obtained, zero where that is not known.
func Carried(env *screen.Env, h core.Handoff, by string, proved time.Time) kit.Cell {
	who := sentence.Word("by", by)
	left := h.Evidence.Sub(env.Now)
	switch {
	case h.Evidence.IsZero():
		return kit.Cell{Text: env.Say(sentence.Of("carried.none", who)), State: theme.StateOff}
	case left <= 0:
		return kit.Cell{Text: env.Say(sentence.Of("carried.expired", who)), State: theme.StateOff}
	case proved.IsZero():
		return kit.Cell{Text: env.Say(sentence.Of("carried.left", who, sentence.Span("left", left))), State: theme.StateGood}
	default:
		said := sentence.Of("carried.proved", who, sentence.Span("left", left), sentence.Time("at", proved))
		return kit.Cell{Text: env.Say(said), State: theme.StateGood}
	}
}

// Waited is how long something has waited, for a column.
func Waited(env *screen.Env, since time.Time) kit.Cell {
	waited := env.Now.Sub(since)
	if waited < time.Minute {
		return kit.Cell{Text: env.Label("word.now"), Token: theme.Dim}
	}
	return kit.Cell{Text: env.Text().Span(waited.Truncate(time.Minute)), Token: theme.Dim}
}
