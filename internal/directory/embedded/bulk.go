package embedded

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// The page cache of the connection that writes: many people at once touch pages of every index.
const (
	importCache = `PRAGMA cache_size = -131072` // KiB
	usualCache  = `PRAGMA cache_size = -2000`   // KiB, SQLite's own default
)

func (d *Directory) setCache(ctx context.Context, pragma string) error {
	return d.db.Write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		_, err := tx.Exec(ctx, pragma)
		return err
	})
}

// dropIndexes drops the indexes of an empty directory; finish makes them again when everybody is there, which is twice as fast. All of it
// is part of the transaction.
func (im *importer) dropIndexes(ctx context.Context) error {
	var drop []string
	const query = `SELECT sql, 'DROP INDEX "' || name || '"' FROM sqlite_schema WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'`
	err := im.tx.Each(ctx, query, nil, func(scan sqlitedb.Scan) error {
		var create, away string
		err := scan(&create, &away)
		im.later, drop = append(im.later, create), append(drop, away)
		return err
	})
	if err != nil {
		return err
	}
	for _, away := range drop {
		if _, err := im.tx.Exec(ctx, away); err != nil {
			return err
		}
	}
	return nil
}
