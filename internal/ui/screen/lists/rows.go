package lists

import (
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// people are the rows of the table.
type people struct{ l *Lists }

// Len implements kit.Rows.
func (p people) Len() int { return len(p.l.rows) }

// Row implements kit.Rows.
func (p people) Row(i int) []kit.Cell {
	r := &p.l.rows[i]
	return []kit.Cell{
		{Text: r.DisplayName.String()},
		{Text: r.Login.String()},
		{Text: r.Department.String(), Token: theme.Dim},
		phrase.RowState(p.l.env, r.State),
		{Text: p.since(r), Token: theme.Dim},
	}
}

// since is the time the list is about, with the word that says what it is.
func (p people) since(r *core.ListRow) string {
	if r.Since.IsZero() {
		return ""
	}
	at := sentence.Word("at", p.l.env.Text().DateOrTime(r.Since))
	return p.l.env.Say(sentence.Of("lists.since."+string(p.l.state()), at))
}

// Key implements kit.KeyedRows.
func (p people) Key(i int) string { return p.l.rows[i].ID.String() }

// Find implements kit.KeyedRows.
func (p people) Find(key string) (int, bool) {
	for i := range p.l.rows {
		if p.l.rows[i].ID.String() == key {
			return i, true
		}
	}
	return 0, false
}
