package cases

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// View implements screen.Screen: how the case stands and the next key, then its facts, proofs and history.
func (c *Case) View(w, h int) screen.Frame {
	if c.chooser != nil {
		return screen.Frame{Lines: kit.Clamp(c.chooser.view(w, h), w, h)}
	}
	th := c.env.Theme
	head := &kit.Stack{Theme: th}
	if c.failed != nil {
		head.Blocks = append(head.Blocks, phrase.Failure(c.env, c.failed))
	}
	if c.failed == nil || c.read != nil {
		head.Blocks = append(head.Blocks, c.headline())
	}
	head.Blocks = append(head.Blocks, &kit.Actions{Theme: th, Next: kit.Binding{Keys: []string{"enter"}, Label: c.nextLabel()}})
	top := head.Height(w)
	lines := append(head.View(w, max(0, min(top, h))), "")
	if c.failed == nil || c.read != nil {
		c.scroll.Body = c.sections()
		lines = append(lines, c.scroll.View(w, max(0, h-top-1))...)
	}
	return screen.Frame{Lines: kit.Clamp(lines, w, h)}
}

func (c *Case) headline() *kit.Statement {
	s := &kit.Statement{Theme: c.env.Theme}
	if c.read == nil {
		dots := c.env.Theme.Glyphs().Ellipsis
		s.Text, s.Details = dots, []string{dots}
		return s
	}
	k := &c.read.kase
	s.Details = []string{phrase.Person(k.Person)}
	switch k.Status {
	case core.CaseClosed:
		s.State = theme.StateGood
		s.Text = c.env.Say(sentence.Of("cases.said.closed", sentence.Time("at", k.ClosedAt), sentence.Word("code", phrase.Code(c.env, k.Code))))
	case core.CaseWaiting:
		s.State = theme.StateWarn
		s.Text = c.env.Say(sentence.Of("cases.said.waiting", sentence.Time("at", k.Handoff.At),
			sentence.Word("who", phrase.Role(c.env, k.Handoff.To)), sentence.Word("what", phrase.Wanted(c.env, k.Handoff.Wanted))))
	case core.CaseOpen:
		s.Text = c.env.Say(sentence.Of("cases.said.open", sentence.Time("at", k.OpenedAt), sentence.Word("name", c.read.names[k.AssignedTo])))
		if c.yours() {
			s.Text = c.env.Say(sentence.Of("cases.said.yours", sentence.Time("at", k.OpenedAt)))
		}
	}
	return s
}

func (c *Case) sections() kit.Block {
	return &kit.Sections{Theme: c.env.Theme, Items: []kit.Section{
		{Title: c.env.Label("cases.case"), Body: c.facts()},
		{Title: c.env.Label("cases.proofs"), Body: c.proofs(), Place: kit.PlaceWide},
		{Title: c.env.Label("cases.history"), Body: c.history(), Place: kit.PlaceWide},
	}}
}

func (c *Case) facts() kit.Block {
	out := &kit.Columns{Theme: c.env.Theme}
	add := func(label string, text string) {
		out.Pairs = append(out.Pairs, kit.Pair{Label: c.env.Label(label), Value: kit.Cell{Text: text}, Pending: c.read == nil, Lines: 3})
	}
	if c.read == nil {
		add("cases.ticket", "")
		add("cases.opened", "")
		return out
	}
	k := &c.read.kase
	ticket := k.Ticket.String()
	if ticket == "" {
		ticket = c.env.Label("word.none")
	}
	add("cases.ticket", ticket)
	add("cases.opened", c.env.Say(sentence.Of("cases.by_at", sentence.Time("at", k.OpenedAt), sentence.Word("name", c.read.names[k.OpenedBy]))))
	if h := k.Handoff; h.By != "" {
		to := sentence.Word("who", phrase.Role(c.env, h.To))
		add("cases.handed", c.env.Say(sentence.Of("cases.handed_by", sentence.Time("at", h.At), sentence.Word("name", c.read.names[h.By]), to)))
		add("cases.why", h.Reason.String())
		if h.TakenBy != "" {
			add("cases.taken", c.env.Say(sentence.Of("cases.by_at", sentence.Time("at", h.TakenAt), sentence.Word("name", c.read.names[h.TakenBy]))))
		}
	}
	return out
}

// proofs are the pieces of evidence and whether each still counts.
func (c *Case) proofs() kit.Block {
	t := &kit.Table{Theme: c.env.Theme, Static: true, Empty: c.env.Label("cases.no_proof"), Columns: []kit.Column{
		{Min: 19, Max: 24, Flex: 1}, {Min: 6, Max: 8, Flex: 1}, {Min: 12, Flex: 3}, {Min: 14, Align: kit.AlignRight},
	}}
	if c.read == nil {
		t.Loading = c.env.Label("card.reading")
		return t
	}
	var out cells
	for _, e := range c.read.evidence {
		state, when := c.counts(e)
		by := e.Operator
		if e.ReboundFrom != "" {
			by = e.ReboundFrom
		}
		said := sentence.Of("cases.by_at", sentence.Time("at", e.ObtainedAt), sentence.Word("name", c.read.names[by]))
		out = append(out, []kit.Cell{
			{Text: c.env.Label("proof." + string(e.Kind)), State: state},
			{Text: c.env.Label("proof." + string(e.Strength))},
			{Text: c.env.Say(said), Token: theme.Dim},
			{Text: when, Token: theme.Dim},
		})
	}
	t.Rows = out
	return t
}

func (c *Case) counts(e core.Evidence) (theme.State, string) {
	left := e.ExpiresAt.Sub(c.env.Now)
	switch {
	case !e.SpentAt.IsZero():
		return theme.StateOff, c.env.Say(sentence.Of("cases.proof_used", sentence.Time("at", e.SpentAt)))
	case left <= 0:
		return theme.StateOff, c.env.Say(sentence.Of("cases.proof_expired", sentence.Time("at", e.ExpiresAt)))
	default:
		return theme.StateGood, c.env.Say(sentence.Of("cases.proof_left", sentence.Span("left", left.Round(time.Second))))
	}
}

func (c *Case) history() kit.Block {
	t := &kit.Table{Theme: c.env.Theme, Static: true, Empty: c.env.Label("cases.no_history"), Columns: []kit.Column{
		{Min: 7}, {Min: 28, Flex: 2}, {Min: 12, Flex: 1},
	}}
	if c.read == nil {
		t.Loading = c.env.Label("card.reading")
		return t
	}
	var out cells
	for _, r := range c.read.history {
		out = append(out, []kit.Cell{
			{Text: c.env.Text().DateOrTime(r.At), Token: theme.Dim}, phrase.Record(c.env, r), {Text: c.read.names[r.Actor.OperatorID]},
		})
	}
	t.Rows = out
	return t
}

// cells are ready rows of a table.
type cells [][]kit.Cell

// Len implements kit.Rows.
func (c cells) Len() int { return len(c) }

// Row implements kit.Rows.
func (c cells) Row(i int) []kit.Cell { return c[i] }
