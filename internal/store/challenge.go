package store

import (
	"context"
	"errors"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

const challengeColumns = `id, case_no, person, operator, credential, kind, method, sealed, digest, tries_left, created_at, expires_at, used_up, confirmed, destination`

// CreateChallenge implements core.Proofs.
func (s *Store) CreateChallenge(ctx context.Context, c core.Challenge, r core.Record) error {
	return s.recorded(ctx, func(ctx context.Context, b *book) error {
		who, err := b.meet(ctx, c.Account)
		if err != nil {
			return err
		}
		sealed, err := who.seal(c.SentTo, "challenge", c.ID)
		if err != nil {
			return err
		}
		destination, err := who.seal(raw(c.Destination), "challenge to", c.ID)
		if err != nil {
			return err
		}
		const insert = "INSERT INTO challenges (" + challengeColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		if _, err := b.Exec(ctx, insert, c.ID, c.Case, who.pseudonym, c.Operator, c.Credential, string(c.Kind), c.Method, sealed,
			append([]byte{}, c.Digest...), c.TriesLeft, nanos(c.CreatedAt), nanos(c.ExpiresAt), c.UsedUp, c.Confirmed, destination); err != nil {
			return err
		}
		_, err = b.enter(ctx, r)
		return err
	})
}

// Challenge implements core.Proofs.
func (s *Store) Challenge(ctx context.Context, id string) (c core.Challenge, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		c, err = s.people(tx).challenge(ctx, id)
		return err
	})
	return c, err
}

func (p people) challenge(ctx context.Context, id string) (core.Challenge, error) {
	var c core.Challenge
	var pseudonym string
	var sealed, destination, to []byte
	var created, expires int64
	found, err := p.tx.One(ctx, "SELECT "+challengeColumns+" FROM challenges WHERE id = ?", sqlitedb.Args{id}, &c.ID, &c.Case, &pseudonym,
		&c.Operator, &c.Credential, &c.Kind, &c.Method, &sealed, &c.Digest, &c.TriesLeft, &created, &expires, &c.UsedUp, &c.Confirmed, &destination)
	if err != nil {
		return core.Challenge{}, err
	}
	if !found {
		return core.Challenge{}, fail(core.CodeNotFound, "verify.no_challenge")
	}
	if len(c.Digest) == 0 {
		c.Digest = nil
	}
	c.CreatedAt, c.ExpiresAt = instant(created), instant(expires)
	who, err := p.named(ctx, pseudonym)
	if err != nil {
		return core.Challenge{}, err
	}
	c.Account = who.account
	err = errors.Join(who.open(sealed, &c.SentTo, "challenge", id), who.open(destination, &to, "challenge to", id))
	c.Destination = text(to)
	return c, err
}

// TakeTry implements core.Proofs. CodeNotFound when there is no such challenge.
func (s *Store) TakeTry(ctx context.Context, id string, at time.Time) (left int, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		const take = `UPDATE challenges SET tries_left = tries_left - 1
			WHERE id = ? AND tries_left > 0 AND confirmed = 0 AND used_up = 0 AND expires_at > ? RETURNING tries_left`
		taken, err := tx.One(ctx, take, sqlitedb.Args{id, nanos(at)}, &left)
		if err != nil || taken {
			return err
		}
		c, err := s.people(tx).challenge(ctx, id)
		if err != nil {
			return err
		}
		return fail(core.CodeUnverified, whyNoTry(c))
	})
	return left, err
}

// whyNoTry names what ended a challenge.
func whyNoTry(c core.Challenge) string {
	switch {
	case c.Confirmed:
		return "verify.already_confirmed"
	case c.UsedUp || c.TriesLeft <= 0:
		return "verify.no_tries"
	default:
		return "verify.expired"
	}
}

// FailChallenge implements core.Proofs. One that was confirmed meanwhile stays confirmed.
func (s *Store) FailChallenge(ctx context.Context, id string, r core.Record) error {
	return s.recorded(ctx, func(ctx context.Context, b *book) error {
		if _, err := b.challenge(ctx, id); err != nil {
			return err
		}
		if _, err := b.Exec(ctx, "UPDATE challenges SET used_up = 1, tries_left = 0 WHERE id = ? AND confirmed = 0", id); err != nil {
			return err
		}
		_, err := b.enter(ctx, r)
		return err
	})
}

// Confirm implements core.Proofs. A challenge that was used up meanwhile is not confirmed: CodeConflict.
func (s *Store) Confirm(ctx context.Context, challenge string, e core.Evidence, r core.Record) error {
	return s.recorded(ctx, func(ctx context.Context, b *book) error {
		changed, err := b.Exec(ctx, "UPDATE challenges SET confirmed = 1 WHERE id = ? AND confirmed = 0 AND used_up = 0", challenge)
		if err != nil {
			return err
		}
		if changed == 0 {
			c, err := b.challenge(ctx, challenge)
			if err != nil {
				return err
			}
			return fail(core.CodeConflict, whyNoTry(c))
		}
		if err := b.putEvidence(ctx, e); err != nil {
			return err
		}
		_, err = b.enter(ctx, r)
		return err
	})
}
