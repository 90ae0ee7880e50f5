package store

import (
	"context"
	"strconv"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// casePersonal is what a case keeps sealed: names, and what an operator typed about the person.
type casePersonal struct {
	Login, Name, Department, Reason []byte
}

const caseColumns = `number, person, sealed, ticket, desk, status, opened_by, assigned_to, handoff_to, handoff_wanted, handoff_by,
	handoff_at, handoff_evidence, taken_by, taken_at, code, opened_at, updated_at, closed_at`

// CreateCase implements core.Cases. The record gets the number.
func (s *Store) CreateCase(ctx context.Context, c core.Case, r core.Record) (core.Case, error) {
	err := s.recorded(ctx, func(ctx context.Context, b *book) error {
		who, err := b.meet(ctx, c.Person.ID)
		if err != nil {
			return err
		}
		// The number is known only afterwards and the sealed part is bound to it: first the row, then its content.
		const insert = "INSERT INTO cases (" + caseColumns + ") VALUES (NULL, ?, x'', x'', '', 'open', '', '', '', '', '', 0, 0, '', 0, '', ?, 0, 0) RETURNING number"
		if _, err := b.One(ctx, insert, sqlitedb.Args{who.pseudonym, nanos(c.OpenedAt)}, &c.Number); err != nil {
			return err
		}
		if err := b.storeCase(ctx, c, who); err != nil {
			return err
		}
		r.Case = c.Number
		_, err = b.enter(ctx, r)
		return err
	})
	return c, err
}

// UpdateCase implements core.Cases. UpdatedAt always grows, so that two changes within one tick of the clock differ. Whom a case is
// about, and who opened it when, never changes.
func (s *Store) UpdateCase(ctx context.Context, c core.Case, r core.Record) (out core.Case, err error) {
	err = s.recorded(ctx, func(ctx context.Context, b *book) error {
		was, who, err := b.readCase(ctx, c.Number)
		if err != nil {
			return err
		}
		if !was.UpdatedAt.Equal(c.UpdatedAt) {
			return fail(core.CodeConflict, "case.changed_meanwhile", caseField(c.Number))
		}
		out = c
		out.Person.ID, out.OpenedBy, out.OpenedAt = was.Person.ID, was.OpenedBy, was.OpenedAt
		out.UpdatedAt = instant(max(nanos(r.At), nanos(was.UpdatedAt)+1))
		if err := b.storeCase(ctx, out, who); err != nil {
			return err
		}
		_, err = b.enter(ctx, r)
		return err
	})
	return out, err
}

// TakeCase implements core.Cases. The record names the evidence that was re-bound.
func (s *Store) TakeCase(ctx context.Context, number int64, r core.Record) (out core.Case, err error) {
	err = s.recorded(ctx, func(ctx context.Context, b *book) error {
		c, who, err := b.readCase(ctx, number)
		if err != nil {
			return err
		}
		if c.Status != core.CaseWaiting {
			return fail(core.CodeConflict, "case.taken", caseField(number))
		}
		c.Status, c.AssignedTo = core.CaseOpen, r.Actor.OperatorID
		c.Handoff.TakenBy, c.Handoff.TakenAt = r.Actor.OperatorID, instant(nanos(r.At))
		c.UpdatedAt = instant(max(nanos(r.At), nanos(c.UpdatedAt)+1))
		if err := b.storeCase(ctx, c, who); err != nil {
			return err
		}
		if r.Evidence, err = b.rebind(ctx, number, r.Actor, nanos(r.At)); err != nil {
			return err
		}
		out = c
		_, err = b.enter(ctx, r)
		return err
	})
	return out, err
}

// Case implements core.Cases.
func (s *Store) Case(ctx context.Context, number int64) (c core.Case, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		c, _, err = s.people(tx).readCase(ctx, number)
		return err
	})
	return c, err
}

// ListCases implements core.Cases.
func (s *Store) ListCases(ctx context.Context, f core.CaseFilter) (out []core.Case, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		people := s.people(tx)
		w, possible, err := people.wantedCases(ctx, f)
		if err != nil || !possible {
			return err
		}
		query := "SELECT " + caseColumns + " FROM cases" + w.String() + orderOf(f) + " LIMIT ?"
		return tx.Each(ctx, query, append(w.args, limit(f.Limit)), func(scan sqlitedb.Scan) error {
			c, _, err := people.scanCase(ctx, scan)
			out = append(out, c)
			return err
		})
	})
	return out, err
}

// orderOf puts who has waited longest first where only waiting cases are asked for.
func orderOf(f core.CaseFilter) string {
	if len(f.Waiting) > 0 || (len(f.Status) == 1 && f.Status[0] == core.CaseWaiting) {
		return " ORDER BY handoff_at, number"
	}
	return " ORDER BY number DESC"
}

