package cases

import (
	"strconv"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// rows are the rows of the chosen view.
type rows struct{ c *Cases }

// Len implements kit.Rows.
func (r rows) Len() int { return len(r.c.rows) }

// Row implements kit.Rows: person, number, ticket, what the view is about, and since when.
func (r rows) Row(i int) []kit.Cell {
	k, env := &r.c.rows[i], r.c.env
	out := []kit.Cell{
		{Text: k.Person.DisplayName.String()}, {Text: env.Text().Number(int(k.Number)), Token: theme.Dim}, {Text: k.Ticket.String(), Token: theme.Dim},
	}
	switch r.c.read {
	case core.CasesWaiting:
		proof := phrase.Carried(env, k.Handoff, r.c.names[k.Handoff.By], time.Time{})
		proof.Text = phrase.Wanted(env, k.Handoff.Wanted) + " " + env.Theme.Glyphs().Dot + " " + proof.Text
		return append(out, proof, phrase.Waited(env, k.Handoff.At))
	case core.CasesClosed:
		return append(out, kit.Cell{Text: phrase.Code(env, k.Code)}, kit.Cell{Text: env.Text().DateOrTime(k.ClosedAt), Token: theme.Dim})
	case core.CasesMine:
		return append(out, kit.Cell{Text: k.Person.Department.String(), Token: theme.Dim}, kit.Cell{Text: env.Text().DateOrTime(k.OpenedAt), Token: theme.Dim})
	default:
		return out
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
