package embedded

import (
	"context"
	"strconv"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// readMethods reads the addresses on file, which are the contact data and the registered methods in one.
func readMethods(ctx context.Context, tx *sqlitedb.Tx, person int64, a *core.Account) error {
	const query = `SELECT kind, position, destination, registered_at, registered_by FROM methods WHERE person = ? ORDER BY kind, position`
	return tx.Each(ctx, query, sqlitedb.Args{person}, func(scan sqlitedb.Scan) error {
		var kind, destination, by string
		var position int
		var at moment
		if err := scan(&kind, &position, &destination, &at, &by); err != nil {
			return err
		}
		m := core.Method{
			ID: kind + ":" + strconv.Itoa(position), Kind: core.MethodKind(kind), Destination: untrusted.New(destination), Purpose: core.ForReset,
			Source: "directory", RegisteredAt: at.time(), RegisteredBy: by,
		}
		a.Methods = append(a.Methods, m)
		addContact(&a.Contacts, m)
		return nil
	})
}

func addContact(c *core.Contacts, m core.Method) {
	switch m.Kind {
	case core.MethodMail:
		c.Mail = m.Destination
	case core.MethodAlternate:
		c.AlternateMails = append(c.AlternateMails, m.Destination)
	case core.MethodMobile:
		c.Mobile = m.Destination
	case core.MethodOfficePhone:
		c.BusinessPhones = append(c.BusinessPhones, m.Destination)
	case core.MethodTOTP, core.MethodSecurityKeys: // kept by the desk, not here
	}
}
