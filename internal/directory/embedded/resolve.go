package embedded

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// mostResolved is how many accounts one name resolves to. More than one is refused anyway.
const mostResolved = 20

const resolveQuery = `SELECT key FROM people WHERE id IN (
	SELECT id FROM people WHERE key = ?1
	UNION SELECT id FROM people WHERE login_key = ?2
	UNION SELECT id FROM people WHERE upn_key = ?2 AND upn_key <> ''
	UNION SELECT person FROM methods WHERE lookup = ?2 AND lookup <> '' AND kind = ?3
	LIMIT +?4)`

// Resolve implements core.Directory. Everybody who is meant is returned: who a name belongs to is not guessed.
func (d *Directory) Resolve(ctx context.Context, name untrusted.Text) ([]core.AccountID, error) {
	raw := name.Raw()
	key := exactKey(raw)
	if key == "" || len(raw) > longestQuery {
		return nil, nil
	}
	var out []core.AccountID
	err := d.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		args := sqlitedb.Args{raw, key, string(core.MethodMail), mostResolved}
		return tx.Each(ctx, resolveQuery, args, func(scan sqlitedb.Scan) error {
			var found string
			err := scan(&found)
			out = append(out, d.id(found))
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
