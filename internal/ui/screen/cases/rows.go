package cases

import (
	"strconv"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// rows are the rows of the chosen view.
type rows struct{ c *Cases }

// Len implements kit.Rows.
func (r rows) Len() int { return len(r.c.rows) }

// roomy is the width from which a proof is said in full, in cells.
const roomy = 76

// columns are those of a view: who, what the view is about, and since when.
func columns(v core.CaseView, w int) []kit.Column {
	who, since := kit.Column{Min: 14, Flex: 2, Max: 30}, kit.Column{Min: 7, Align: kit.AlignRight}
	number, ticket := kit.Column{Min: 7, Priority: 1}, kit.Column{Min: 10, Max: 20, Flex: 1, Priority: 2}
	switch v {
	case core.CasesWaiting:
		proof := kit.Column{Min: 12, Flex: 8}
		if w >= roomy {
			proof.Min = 31
		}
		return []kit.Column{who, {Min: 8, Max: 12, Flex: 1}, proof, number, since}
	case core.CasesClosed:
		return []kit.Column{who, number, ticket, {Min: 20, Flex: 4}, since}
	case core.CasesMine:
		return []kit.Column{who, number, ticket, {Min: 10, Flex: 3, Priority: 3}, since}
	default:
		return []kit.Column{who}
	}
}

// Row implements kit.Rows.
func (r rows) Row(i int) []kit.Cell {
	k, env := &r.c.rows[i], r.c.env
	who := kit.Cell{Text: k.Person.DisplayName.String()}
	number := kit.Cell{Text: env.Say(sentence.Of("card.case_number", sentence.Count("case", int(k.Number)))), Token: theme.Dim}
	ticket := kit.Cell{Text: k.Ticket.String(), Token: theme.Dim}
	day := func(t time.Time) kit.Cell { return kit.Cell{Text: env.Text().DateOrTime(t), Token: theme.Dim} }
	switch r.c.read {
	case core.CasesWaiting:
		proof := phrase.Carried(env, k.Handoff, r.c.names[k.Handoff.By], time.Time{})
		return []kit.Cell{who, {Text: phrase.Wanted(env, k.Handoff.Wanted)}, proof, number, phrase.Waited(env, k.Handoff.At)}
	case core.CasesClosed:
		return []kit.Cell{who, number, ticket, {Text: phrase.Code(env, k.Code)}, day(k.ClosedAt)}
	case core.CasesMine:
		return []kit.Cell{who, number, ticket, {Text: k.Person.Department.String(), Token: theme.Dim}, day(k.OpenedAt)}
	default:
		return []kit.Cell{who}
	}
}

// Key implements kit.KeyedRows.
func (r rows) Key(i int) string { return strconv.FormatInt(r.c.rows[i].Number, 10) }

// Find implements kit.KeyedRows.
func (r rows) Find(key string) (int, bool) {
	for i := range r.c.rows {
		if strconv.FormatInt(r.c.rows[i].Number, 10) == key {
			return i, true
		}
	}
	return 0, false
}
