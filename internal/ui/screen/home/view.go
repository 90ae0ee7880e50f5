package home

import (
	"slices"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// View implements screen.Screen: the search box on the first line, health on the last, and between them what was found or what waits.
func (h *Home) View(w, hgt int) screen.Frame {
	if w <= 0 || hgt <= 0 {
		return screen.Frame{Lines: kit.Clamp(nil, w, hgt)}
	}
	box, cursor := h.box(w)
	lines := []string{box, ""}
	room := max(0, hgt-4)
	switch {
	case h.wrong != nil:
		lines = append(lines, h.wrong.View(w, h.wrong.Height(w))...)
		lines = append(lines, "")
		room = max(0, room-len(lines)+2)
	case !h.mayFind():
		return screen.Frame{Lines: kit.Clamp(h.onlyReads(w), w, hgt)}
	}
	if h.searching() {
		lines = append(lines, h.results(w, room)...)
	} else {
		lines = append(lines, h.lists(w, room)...)
	}
	lines = append(kit.Clamp(lines, w, hgt-1), h.healthLine(w))
	return screen.Frame{Lines: kit.Clamp(lines, w, hgt), Cursor: cursor}
}

func (h *Home) box(w int) (string, *screen.Cursor) {
	in := h.input
	in.Blurred = !h.Typing()
	line := in.View(w, 1)[0]
	if x, _, ok := in.Cursor(w, 1); ok {
		return line, &screen.Cursor{X: x}
	}
	return line, nil
}

// onlyReads is for operators who may not look for people: where they can go.
func (h *Home) onlyReads(w int) []string {
	s := kit.Statement{Theme: h.env.Theme, Text: h.env.Label("home.only_reads"), Details: []string{h.env.Label("home.only_reads_next")}}
	return s.View(w, s.Height(w))
}

// results are the rows found, and below them how many there are and which directories are late.
func (h *Home) results(w, room int) []string {
	if said := h.instead(); said != nil {
		return said.View(w, said.Height(w))
	}
	if d := h.find.drawn; d.lines != nil && d.w == w && d.room == room {
		return d.lines
	}
	h.find.drawn = drawn{w: w, room: room, lines: h.rows(w, room)}
	return h.find.drawn.lines
}

func (h *Home) rows(w, room int) []string {
	late := h.late(w)
	t := &h.find.table
	t.Note, t.Empty, t.Loading = h.count(), h.env.Label("home.nobody"), ""
	if !h.find.result.Done && h.find.Len() == 0 {
		t.Loading = h.env.Label("home.looking")
	}
	lines := t.View(w, max(0, min(t.Height(w), room-len(late))))
	if len(late) > 0 && t.Len() == 0 {
		lines = append(lines, "")
	}
	return append(lines, late...)
}

// instead is what stands in the place of rows: a failure, or that more has to be typed.
func (h *Home) instead() *kit.Statement {
	switch {
	case h.find.failure != nil:
		return phrase.Failure(h.env, h.find.failure)
	case h.short():
		n := h.env.Desk.Settings().Search.MinLetters
		said := sentence.Of("search.too_short", sentence.Count("letters", n))
		return &kit.Statement{Theme: h.env.Theme, Details: []string{h.env.Say(said)}}
	default:
		return nil
	}
}

func (h *Home) count() string {
	if h.find.result.More {
		return h.env.Say(sentence.Of("home.more", sentence.Count("limit", h.find.Len())))
	}
	return h.env.Say(sentence.Of("home.found", sentence.Count("count", h.find.Len())))
}

// late says which directories have not answered, are down, or know only a part yet.
func (h *Home) late(w int) []string {
	lines := kit.Lines{Theme: h.env.Theme}
	for _, s := range h.find.result.Sources {
		id, state := "", theme.StateWarn
		switch s.Status {
		case core.SourceAsked:
			id, state = "home.source_slow", theme.StateBusy
		case core.SourceIndexing:
			id = "home.source_indexing"
		case core.SourceDown:
			id, state = "home.source_down", theme.StateBad
		case core.SourceReady:
			continue
		}
		glyph, token := h.env.Theme.Mark(state)
		text := h.env.Say(sentence.Of(id, sentence.Word("directory", s.Directory)))
		lines.Lines = append(lines.Lines, kit.Line{{Token: token, Text: glyph}, {Text: " " + text}})
	}
	return lines.View(w, len(lines.Lines))
}

// lists are what waits for the operator's level and the operator's own cases. The own cases keep a third of the room where both are long.
func (h *Home) lists(w, room int) []string {
	if !h.mayWork() || room <= 0 {
		return nil
	}
	upper := 1 + max(1, len(h.queue.waiting))
	lower := 1 + max(1, len(h.queue.mine))
	if upper+1+lower > room {
		lower = max(2, min(lower, room/3))
		upper = max(0, min(upper, room-1-lower))
	}
	title := h.env.Say(sentence.Of("home.waiting", sentence.Word("who", h.who())))
	lines := h.section(w, upper, title, h.env.Label("home.waits"), &h.queue.waitingTable, h.focus == onWaiting)
	lines = append(lines, "")
	return append(lines, h.section(w, lower, h.env.Label("home.mine"), h.env.Label("home.since"), &h.queue.mineTable, h.focus == onMine)...)
}

// who names the operator's level as it stands in the heading.
func (h *Home) who() string {
	if l := h.env.Operator.Level(); l > 0 {
		return strings.ToUpper(h.env.Say(sentence.Of("who.level", sentence.Count("level", l))))
	}
	return h.env.Label("home.my_roles")
}

// section is a heading with the name of its last column, and a table. Only a list with the focus shows which row is chosen.
func (h *Home) section(w, hgt int, title, last string, t *kit.Table, focused bool) []string {
	p := theme.NewPen(h.env.Theme, w, 1)
	p.Skip(kit.Margin)
	p.Put(theme.Heading, title)
	if t.Len() > hgt-1 {
		p.Put(theme.Dim, "  "+h.env.Text().Number(t.Len()))
	}
	if t.Len() > 0 {
		p.To(w - 2*kit.Margin - theme.Width(last))
		p.Put(theme.Dim, last)
	}
	t.Loading, t.Columns = "", columns(w)
	switch {
	case h.failed[workQueue]:
		t.Empty = h.env.Label("home.unread")
	case !h.queue.read:
		t.Loading = h.env.Label("home.reading")
	}
	if focused {
		return slices.Concat(p.Lines(), t.View(w, max(0, hgt-1)))
	}
	return slices.Concat(p.Lines(), unpointed(t, w, max(0, hgt-1)))
}

// pointer is the room in front of the rows of a table, edge the room kept behind them, in cells.
const (
	pointer = 2
	edge    = 1
)

// unpointed draws the first rows of a table where they always stand, without a chosen one: the focus is elsewhere.
func unpointed(t *kit.Table, w, h int) []string {
	quiet := kit.Table{Theme: t.Theme, Static: true, Columns: t.Columns, Rows: t.Rows, Empty: t.Empty, Loading: t.Loading}
	lines := quiet.View(max(0, w-pointer-edge), h)
	for i, l := range lines {
		if l != "" {
			lines[i] = strings.Repeat(" ", pointer) + l
		}
	}
	return lines
}