func (p people) wantedCases(ctx context.Context, f core.CaseFilter) (w where, possible bool, err error) {
	if len(f.Status) > 0 {
		w.and("status IN (SELECT value FROM json_each(?))", list(f.Status))
	}
	if f.AssignedTo != "" {
		w.and("assigned_to = ?", f.AssignedTo)
	}
	if f.HandledBy != "" {
		w.and("number IN (SELECT case_no FROM case_hands WHERE operator = ?)", f.HandledBy)
	}
	if len(f.Waiting) > 0 {
		w.and("status = 'waiting' AND handoff_to IN (SELECT value FROM json_each(?))", list(f.Waiting))
	}
	if f.Account.IsZero() {
		return w, true, nil
	}
	who, known, err := p.of(ctx, f.Account)
	if err != nil || !known {
		return w, false, err
	}
	w.and("person = ?", who.pseudonym)
	return w, true, nil
}

// readCase reads one case and whom it is about.
func (p people) readCase(ctx context.Context, number int64) (c core.Case, who person, err error) {
	found := false
	err = p.tx.Each(ctx, "SELECT "+caseColumns+" FROM cases WHERE number = ?", sqlitedb.Args{number}, func(scan sqlitedb.Scan) error {
		found = true
		c, who, err = p.scanCase(ctx, scan)
		return err
	})
	if err == nil && !found {
		err = fail(core.CodeNotFound, "case.not_found", caseField(number))
	}
	return c, who, err
}

func (p people) scanCase(ctx context.Context, scan sqlitedb.Scan) (core.Case, person, error) {
	var c core.Case
	var pseudonym string
	var sealed, ticket []byte
	var handedAt, evidence, takenAt, opened, updated, closed int64
	err := scan(&c.Number, &pseudonym, &sealed, &ticket, &c.Desk, &c.Status, &c.OpenedBy, &c.AssignedTo, &c.Handoff.To, &c.Handoff.Wanted,
		&c.Handoff.By, &handedAt, &evidence, &c.Handoff.TakenBy, &takenAt, &c.Code, &opened, &updated, &closed)
	if err != nil {
		return c, person{}, err
	}
	c.Ticket = text(ticket)
	c.Handoff.At, c.Handoff.Evidence, c.Handoff.TakenAt = instant(handedAt), instant(evidence), instant(takenAt)
	c.OpenedAt, c.UpdatedAt, c.ClosedAt = instant(opened), instant(updated), instant(closed)
	who, err := p.named(ctx, pseudonym)
	if err != nil {
		return c, who, err
	}
	var names casePersonal
	err = who.open(sealed, &names, "case", strconv.FormatInt(c.Number, 10))
	c.Person = core.Person{ID: who.account, Login: text(names.Login), DisplayName: text(names.Name), Department: text(names.Department)}
	c.Handoff.Reason = text(names.Reason)
	return c, who, err
}

// storeCase writes everything of a case that can change, and who had it in hands.
func (b *book) storeCase(ctx context.Context, c core.Case, who person) error {
	sealed, err := who.seal(casePersonal{
		Login: raw(c.Person.Login), Name: raw(c.Person.DisplayName), Department: raw(c.Person.Department), Reason: raw(c.Handoff.Reason),
	}, "case", strconv.FormatInt(c.Number, 10))
	if err != nil {
		return err
	}
	const update = `UPDATE cases SET sealed = ?, ticket = ?, desk = ?, status = ?, opened_by = ?, assigned_to = ?, handoff_to = ?, handoff_wanted = ?,
		handoff_by = ?, handoff_at = ?, handoff_evidence = ?, taken_by = ?, taken_at = ?, code = ?, updated_at = ?, closed_at = ? WHERE number = ?`
	h := c.Handoff
	if _, err := b.Exec(ctx, update, sealed, raw(c.Ticket), c.Desk, string(c.Status), c.OpenedBy, c.AssignedTo, string(h.To), string(h.Wanted),
		h.By, nanos(h.At), nanos(h.Evidence), h.TakenBy, nanos(h.TakenAt), string(c.Code), nanos(c.UpdatedAt), nanos(c.ClosedAt), c.Number); err != nil {
		return err
	}
	const hands = "INSERT INTO case_hands (case_no, operator) SELECT ?, value FROM json_each(?) WHERE value <> '' ON CONFLICT DO NOTHING"
	_, err = b.Exec(ctx, hands, c.Number, list([]string{c.OpenedBy, c.AssignedTo, h.By, h.TakenBy}))
	return err
}

func caseField(number int64) sentence.Field { return sentence.Count("case", int(number)) }
