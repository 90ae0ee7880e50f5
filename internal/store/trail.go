package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// The states of an intent.
const (
	intentOpen    = "open"    // no outcome was recorded
	intentUnknown = "unknown" // the outcome is not known; the account stays blocked
	intentClosed  = "closed"
)

var (
	errNoSubject = errors.New("an intent needs an operation id and an account")
	errNoIntent  = errors.New("there is no such intent")
)

// Intend implements core.Trail. It accepts no intent while there is no space for its outcome, and none whose evidence was spent since it was
// weighed: CodeConflict.
func (s *Store) Intend(ctx context.Context, i core.Intent) (seq int64, err error) {
	if i.Record.Operation == "" || i.Record.Subject.IsZero() {
		return 0, unrecorded(errNoSubject)
	}
	if err := s.reserve.fill(); err != nil {
		return 0, unrecorded(err)
	}
	err = s.recorded(ctx, func(ctx context.Context, b *book) error {
		e, err := b.enter(ctx, i.Record)
		if err != nil {
			return err
		}
		seq = e.seq
		if err := b.stillUsable(ctx, i.Evidence, nanos(i.Record.At)); err != nil {
			return err
		}
		_, err = b.Exec(ctx, "INSERT INTO intents (seq, operation, subject, state) VALUES (?, ?, ?, ?)",
			e.seq, plain(i.Record.Operation), e.who.pseudonym, intentOpen)
		if errors.Is(err, sqlitedb.ErrUnique) {
			return otherOperation()
		}
		return err
	})
	return written(seq, err)
}

// written is a number that counts only if the transaction was committed.
func written(seq int64, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return seq, nil
}

// Conclude implements core.Trail. When the disk is full it gives up the space that was kept for this.
func (s *Store) Conclude(ctx context.Context, c core.Conclusion) (seq int64, err error) {
	err = s.concluded(ctx, func(ctx context.Context, b *book) (err error) {
		seq, err = b.conclude(ctx, c)
		return err
	})
	return written(seq, err)
}

func (b *book) conclude(ctx context.Context, c core.Conclusion) (int64, error) {
	e, err := b.enter(ctx, c.Record)
	if err != nil {
		return 0, err
	}
	if err := b.settle(ctx, c.Intent, c.Record.Outcome); err != nil {
		return 0, err
	}
	at := nanos(c.Record.At)
	if err := b.spend(ctx, c.Spend, at, c.Record.Operation); err != nil {
		return 0, err
	}
	if err := b.keep(ctx, c.Keep); err != nil {
		return 0, err
	}
	if c.Case.Number != 0 {
		if _, err := b.Exec(ctx, "UPDATE cases SET updated_at = max(?, updated_at + 1) WHERE number = ?", at, c.Case.Number); err != nil {
			return 0, err
		}
	}
	return e.seq, b.putIn(ctx, e.who, c.Notices, at)
}

// settle notes what became of an intent. One that was reconciled meanwhile stays closed.
func (b *book) settle(ctx context.Context, intent int64, o core.Outcome) error {
	var state string
	switch o {
	case core.Done, core.Refused, core.Failed:
		state = intentClosed
	case core.Unknown:
		state = intentUnknown
	default:
		return fmt.Errorf("the outcome %q of an intent", o)
	}
	changed, err := b.Exec(ctx, "UPDATE intents SET state = iif(state = 'closed', 'closed', ?) WHERE seq = ?", state, intent)
	if err == nil && changed == 0 {
		err = errNoIntent
	}
	return err
}

// Reconcile implements core.Trail.
func (s *Store) Reconcile(ctx context.Context, c core.Conclusion) error {
	return s.concluded(ctx, func(ctx context.Context, b *book) error {
		changed, err := b.Exec(ctx, "UPDATE intents SET state = 'closed' WHERE seq = ? AND state <> 'closed'", c.Intent)
		if err != nil || changed == 0 {
			return err
		}
		e, err := b.enter(ctx, c.Record)
		if err != nil {
			return err
		}
		return b.putIn(ctx, e.who, c.Notices, nanos(c.Record.At))
	})
}

// Append implements core.Trail.
func (s *Store) Append(ctx context.Context, r core.Record) (seq int64, err error) {
	err = s.recorded(ctx, func(ctx context.Context, b *book) error {
		e, err := b.enter(ctx, r)
		seq = e.seq
		return err
	})
	return written(seq, err)
}

// Probe implements core.Trail. It also takes back the space for outcomes, without which no change is accepted.
func (s *Store) Probe(ctx context.Context) error {
	if err := s.reserve.fill(); err != nil {
		return unrecorded(err)
	}
	return unrecorded(s.db.Write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		const probe = "INSERT INTO meta (name, value) VALUES ('probe', ?) ON CONFLICT DO UPDATE SET value = excluded.value"
		_, err := tx.Exec(ctx, probe, randomBytes(8))
		return err
	}))
}

// concluded records like recorded does, and once more with the space that was kept for it when the disk is full. Then it says so in the
// trail.
func (s *Store) concluded(ctx context.Context, do func(ctx context.Context, b *book) error) error {
	err := s.entered(ctx, do)
	if !errors.Is(err, sqlitedb.ErrFull) || !s.reserve.giveUp() {
		return unrecorded(err)
	}
	s.log.ErrorContext(ctx, "the disk is full; the space kept for outcomes is used, changes are refused until there is room", "path", s.db.Path())
	return s.recorded(ctx, func(ctx context.Context, b *book) error {
		if err := do(ctx, b); err != nil {
			return err
		}
		_, err := b.enter(ctx, core.Record{Kind: core.KindSystem, Reason: "trail.reserve_used"})
		return err
	})
}
