package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/store/canonical"
)

// ErrTampered is returned by Verify; it names the first record that is not as it was written.
var ErrTampered = errors.New("the trail is not as it was written")

// Verified is what Verify looked at.
type Verified struct {
	First   int64 // number of the oldest record; above 1 after a purge
	Last    int64
	Records int64
	Erased  int64 // records whose personal data are gone
}

// Verify reads the whole trail and checks that every record is in canonical form, follows the one before, is found under what it says, and
// that personal data beside it are those it was written with. It proves order and wholeness against mistakes and damage; whoever can
// write the file can write another chain. ErrTampered, CodeUnavailable.
func (s *Store) Verify(ctx context.Context) (v Verified, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		people := s.people(tx)
		prev := ""
		const query = "SELECT seq, body, prev, boot, at, kind, verb, operation, operator, case_no, subject FROM trail ORDER BY seq"
		return tx.Each(ctx, query, nil, func(scan sqlitedb.Scan) error {
			var row trailRow
			if err := row.scan(scan); err != nil {
				return err
			}
			line, err := row.check(v, prev)
			if err != nil {
				return err
			}
			erased, err := people.checkBeside(ctx, line)
			if err != nil {
				return err
			}
			v.count(row.seq, erased)
			prev = canonical.Digest(row.body)
			return nil
		})
	})
	return v, err
}

// checkBeside compares personal data with their record. They may be gone only with the whole person.
func (p people) checkBeside(ctx context.Context, line canonical.Record) (erased bool, err error) {
	beside, err := p.beside(ctx, line.Seq, line.Personal)
	if err != nil {
		return false, fmt.Errorf("%w: the personal data of record %d: %w", ErrTampered, line.Seq, err)
	}
	if line.Personal == "" || beside.Account != "" || len(beside.Data) > 0 {
		return false, nil
	}
	who, err := p.named(ctx, line.Subject)
	if err == nil && !who.erased {
		err = fmt.Errorf("%w: the personal data of record %d are missing", ErrTampered, line.Seq)
	}
	return true, err
}

func (v *Verified) count(seq int64, erased bool) {
	if v.Records == 0 {
		v.First = seq
	}
	v.Last = seq
	v.Records++
	if erased {
		v.Erased++
	}
}

// trailRow is one row of the table trail.
type trailRow struct {
	columns
	body []byte
}

// columns are what a row is found by.
type columns struct {
	seq, at, caseNo                                      int64
	prev, boot, kind, verb, operation, operator, subject string
}

func (t *trailRow) scan(scan sqlitedb.Scan) error {
	return scan(&t.seq, &t.body, &t.prev, &t.boot, &t.at, &t.kind, &t.verb, &t.operation, &t.operator, &t.caseNo, &t.subject)
}

func columnsOf(r canonical.Record) columns {
	return columns{
		seq: r.Seq, at: nanos(r.At), caseNo: r.Case, prev: r.Prev, boot: r.Boot, kind: r.Kind, verb: r.Verb, operation: r.Operation,
		operator: r.Actor.Operator, subject: r.Subject,
	}
}

// check compares a row with its record and with the row before.
func (t *trailRow) check(v Verified, prev string) (canonical.Record, error) {
	line, err := canonical.Decode(t.body)
	if err != nil {
		return line, fmt.Errorf("%w: record %d: %w", ErrTampered, t.seq, err)
	}
	switch {
	case v.Records > 0 && t.seq != v.Last+1:
		return line, fmt.Errorf("%w: records %d to %d are missing", ErrTampered, v.Last+1, t.seq-1)
	case v.Records > 0 && line.Prev != prev, t.seq == 1 && line.Prev != canonical.Genesis:
		return line, fmt.Errorf("%w: record %d does not follow the one before", ErrTampered, t.seq)
	case t.columns != columnsOf(line):
		return line, fmt.Errorf("%w: record %d is found under something else", ErrTampered, t.seq)
	}
	return line, nil
}
