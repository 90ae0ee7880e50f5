package account

import (
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// View implements screen.Screen: what is wrong and the next key always on top; the rest scrolls where it does not fit.
func (c *Card) View(w, h int) screen.Frame {
	head := c.head()
	top := head.Height(w)
	lines := head.View(w, max(0, min(top, h)))
	if c.prompt != nil {
		return c.withPrompt(lines, w, h)
	}
	rest := max(0, h-top-1)
	lines = append(lines, "")
	lines = append(lines, c.below(w, rest)...)
	return screen.Frame{Lines: kit.Clamp(lines, w, h)}
}

// below is the guide, or everything that is known.
func (c *Card) below(w, h int) []string {
	if c.guide != nil && c.read != nil {
		return c.guideBlock().View(w, h)
	}
	if c.failed != nil && c.read == nil {
		return nil
	}
	c.scroll.Body = &kit.Stack{Theme: c.env.Theme, Gap: 1, Blocks: []kit.Block{c.who(), c.sections()}}
	return c.scroll.View(w, h)
}

// head is the headline, what helps, and the next key.
func (c *Card) head() kit.Block {
	th := c.env.Theme
	out := &kit.Stack{Theme: th}
	if c.failed != nil {
		out.Blocks = append(out.Blocks, phrase.Failure(c.env, c.failed))
	}
	if c.failed == nil || c.read != nil {
		out.Blocks = append(out.Blocks, c.headline())
	}
	if c.prompt == nil {
		out.Blocks = append(out.Blocks, c.action())
	}
	return out
}

func (c *Card) headline() *kit.Statement {
	s := &kit.Statement{Theme: c.env.Theme}
	if c.read == nil {
		dots := c.env.Theme.Glyphs().Ellipsis
		s.Text, s.Details = dots, []string{dots}
		return s
	}
	card := &c.read.card
	s.State, s.Text = c.mark(), c.env.Say(card.Diagnosis.Headline)
	s.Details = append(s.Details, c.env.Say(card.Diagnosis.Help))
	if card.Class.Class != rbac.Plain {
		s.Details = append(s.Details, c.env.Say(core.WhyClass(card.Class)))
	}
	if c.read.nobody {
		s.Details = append(s.Details, c.env.Say(sentence.Of("card.nobody_there", sentence.Word("who", phrase.Role(c.env, card.Diagnosis.Next[0].To)))))
	}
	if !c.told.IsZero() {
		s.Details = append(s.Details, c.env.Say(c.told))
	}
	return s
}

// mark is the glyph of the headline: that of the worst finding.
func (c *Card) mark() theme.State {
	card := &c.read.card
	switch f := card.Diagnosis.Findings; {
	case len(card.Open) > 0:
		return theme.StateUnknown
	case len(f) == 0:
		return theme.StateGood
	case f[0].Severity == core.Warns:
		return theme.StateWarn
	default:
		return phrase.RowState(c.env, core.RowStateOf(card.Account.State)).State
	}
}

// action is the line of the next key.
func (c *Card) action() kit.Block {
	next := kit.Binding{Keys: []string{"enter"}, Label: c.nextLabel()}
	out := &kit.Actions{Theme: c.env.Theme, Next: next}
	switch {
	case c.guide != nil:
		out.Others = []kit.Binding{c.bind("card.leave", "esc", "card.leave_guide")}
	case c.read != nil:
		out.Others = c.instead()
	}
	return out
}

// nextLabel says what Enter does.
func (c *Card) nextLabel() string {
	switch {
	case c.guide != nil:
		return c.env.Label("card.close_guide")
	case c.read == nil && c.failed != nil:
		return c.env.Label("card.try_again")
	case c.read == nil:
		return c.env.Theme.Glyphs().Ellipsis
	case len(c.read.card.Diagnosis.Next) == 0:
		return c.env.Label("word.none")
	default:
		return c.actionLabel(c.read.card.Diagnosis.Next[0])
	}
}

func (c *Card) actionLabel(a core.NextAction) string {
	id := ""
	switch a.Kind {
	case core.ActHandUnlock:
		id = "card.hand_unlock"
	case core.ActHandReset:
		id = "card.hand_reset"
	case core.ActHandOff:
		id = "card.hand_to"
	case core.ActSelfService, core.ActUnlock, core.ActReset, core.ActCheckAgain, core.ActWatchNothing:
		return c.env.Say(a.Said)
	default:
		return c.env.Say(a.Said)
	}
	return c.env.Say(sentence.Of(id, sentence.Word("who", phrase.Role(c.env, a.To))))
}

// instead are the other proposals with their letters.
func (c *Card) instead() []kit.Binding {
	var out []kit.Binding
	for _, a := range c.read.card.Diagnosis.Next[min(1, len(c.read.card.Diagnosis.Next)):] {
		switch a.Kind {
		case core.ActUnlock:
			out = append(out, c.bind("card.unlock", "u", "card.unlock_instead"))
		case core.ActHandUnlock:
			by := sentence.Of("card.unlock_by", sentence.Word("who", phrase.Role(c.env, a.To)))
			out = append(out, kit.Binding{Keys: []string{"u"}, Label: c.env.Say(by)})
		case core.ActReset:
			out = append(out, c.bind("card.reset", "r", "card.reset_instead"))
		case core.ActHandReset:
			by := sentence.Of("card.reset_by", sentence.Word("who", phrase.Role(c.env, a.To)))
			out = append(out, kit.Binding{Keys: []string{"h"}, Label: c.env.Say(by)})
		case core.ActSelfService, core.ActHandOff, core.ActCheckAgain, core.ActWatchNothing:
		}
	}
	return out
}

// who says who this is: name, login and class; title, department and manager; where the account lives.
func (c *Card) who() kit.Block {
	dots := kit.Cell{Text: c.env.Theme.Glyphs().Ellipsis, Token: theme.Placeholder}
	name := kit.Cell{Text: c.person.DisplayName.String(), Token: theme.Strong}
	rows := rowsOf{
		{name, {Text: c.person.Login.String()}, dots},
		{{Text: c.person.Department.String()}, dots, {Text: c.person.ID.Directory}},
	}
	if c.read != nil {
		a := &c.read.card.Account
		place := a.ID.Directory + ", " + c.env.Label("origin."+string(a.Origin))
		rows = rowsOf{
			{name, {Text: a.Login.String()}, c.class()},
			{{Text: joined(a.Title.String(), a.Department.String())}, {Text: c.manager()}, {Text: place}},
		}
	}
	table := &kit.Table{Theme: c.env.Theme, Static: true, Rows: rows, Columns: []kit.Column{
		{Min: 20, Flex: 1, Max: 40}, {Min: 14, Flex: 1, Max: 32}, {Min: 18, Flex: 1},
	}}
	if theme.Width(name.Text) <= longName {
		return table
	}
	rows[0][0], rows[0][1] = rows[0][1], kit.Cell{}
	whole := &noteList{theme: c.env.Theme, notes: []note{{token: theme.Strong, text: name.Text}}} // never cut where it says who this is
	return &kit.Stack{Theme: c.env.Theme, Blocks: []kit.Block{whole, table}}
}

// longName is the width from which a name gets lines of its own, in cells.
const longName = 28

// class is what the account is to this operator, in two words; the reason stands in the headline.
func (c *Card) class() kit.Cell {
	text := c.env.Label("class.word." + string(c.read.card.Class.Class))
	switch c.read.card.Class.Class {
	case rbac.Plain:
		return kit.Cell{Text: text}
	case rbac.Guarded:
		return kit.Cell{Text: text, State: theme.StateWarn}
	case rbac.Forbidden:
		return kit.Cell{Text: text, State: theme.StateOff}
	default:
		return kit.Cell{Text: text, State: theme.StateOff}
	}
}

func (c *Card) manager() string {
	m := c.read.card.Account.Manager
	if m.DisplayName.IsZero() {
		return ""
	}
	return c.env.Say(sentence.Of("card.reports_to", sentence.Text("name", m.DisplayName)))
}

// withPrompt shows the question for the ticket reference below the head.
func (c *Card) withPrompt(lines []string, w, h int) screen.Frame {
	lines = append(lines, "")
	lines = append(lines, (&kit.Statement{Theme: c.env.Theme, Details: []string{c.env.Label("card.ticket_needed")}}).View(w, 1)...)
	y := len(lines)
	lines = append(lines, c.prompt.input.View(w, 1)...)
	f := screen.Frame{Lines: kit.Clamp(lines, w, h)}
	if x, _, ok := c.prompt.input.Cursor(w, 1); ok && y < h {
		f.Cursor = &screen.Cursor{X: x, Y: y}
	}
	return f
}

// rowsOf are ready rows of a table.
type rowsOf [][]kit.Cell

// Len implements kit.Rows.
func (r rowsOf) Len() int { return len(r) }

// Row implements kit.Rows.
func (r rowsOf) Row(i int) []kit.Cell { return r[i] }

// joined puts a comma between the parts that are there.
func joined(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, ", ")
}
