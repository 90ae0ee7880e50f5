package home

import (
	"cmp"
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

const workHealth = "health"

type healthRead struct{ list []core.Health }

// readHealth asks what the desk depends on.
func (h *Home) readHealth() tea.Cmd {
	desk := h.env.Desk
	return h.life.Aside(workHealth, func(ctx context.Context) (tea.Msg, error) {
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
	cells := h.healthCells(true)
	if p.X()+widthOf(cells) > w-kit.Margin {
		cells = h.healthCells(false)
	}
	for _, c := range cells {
		if p.X()+widthOf([]kit.Cell{c}) > w-kit.Margin {
			p.Put(theme.Dim, "  "+h.env.Theme.Glyphs().Ellipsis)
			break
		}
		glyph, token := h.env.Theme.Mark(c.State)
		p.Skip(healthGap)
		p.Put(token, glyph)
		p.Put(theme.Dim, " "+c.Text)
	}
	return p.Lines()[0]
}

// healthGap is the room in front of each thing, in cells.
const healthGap = 3

// healthCells are the things, with how fast they answer where there is room for it.
func (h *Home) healthCells(latency bool) []kit.Cell {
	out := make([]kit.Cell, 0, len(h.health))
	for _, one := range h.health {
		c := phrase.Level(h.env, one.Level)
		switch {
		case one.Level != core.Green:
			c.Text = one.Name + " " + c.Text
		case latency && one.P50 > 0:
			c.Text = one.Name + " " + phrase.Latency(h.env, one.P50)
		default:
			c.Text = one.Name
		}
		out = append(out, c)
	}
	return out
}

// widthOf is the room that things take with glyph and gap, in cells.
func widthOf(cells []kit.Cell) int {
	n := 0
	for _, c := range cells {
		n += healthGap + 2 + theme.Width(c.Text)
	}
	return n
}
