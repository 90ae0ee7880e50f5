package embedded

import (
	"context"
	"strconv"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

const accountQuery = `SELECT ` + rowColumns + `, p.version, p.given_name, p.surname, p.upn, p.title, p.office, p.employee_number,
	p.service, p.built_in, p.created, p.last_seen,
	coalesce(m.key, ''), coalesce(m.login, ''), coalesce(m.display_name, ''), coalesce(m.department, '')
	FROM people p LEFT JOIN people m ON m.id = p.manager WHERE p.key = ?`

// accountRow holds what accountQuery selects.
type accountRow struct {
	personRow
	version                                              int64
	given, surname, upn, title, office, employee         string
	service, builtIn                                     bool
	created, lastSeen                                    moment
	managerKey, managerLogin, managerName, managerInUnit string
}

func (r *accountRow) fields() []any {
	return append(r.personRow.fields(),
		&r.version, &r.given, &r.surname, &r.upn, &r.title, &r.office, &r.employee, &r.service, &r.builtIn, &r.created, &r.lastSeen,
		&r.managerKey, &r.managerLogin, &r.managerName, &r.managerInUnit)
}

// Account implements core.Directory.
func (d *Directory) Account(ctx context.Context, key string) (core.Account, error) {
	var a core.Account
	err := d.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		var r accountRow
		found, err := tx.One(ctx, accountQuery, sqlitedb.Args{key}, r.fields()...)
		if err != nil {
			return err
		}
		if !found {
			return d.notFound()
		}
		a = d.account(&r, d.clock.Now())
		if err := readMethods(ctx, tx, r.id, &a); err != nil {
			return err
		}
		return readGroups(ctx, tx, r.id, &a)
	})
	if err != nil {
		return core.Account{}, err
	}
	return a, nil
}

func (d *Directory) account(r *accountRow, now time.Time) core.Account {
	a := core.Account{
		Person: d.person(&r.personRow), Version: strconv.FormatInt(r.version, 10),
		GivenName: untrusted.New(r.given), Surname: untrusted.New(r.surname), UPN: untrusted.New(r.upn), Title: untrusted.New(r.title),
		Office: untrusted.New(r.office), EmployeeNumber: untrusted.New(r.employee), Origin: core.CloudOnly, Place: r.place,
		State: r.at(now, d.Policy()), Policy: d.Policy().effective(), Marks: core.Marks{Service: r.service, BuiltIn: r.builtIn},
		Created: r.created.time(), LastSeen: r.lastSeen.time(), ReadAt: now,
	}
	if r.managerKey != "" {
		a.Manager = core.Person{
			ID: d.id(r.managerKey), Login: untrusted.New(r.managerLogin),
			DisplayName: untrusted.New(r.managerName), Department: untrusted.New(r.managerInUnit),
		}
	}
	return a
}
