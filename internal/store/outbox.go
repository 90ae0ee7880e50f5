package store

import (
	"context"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// noticePersonal is what a notice keeps sealed.
type noticePersonal struct {
	To, Name, Login, Ticket []byte
}

// putIn puts notices into the outbox. One that is in it already stays as it is.
func (b *book) putIn(ctx context.Context, who person, notices []core.Notice, at int64) error {
	const insert = `INSERT INTO notices (key, kind, channel, person, sealed, case_no, at, put_at, attempts, next_try, trouble, dead)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`
	for _, n := range notices {
		sealed, err := who.seal(noticePersonal{To: raw(n.To), Name: raw(n.Name), Login: raw(n.Login), Ticket: raw(n.Ticket)}, "notice", n.Key)
		if err != nil {
			return err
		}
		trouble, err := who.seal(n.LastError, "trouble", n.Key)
		if err != nil {
			return err
		}
		if _, err := b.Exec(ctx, insert, n.Key, string(n.Kind), n.Channel, who.pseudonym, sealed, n.Case, nanos(n.At), at, n.Attempts,
			nanos(n.NextTry), trouble, n.Dead); err != nil {
			return err
		}
	}
	return nil
}

// DueNotices implements core.Outbox. CodeUnavailable.
func (s *Store) DueNotices(ctx context.Context, at time.Time, most int) (out []core.Notice, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		people := s.people(tx)
		const query = `SELECT key, kind, channel, person, sealed, case_no, at, attempts, next_try, trouble, dead FROM notices
			WHERE dead = 0 AND next_try <= ? ORDER BY position LIMIT ?`
		return tx.Each(ctx, query, sqlitedb.Args{nanos(at), limit(most)}, func(scan sqlitedb.Scan) error {
			n, err := people.scanNotice(ctx, scan)
			out = append(out, n)
			return err
		})
	})
	return out, err
}

func (p people) scanNotice(ctx context.Context, scan sqlitedb.Scan) (core.Notice, error) {
	var n core.Notice
	var pseudonym string
	var sealed, trouble []byte
	var at, next int64
	if err := scan(&n.Key, &n.Kind, &n.Channel, &pseudonym, &sealed, &n.Case, &at, &n.Attempts, &next, &trouble, &n.Dead); err != nil {
		return n, err
	}
	who, err := p.named(ctx, pseudonym)
	if err != nil {
		return n, err
	}
	var inside noticePersonal
	if err := who.open(sealed, &inside, "notice", n.Key); err != nil {
		return n, err
	}
	n.To, n.Name, n.Login, n.Ticket = text(inside.To), text(inside.Name), text(inside.Login), text(inside.Ticket)
	n.At, n.NextTry = instant(at), instant(next)
	return n, who.open(trouble, &n.LastError, "trouble", n.Key)
}

// NoticeSent implements core.Outbox. One that is gone already is no error. CodeUnavailable.
func (s *Store) NoticeSent(ctx context.Context, key string) error {
	return s.write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM notices WHERE key = ?", key)
		return err
	})
}

// NoticeFailed implements core.Outbox. One that is gone already is no error. CodeUnavailable.
func (s *Store) NoticeFailed(ctx context.Context, key, why string, next time.Time, dead bool) error {
	return s.write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		var pseudonym string
		found, err := tx.One(ctx, "SELECT person FROM notices WHERE key = ?", sqlitedb.Args{key}, &pseudonym)
		if err != nil || !found {
			return err
		}
		who, err := s.people(tx).named(ctx, pseudonym)
		if err != nil {
			return err
		}
		trouble, err := who.seal(why, "trouble", key)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE notices SET attempts = attempts + 1, trouble = ?, next_try = ?, dead = ? WHERE key = ?",
			trouble, nanos(next), dead, key)
		return err
	})
}

// OutboxDepth implements core.Outbox. CodeUnavailable.
func (s *Store) OutboxDepth(ctx context.Context) (waiting, dead int, oldest time.Time, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		var since int64
		const query = "SELECT coalesce(sum(dead = 0), 0), coalesce(sum(dead <> 0), 0), coalesce(min(iif(dead = 0, put_at, NULL)), 0) FROM notices"
		_, err := tx.One(ctx, query, nil, &waiting, &dead, &since)
		oldest = instant(since)
		return err
	})
	return waiting, dead, oldest, err
}
