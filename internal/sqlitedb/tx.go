package sqlitedb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Tx is a transaction under way. It is used by one goroutine and not after the function it was given to has returned.
type Tx struct {
	c     *connection
	write bool
}

// Args are the parameters of a query, in order.
type Args []any

// Scan copies the columns of the current row.
type Scan func(into ...any) error

// Write runs do in a transaction that may write; it is on the disk when Write returns nil, and nothing of it is when Write returns an
// error. A statement that was begun is finished even if ctx ends meanwhile, but nothing is committed after that. ErrBusy when the writer
// or another process's lock is not to be had in time; ErrFull, ErrReadOnly, ErrDamaged; the error of do.
func (db *DB) Write(ctx context.Context, do func(ctx context.Context, tx *Tx) error) error {
	if err := db.Damaged(); err != nil {
		return err
	}
	c, err := db.borrow(ctx, db.writer)
	if err != nil {
		return err
	}
	defer func() { db.writer <- c }()
	if _, err := c.exec(context.WithoutCancel(ctx), "BEGIN IMMEDIATE"); err != nil {
		return refine(err)
	}
	return db.end(ctx, c, "COMMIT", func() error { return do(ctx, &Tx{c: c, write: true}) })
}

// Read runs do in a transaction that sees one state of the database and changes nothing. It waits for no writer.
// A statement is interrupted when ctx ends. Errors as of Write.
func (db *DB) Read(ctx context.Context, do func(ctx context.Context, tx *Tx) error) error {
	c, err := db.borrow(ctx, db.readers)
	if err != nil {
		return err
	}
	defer func() { db.readers <- c }()
	if _, err := c.exec(context.WithoutCancel(ctx), "BEGIN DEFERRED"); err != nil {
		return refine(err)
	}
	return db.end(ctx, c, "ROLLBACK", func() error { return do(ctx, &Tx{c: c}) })
}

// borrow waits for a free connection, not longer than the patience.
func (db *DB) borrow(ctx context.Context, free chan *connection) (*connection, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case c := <-free:
		return c, nil
	default:
	}
	limit := time.NewTimer(db.patience)
	defer limit.Stop()
	select {
	case c := <-free:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-limit.C:
		return nil, fmt.Errorf("%w: no free connection within %s", ErrBusy, db.patience)
	}
}

// end runs do and ends the transaction, whatever do does: a panic goes on after the rollback.
func (db *DB) end(ctx context.Context, c *connection, how string, do func() error) (err error) {
	ended := false
	lasting := context.WithoutCancel(ctx)
	defer func() {
		if !ended {
			// After some failures SQLite has rolled back already; then this says that there is nothing to roll back.
			_, _ = c.exec(lasting, "ROLLBACK")
		}
	}()
	if err := do(); err != nil {
		return refine(err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := c.exec(lasting, how); err != nil {
		return refine(err)
	}
	ended = true
	return nil
}

// Exec runs a statement and returns how many rows it changed. Its errors, and those of One and Each, can be told apart with errors.Is:
// ErrUnique, ErrBusy, ErrFull, ErrReadOnly, ErrDamaged.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (changed int64, err error) {
	if !tx.write {
		return 0, errors.New("sqlitedb: Exec inside Read")
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	changed, err = tx.c.exec(context.WithoutCancel(ctx), query, args...)
	return changed, refine(err)
}

// One reads the first row of a query. It reports whether there was one.
func (tx *Tx) One(ctx context.Context, query string, args Args, into ...any) (found bool, err error) {
	err = tx.query(ctx, query, args, func(rows *sql.Rows) error {
		if !rows.Next() {
			return nil
		}
		found = true
		return rows.Scan(into...)
	})
	return found && err == nil, err
}

// Each calls row for every row of a query until it returns an error, which Each returns. Inside row other queries may be made, the same
// one too.
func (tx *Tx) Each(ctx context.Context, query string, args Args, row func(scan Scan) error) error {
	return tx.query(ctx, query, args, func(rows *sql.Rows) error {
		for rows.Next() {
			if err := row(rows.Scan); err != nil {
				return err
			}
		}
		return nil
	})
}

func (tx *Tx) query(ctx context.Context, query string, args Args, read func(*sql.Rows) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if tx.write {
		ctx = context.WithoutCancel(ctx)
	}
	s, temporary, err := tx.c.statement(ctx, query)
	if err != nil {
		return refine(err)
	}
	s.busy = true
	defer func() {
		s.busy, err = false, refine(err)
		if temporary {
			err = errors.Join(err, s.Close())
		}
	}()
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if err := read(rows); err != nil {
		return err
	}
	return rows.Err()
}
