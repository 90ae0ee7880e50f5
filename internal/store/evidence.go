package store

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

const evidenceColumns = `id, case_no, person, operator, credential, kind, method, strength, obtained_at, expires_at, spent_at, spent_by,
	writes, repeat_until, rebound_from, destination`

func (b *book) putEvidence(ctx context.Context, e core.Evidence) error {
	who, err := b.meet(ctx, e.Account)
	if err != nil {
		return err
	}
	destination, err := who.seal(raw(e.Destination), "evidence from", e.ID)
	if err != nil {
		return err
	}
	const insert = "INSERT INTO evidence (" + evidenceColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	_, err = b.Exec(ctx, insert, e.ID, e.Case, who.pseudonym, e.Operator, e.Credential, string(e.Kind), e.Method, string(e.Strength),
		nanos(e.ObtainedAt), nanos(e.ExpiresAt), nanos(e.SpentAt), e.SpentBy, e.Writes, nanos(e.RepeatUntil), e.ReboundFrom, destination)
	return err
}

// EvidenceOf implements core.Proofs.
func (s *Store) EvidenceOf(ctx context.Context, caseNumber int64) (out []core.Evidence, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		people := s.people(tx)
		const query = "SELECT " + evidenceColumns + " FROM evidence WHERE case_no = ? ORDER BY obtained_at DESC, id DESC"
		return tx.Each(ctx, query, sqlitedb.Args{caseNumber}, func(scan sqlitedb.Scan) error {
			e, err := people.scanEvidence(ctx, scan)
			out = append(out, e)
			return err
		})
	})
	return out, err
}

func (p people) scanEvidence(ctx context.Context, scan sqlitedb.Scan) (core.Evidence, error) {
	var e core.Evidence
	var pseudonym string
	var destination, from []byte
	var obtained, expires, spent, repeat int64
	if err := scan(&e.ID, &e.Case, &pseudonym, &e.Operator, &e.Credential, &e.Kind, &e.Method, &e.Strength, &obtained, &expires, &spent,
		&e.SpentBy, &e.Writes, &repeat, &e.ReboundFrom, &destination); err != nil {
		return e, err
	}
	e.ObtainedAt, e.ExpiresAt, e.SpentAt, e.RepeatUntil = instant(obtained), instant(expires), instant(spent), instant(repeat)
	who, err := p.named(ctx, pseudonym)
	if err != nil {
		return e, err
	}
	err = who.open(destination, &from, "evidence from", e.ID)
	e.Account, e.Destination = who.account, text(from)
	return e, err
}

// AllowRepeat implements core.Proofs.
func (s *Store) AllowRepeat(ctx context.Context, ids []string, until time.Time, r core.Record) error {
	return s.recorded(ctx, func(ctx context.Context, b *book) error {
		const allow = "UPDATE evidence SET repeat_until = ? WHERE spent_at <> 0 AND id IN (SELECT value FROM json_each(?))"
		if _, err := b.Exec(ctx, allow, nanos(until), list(ids)); err != nil {
			return err
		}
		_, err := b.enter(ctx, r)
		return err
	})
}

// Burn implements core.Proofs. The record says how many there were.
func (s *Store) Burn(ctx context.Context, why string, r core.Record) error {
	return unrecorded(s.burn(ctx, why, r))
}

func (s *Store) burn(ctx context.Context, why string, r core.Record) error {
	return s.entered(ctx, func(ctx context.Context, b *book) error {
		const evidence = `UPDATE evidence SET spent_by = iif(spent_at = 0, ?, spent_by), spent_at = iif(spent_at = 0, ?, spent_at),
			repeat_until = 0 WHERE spent_at = 0 OR repeat_until <> 0`
		spent, err := b.Exec(ctx, evidence, why, nanos(r.At))
		if err != nil {
			return err
		}
		ended, err := b.Exec(ctx, "UPDATE challenges SET used_up = 1, tries_left = 0 WHERE confirmed = 0 AND used_up = 0")
		if err != nil {
			return err
		}
		r.Detail = maps.Clone(r.Detail)
		if r.Detail == nil {
			r.Detail = map[string]string{}
		}
		r.Detail["evidence"], r.Detail["challenges"] = strconv.FormatInt(spent, 10), strconv.FormatInt(ended, 10)
		_, err = b.enter(ctx, r)
		return err
	})
}

// stillUsable refuses an intent that rests on evidence another operation has spent since it was weighed.
func (b *book) stillUsable(ctx context.Context, ids []string, at int64) error {
	if len(ids) == 0 {
		return nil
	}
	var usable int
	const query = "SELECT count(*) FROM evidence WHERE (spent_at = 0 OR repeat_until > ?) AND id IN (SELECT value FROM json_each(?))"
	if _, err := b.One(ctx, query, sqlitedb.Args{at, list(ids)}, &usable); err != nil {
		return err
	}
	if usable < len(slices.Compact(slices.Sorted(slices.Values(ids)))) {
		return otherOperation()
	}
	return nil
}

// spend marks evidence as spent. A repeat that was allowed is over with it.
func (b *book) spend(ctx context.Context, ids []string, at int64, by string) error {
	if len(ids) == 0 {
		return nil
	}
	const spend = "UPDATE evidence SET spent_at = ?, spent_by = ?, repeat_until = 0 WHERE id IN (SELECT value FROM json_each(?))"
	_, err := b.Exec(ctx, spend, at, by, list(ids))
	return err
}

// keep counts a write that changed nothing.
func (b *book) keep(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := b.Exec(ctx, "UPDATE evidence SET writes = writes + 1 WHERE id IN (SELECT value FROM json_each(?))", list(ids))
	return err
}

// rebind gives the evidence of a case that can still be used to the operator who took it over, and returns its ids.
func (b *book) rebind(ctx context.Context, caseNumber int64, to core.Actor, at int64) (ids []string, err error) {
	const rebind = `UPDATE evidence SET rebound_from = iif(operator = ?, rebound_from, operator), operator = ?, credential = ?
		WHERE case_no = ? AND spent_at = 0 AND expires_at > ? RETURNING id`
	args := sqlitedb.Args{to.OperatorID, to.OperatorID, to.Credential, caseNumber, at}
	err = b.Each(ctx, rebind, args, func(scan sqlitedb.Scan) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	slices.Sort(ids)
	return ids, err
}
