package store

import (
	"context"
	"strconv"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/store/canonical"
)

// Purge removes records older than before, from the oldest on, up to the first that is younger or belongs to an intent without a known
// outcome. It opens the door in the trigger that protects the trail, and leaves r, completed with what was removed and the digest of the
// last record removed, so that the rest still stands on something. It returns how many were removed; r is not recorded when none was.
// CodeAuditUnavailable.
func (s *Store) Purge(ctx context.Context, before time.Time, r core.Record) (removed int64, err error) {
	err = s.recorded(ctx, func(ctx context.Context, b *book) error {
		first, until, err := b.expired(ctx, nanos(before))
		if err != nil || until <= first {
			return err
		}
		var last []byte
		if _, err := b.One(ctx, "SELECT body FROM trail WHERE seq = ?", sqlitedb.Args{until - 1}, &last); err != nil {
			return err
		}
		removed = until - first
		r.Detail = map[string]string{
			"first": strconv.FormatInt(first, 10), "last": strconv.FormatInt(until-1, 10), "digest": canonical.Digest(last),
		}
		if _, err := b.enter(ctx, r); err != nil {
			return err
		}
		return b.remove(ctx, until)
	})
	return written(removed, err)
}

// expired is the range of records that may go: from first on, before until.
func (b *book) expired(ctx context.Context, before int64) (first, until int64, err error) {
	const query = `SELECT (SELECT coalesce(min(seq), 1) FROM trail),
		min((SELECT coalesce(min(seq), 1 << 62) FROM trail WHERE at >= ?), (SELECT coalesce(min(seq), 1 << 62) FROM intents WHERE state <> 'closed'),
			(SELECT coalesce(max(seq), 0) FROM trail) + 1)`
	_, err = b.One(ctx, query, sqlitedb.Args{before}, &first, &until)
	return first, until, err
}

func (b *book) remove(ctx context.Context, until int64) error {
	for _, statement := range []string{
		"INSERT INTO trail_door (id, before_seq) VALUES (1, ?)",
		"DELETE FROM trail_personal WHERE seq < ?",
		"DELETE FROM intents WHERE seq < ?",
		"DELETE FROM trail WHERE seq < ?",
		"DELETE FROM trail_door WHERE before_seq = ?",
	} {
		if _, err := b.Exec(ctx, statement, until); err != nil {
			return err
		}
	}
	return nil
}
