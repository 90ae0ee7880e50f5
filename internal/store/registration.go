package store

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// RegistrationsOf implements core.Registrations.
func (s *Store) RegistrationsOf(ctx context.Context, account core.AccountID) (out []core.Registration, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		who, known, err := s.people(tx).of(ctx, account)
		if err != nil || !known || who.pseudonym == "" {
			return err
		}
		const query = `SELECT id, kind, sealed, purpose, registered_at, registered_by, last_used FROM registrations WHERE person = ?
			ORDER BY registered_at, id`
		return tx.Each(ctx, query, sqlitedb.Args{who.pseudonym}, func(scan sqlitedb.Scan) error {
			r, err := who.scanRegistration(scan)
			out = append(out, r)
			return err
		})
	})
	return out, err
}

func (w person) scanRegistration(scan sqlitedb.Scan) (core.Registration, error) {
	r := core.Registration{Account: w.account}
	var sealed, destination []byte
	var registered, used int64
	if err := scan(&r.ID, &r.Kind, &sealed, &r.Purpose, &registered, &r.RegisteredBy, &used); err != nil {
		return r, err
	}
	r.RegisteredAt, r.LastUsed = instant(registered), instant(used)
	err := w.open(sealed, &destination, "registration", r.ID)
	r.Destination = text(destination)
	return r, err
}

// TOTPSecret implements core.Registrations. The secret opens only for the account and the id it was sealed for.
func (s *Store) TOTPSecret(ctx context.Context, id string) (*secret.Text, error) {
	var plain []byte
	err := s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		var pseudonym string
		var sealed []byte
		found, err := tx.One(ctx, "SELECT person, secret FROM registrations WHERE id = ?", sqlitedb.Args{id}, &pseudonym, &sealed)
		if err != nil {
			return err
		}
		if !found || len(sealed) == 0 {
			return noRegistration()
		}
		who, err := s.people(tx).named(ctx, pseudonym)
		if err != nil {
			return err
		}
		plain, err = s.keys.secrets.open(sealed, "totp", who.account.String(), id)
		if err != nil {
			return core.Fail(core.CodeInternal, sentence.Of("error.internal")).Because(err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return secret.New(plain), nil
}

// AcceptStep implements core.Registrations. CodeNotFound when there is no such registration, CodeUnavailable.
func (s *Store) AcceptStep(ctx context.Context, id string, step int64) (accepted bool, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		const accept = "UPDATE registrations SET last_step = ?, last_used = ? WHERE id = ? AND last_step < ?"
		changed, err := tx.Exec(ctx, accept, step, nanos(s.clock.Now()), id, step)
		if err != nil || changed > 0 {
			accepted = changed > 0
			return err
		}
		var there int
		found, err := tx.One(ctx, "SELECT 1 FROM registrations WHERE id = ?", sqlitedb.Args{id}, &there)
		if err == nil && !found {
			err = noRegistration()
		}
		return err
	})
	return accepted, err
}

// Register implements core.Registrations. What replaces a registration keeps its last accepted step: a code that was used is not usable
// again because the same secret was imported once more. It keeps nothing of reg.Secret.
func (s *Store) Register(ctx context.Context, reg core.Registration, r core.Record) error {
	return s.recorded(ctx, func(ctx context.Context, b *book) error {
		who, err := b.meet(ctx, reg.Account)
		if err != nil {
			return err
		}
		step, err := b.replaced(ctx, reg, who)
		if err != nil {
			return err
		}
		sealed, err := who.seal(raw(reg.Destination), "registration", reg.ID)
		if err != nil {
			return err
		}
		totp := []byte{}
		if len(reg.Secret) > 0 {
			totp = s.keys.secrets.seal(reg.Secret, "totp", reg.Account.String(), reg.ID)
		}
		const insert = `INSERT INTO registrations (id, person, kind, target, sealed, secret, purpose, registered_at, registered_by, last_used, last_step)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
		if _, err := b.Exec(ctx, insert, reg.ID, who.pseudonym, string(reg.Kind), s.target(reg), sealed, totp, string(reg.Purpose),
			nanos(reg.RegisteredAt), reg.RegisteredBy, nanos(reg.LastUsed), step); err != nil {
			return err
		}
		_, err = b.enter(ctx, r)
		return err
	})
}

// target tells destinations apart without naming them.
func (s *Store) target(reg core.Registration) []byte {
	return mac(s.keys.lookup, "destination", reg.Destination.Raw())
}

// replaced removes what reg replaces and returns the last step accepted there, -1 when there was none.
func (b *book) replaced(ctx context.Context, reg core.Registration, who person) (step int64, err error) {
	step = -1
	const remove = "DELETE FROM registrations WHERE id = ? OR (person = ? AND kind = ? AND target = ?) RETURNING last_step"
	args := sqlitedb.Args{reg.ID, who.pseudonym, string(reg.Kind), b.s.target(reg)}
	err = b.Each(ctx, remove, args, func(scan sqlitedb.Scan) error {
		var last int64
		err := scan(&last)
		step = max(step, last)
		return err
	})
	return step, err
}

// Unregister implements core.Registrations.
func (s *Store) Unregister(ctx context.Context, id string, r core.Record) error {
	return s.recorded(ctx, func(ctx context.Context, b *book) error {
		removed, err := b.Exec(ctx, "DELETE FROM registrations WHERE id = ?", id)
		if err != nil {
			return err
		}
		if removed == 0 {
			return noRegistration()
		}
		_, err = b.enter(ctx, r)
		return err
	})
}

func noRegistration() error { return fail(core.CodeNotFound, "registration.not_found") }
