package home

import (
	"cmp"
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

const workHealth = "health"

type healthRead struct{ list []core.Health }

// readHealth asks what the desk depends on.
func (h *Home) readHealth() tea.Cmd {
	desk := h.env.Desk
	return h.life.Beside(workHealth, sentence.Of("home.asking"), func(ctx context.Context) (tea.Msg, error) {
		list := desk.Health(ctx)
		slices.SortStableFunc(list, func(a, b core.Health) int { return cmp.Compare(weight(b.Level), weight(a.Level)) })
		return healthRead{list}, nil
	})
}

// weight puts what is in trouble first.
func weight(l core.HealthLevel) int {
	switch l {
	case core.Red:
		return 2
	case core.Amber:
		return 1
	case core.Green:
		return 0
	default:
		return 3
	}
}

// healthLine is one line: what is in trouble first, with its word; what is well with how fast it answers.
func (h *Home) healthLine(w int) string {
	p := theme.NewPen(h.env.Theme, w, 1)
	p.Skip(kit.Margin)
	p.Put(theme.Heading, h.env.Label("home.health"))
	if h.health == nil {
		p.Put(theme.Placeholder, "   "+h.env.Theme.Glyphs().Ellipsis)
	}
	for _, one := range h.health {
		level := phrase.Level(h.env, one.Level)
		text := one.Name
		switch {
		case one.Level != core.Green:
			text += " " + level.Text
		case one.P50 > 0:
			text += " " + h.env.Say(sentence.Of("home.latency", sentence.Count("ms", int(one.P50.Milliseconds()))))
		}
		if p.X()+5+theme.Width(text) > w-kit.Margin {
			p.Put(theme.Dim, "  "+h.env.Theme.Glyphs().Ellipsis)
			break
		}
		glyph, token := h.env.Theme.Mark(level.State)
		p.Skip(3)
		p.Put(token, glyph)
		p.Put(theme.Dim, " "+text)
	}
	return p.Lines()[0]
}
