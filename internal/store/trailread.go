package store

import (
	"context"
	"strconv"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/store/canonical"
)

// Performed implements core.Trail.
func (s *Store) Performed(ctx context.Context, operation string) (was core.Concluded, err error) {
	operation = plain(operation)
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		var intent, seq int64
		found, err := tx.One(ctx, "SELECT seq FROM intents WHERE operation = ?", sqlitedb.Args{operation}, &intent)
		if err != nil {
			return err
		}
		if !found || operation == "" {
			return fail(core.CodeNotFound, "operation.not_found")
		}
		const last = `SELECT seq FROM trail WHERE operation = ? AND operation <> '' AND kind IN ('outcome', 'reconciled') ORDER BY seq DESC LIMIT 1`
		concluded, err := tx.One(ctx, last, sqlitedb.Args{operation}, &seq)
		if err != nil {
			return err
		}
		if !concluded {
			seq = intent
		}
		was.Open = !concluded
		was.Record, err = s.people(tx).record(ctx, seq)
		return err
	})
	return was, err
}

// OpenIntents implements core.Trail.
func (s *Store) OpenIntents(ctx context.Context, account core.AccountID) (out []core.OpenIntent, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		people := s.people(tx)
		who, known, err := people.of(ctx, account)
		if err != nil || !known {
			return err
		}
		const open = "SELECT seq, state = 'unknown' FROM intents WHERE state <> 'closed' AND (? = '' OR subject = ?) ORDER BY seq"
		return tx.Each(ctx, open, sqlitedb.Args{who.pseudonym, who.pseudonym}, func(scan sqlitedb.Scan) error {
			var seq int64
			var i core.OpenIntent
			if err := scan(&seq, &i.Unknown); err != nil {
				return err
			}
			var err error
			i.Record, err = people.record(ctx, seq)
			out = append(out, i)
			return err
		})
	})
	return out, err
}

// Records implements core.Trail.
func (s *Store) Records(ctx context.Context, f core.TrailFilter) (out []core.Record, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		people := s.people(tx)
		w, ok, err := people.wanted(ctx, f)
		if err != nil || !ok {
			return err
		}
		return tx.Each(ctx, "SELECT seq, body FROM trail"+w.String()+" ORDER BY seq DESC LIMIT ?", append(w.args, limit(f.Limit)), func(scan sqlitedb.Scan) error {
			var seq int64
			var body []byte
			if err := scan(&seq, &body); err != nil {
				return err
			}
			r, err := people.read(ctx, seq, body)
			out = append(out, r)
			return err
		})
	})
	return out, err
}

// wanted builds the condition of a filter. It is false when nothing can match.
func (p people) wanted(ctx context.Context, f core.TrailFilter) (w where, possible bool, err error) {
	const handled = "case_no IN (SELECT case_no FROM case_hands WHERE operator = ?)"
	switch {
	case f.Operator != "" && f.Cases != "":
		w.and("(operator = ? OR "+handled+")", f.Operator, f.Cases)
	case f.Operator != "":
		w.and("operator = ?", f.Operator)
	case f.Cases != "":
		w.and(handled, f.Cases)
	}
	if !f.Account.IsZero() {
		who, known, err := p.of(ctx, f.Account)
		if err != nil || !known {
			return w, false, err
		}
		w.and("subject = ?", who.pseudonym)
	}
	if f.Case != 0 {
		w.and("case_no = ?", f.Case)
	}
	if len(f.Kinds) > 0 {
		w.and("kind IN (SELECT value FROM json_each(?))", list(f.Kinds))
	}
	if f.BeforeSeq != 0 {
		w.and("seq < ?", f.BeforeSeq)
	}
	return w, true, nil
}

// record reads one record by its number.
func (p people) record(ctx context.Context, seq int64) (core.Record, error) {
	var body []byte
	if _, err := p.tx.One(ctx, "SELECT body FROM trail WHERE seq = ?", sqlitedb.Args{seq}, &body); err != nil {
		return core.Record{}, err
	}
	return p.read(ctx, seq, body)
}

// read completes a record with the personal data beside it, unless they were erased.
func (p people) read(ctx context.Context, seq int64, body []byte) (core.Record, error) {
	line, err := canonical.Decode(body)
	if err != nil {
		return core.Record{}, err
	}
	r := recordOf(line)
	beside, err := p.beside(ctx, seq, line.Personal)
	if err != nil {
		p.s.log.ErrorContext(ctx, "personal data beside a record cannot be read", "seq", seq, "error", err)
		return r, nil
	}
	r.Subject, r.Personal = accountOf(beside.Account), beside.Data
	return r, nil
}

// beside reads what is kept beside a record and compares it with the record's digest.
func (p people) beside(ctx context.Context, seq int64, digest string) (canonical.Personal, error) {
	var pseudonym string
	var sealed []byte
	found, err := p.tx.One(ctx, "SELECT person, sealed FROM trail_personal WHERE seq = ?", sqlitedb.Args{seq}, &pseudonym, &sealed)
	if err != nil || !found {
		return canonical.Personal{}, err
	}
	who, err := p.named(ctx, pseudonym)
	if err != nil || who.erased {
		return canonical.Personal{}, err
	}
	plain, err := who.sealer.open(sealed, "trail", strconv.FormatInt(seq, 10), pseudonym)
	if err != nil || len(plain) < canonical.SaltSize {
		return canonical.Personal{}, errSealed
	}
	if canonical.PersonalDigest(plain[:canonical.SaltSize], plain[canonical.SaltSize:]) != digest {
		return canonical.Personal{}, errSealed
	}
	return canonical.DecodePersonal(plain[canonical.SaltSize:])
}

// where collects conditions that must all hold.
type where struct {
	parts []string
	args  sqlitedb.Args
}

func (w *where) and(condition string, args ...any) {
	w.parts = append(w.parts, condition)
	w.args = append(w.args, args...)
}

func (w *where) String() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.parts, " AND ")
}

// limit is the most rows of a list: 100 unless something else is asked for.
func limit(n int) int {
	if n <= 0 {
		return 100
	}
	return n
}
