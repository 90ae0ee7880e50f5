package store

import (
	"context"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

const (
	attemptLife  = 8 * 24 * time.Hour // longer than any window
	pruneSpacing = time.Hour
)

// prunedAt remembers when old attempts were last removed.
type prunedAt struct {
	mu sync.Mutex
	at time.Time
}

// due reports whether it is time to remove old attempts again, and takes the turn.
func (p *prunedAt) due(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.at).Abs() < pruneSpacing {
		return false
	}
	p.at = now
	return true
}

// Count implements core.Attempts. CodeUnavailable.
func (s *Store) Count(ctx context.Context, key string, at time.Time, window time.Duration) (n int, err error) {
	counted := mac(s.keys.counted, key)
	err = s.write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		if s.pruned.due(at) {
			if _, err := tx.Exec(ctx, "DELETE FROM attempts WHERE at < ?", nanos(at.Add(-attemptLife))); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, "INSERT INTO attempts (key, at) VALUES (?, ?)", counted, nanos(at)); err != nil {
			return err
		}
		// No upper bound: entries from the future count.
		_, err := tx.One(ctx, "SELECT count(*) FROM attempts WHERE key = ? AND at > ?", sqlitedb.Args{counted, nanos(at.Add(-window))}, &n)
		return err
	})
	return n, err
}

// Forget implements core.Attempts. CodeUnavailable.
func (s *Store) Forget(ctx context.Context, key string, at time.Time) error {
	return s.write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		const forget = "DELETE FROM attempts WHERE id = (SELECT max(id) FROM attempts WHERE key = ? AND at = ?)"
		_, err := tx.Exec(ctx, forget, mac(s.keys.counted, key), nanos(at))
		return err
	})
}

// Recent implements core.Attempts. CodeUnavailable.
func (s *Store) Recent(ctx context.Context, key string, at time.Time, window time.Duration) (n int, newest time.Time, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		var last int64
		_, err := tx.One(ctx, "SELECT count(*), coalesce(max(at), 0) FROM attempts WHERE key = ? AND at > ?",
			sqlitedb.Args{mac(s.keys.counted, key), nanos(at.Add(-window))}, &n, &last)
		newest = instant(last)
		return err
	})
	return n, newest, err
}
