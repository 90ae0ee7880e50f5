package health

import (
	"slices"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// View implements screen.Screen: one sentence for everything, a row for each thing, and what to do about the chosen one.
func (h *Health) View(w, hgt int) screen.Frame {
	head := h.headline()
	lines := head.View(w, head.Height(w))
	lines = append(lines, "")
	h.table.Loading = ""
	if h.at.IsZero() {
		h.table.Loading = h.env.Label("home.asking")
	}
	detail := h.detail()
	room := max(0, hgt-len(lines)-detail.Height(w)-1)
	lines = append(lines, h.table.View(w, min(room, h.table.Height(w)))...)
	lines = slices.Concat(lines, []string{""}, detail.View(w, detail.Height(w)))
	return screen.Frame{Lines: kit.Clamp(lines, w, hgt)}
}

func (h *Health) headline() *kit.Statement {
	s := &kit.Statement{Theme: h.env.Theme}
	if h.at.IsZero() {
		s.Text = h.env.Theme.Glyphs().Ellipsis
		return s
	}
	level, n := h.worst()
	s.State = phrase.Level(h.env, level).State
	count := []sentence.Field{sentence.Count("count", n), sentence.Count("all", len(h.list))}
	switch level {
	case core.Green:
		s.Text = h.env.Label("health.said.green")
	case core.Amber:
		s.Text = h.env.Say(sentence.Of("health.said.amber", count...))
	case core.Red:
		s.Text = h.env.Say(sentence.Of("health.said.red", count...))
	default:
		s.Text = h.env.Say(sentence.Of("health.said.amber", count...))
	}
	s.Details = []string{h.env.Say(sentence.Of("health.asked", sentence.Time("at", h.at)))}
	return s
}

// detail is what the chosen row says in full.
func (h *Health) detail() *kit.Statement {
	s := &kit.Statement{Theme: h.env.Theme}
	i, ok := h.table.Selected()
	if !ok {
		return s
	}
	one := &h.list[i]
	s.State, s.Text = phrase.Level(h.env, one.Level).State, one.Name+": "+h.env.Say(one.Said)
	for _, d := range one.Details {
		s.Details = append(s.Details, h.env.Say(d))
	}
	return s
}

// rows are the rows of the table.
type rows struct{ h *Health }

// Len implements kit.Rows.
func (r rows) Len() int { return len(r.h.list) }

// Row implements kit.Rows.
func (r rows) Row(i int) []kit.Cell {
	one, env := &r.h.list[i], r.h.env
	return []kit.Cell{
		{Text: one.Name},
		phrase.Level(env, one.Level),
		{Text: env.Label("health.kind." + one.Kind), Token: theme.Dim},
		{Text: phrase.Latency(env, one.P50), Token: theme.Dim},
		{Text: phrase.Latency(env, one.P99), Token: theme.Dim},
	}
}

// Key implements kit.KeyedRows.
func (r rows) Key(i int) string { return r.h.list[i].Kind + ":" + r.h.list[i].Name }

// Find implements kit.KeyedRows.
func (r rows) Find(key string) (int, bool) {
	for i := range r.h.list {
		if r.Key(i) == key {
			return i, true
		}
	}
	return 0, false
}
