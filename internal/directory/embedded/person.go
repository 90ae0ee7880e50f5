package embedded

import (
	"context"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// rowColumns are what a row of a search or a list shows, in the order of personRow.fields.
const rowColumns = `p.id, p.key, p.login, p.display_name, p.department, p.place, ` + stateColumns

// personRow holds rowColumns.
type personRow struct {
	id                                         int64
	key, login, displayName, department, place string
	stateRow
}

func (r *personRow) fields() []any {
	return append([]any{&r.id, &r.key, &r.login, &r.displayName, &r.department, &r.place}, r.stateRow.fields()...)
}

func (d *Directory) person(r *personRow) core.Person {
	return core.Person{
		ID: d.id(r.key), Login: untrusted.New(r.login), DisplayName: untrusted.New(r.displayName), Department: untrusted.New(r.department),
	}
}

func (d *Directory) rowState(r *personRow, now time.Time) core.RowState {
	return core.RowStateOf(r.at(now, d.Policy()))
}

// eachPerson calls row for every person of a query that selects rowColumns.
func eachPerson(ctx context.Context, tx *sqlitedb.Tx, query string, args sqlitedb.Args, row func(r *personRow)) error {
	return tx.Each(ctx, query, args, func(scan sqlitedb.Scan) error {
		var r personRow
		if err := scan(r.fields()...); err != nil {
			return err
		}
		row(&r)
		return nil
	})
}
