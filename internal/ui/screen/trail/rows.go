package trail

import (
	"strconv"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// records are the rows of the table.
type records struct{ t *Trail }

// Len implements kit.Rows.
func (r records) Len() int { return len(r.t.rows) }

// Row implements kit.Rows.
func (r records) Row(i int) []kit.Cell {
	rec, env := &r.t.rows[i], r.t.env
	ref := ""
	if rec.Case != 0 {
		ref = strconv.FormatInt(rec.Case, 10)
	}
	return []kit.Cell{
		{Text: env.Text().DateOrTime(rec.At), Token: theme.Dim},
		{Text: r.t.who(rec)},
		phrase.Record(env, *rec),
		{Text: subject(env, rec)},
		{Text: ref, Token: theme.Dim},
	}
}

// Key implements kit.KeyedRows.
func (r records) Key(i int) string { return strconv.FormatInt(r.t.rows[i].Seq, 10) }

// Find implements kit.KeyedRows.
func (r records) Find(key string) (int, bool) {
	for i := range r.t.rows {
		if strconv.FormatInt(r.t.rows[i].Seq, 10) == key {
			return i, true
		}
	}
	return 0, false
}

// who is the operator of a record, or the program itself.
func (t *Trail) who(r *core.Record) string {
	if r.Actor.OperatorID == "" {
		return t.env.Label("trail.program")
	}
	if name := t.names[r.Actor.OperatorID]; name != "" {
		return name
	}
	return r.Actor.OperatorID
}

// subject is the person a record is about. Where the personal data were erased, or never were in it, nobody is named.
func subject(env *screen.Env, r *core.Record) string {
	switch {
	case r.Subject.IsZero():
		return ""
	case r.Personal["name"] != "":
		return person(*r).DisplayName.String()
	default:
		return env.Say(sentence.Of("trail.nameless"))
	}
}
