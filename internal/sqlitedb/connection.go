package sqlitedb

import (
	"context"
	"database/sql"
	"errors"
)

// mostPrepared bounds the statements one connection keeps. Queries are constants, so that it is not reached.
const mostPrepared = 512

// connection is one connection with the statements prepared on it. One transaction uses it at a time.
type connection struct {
	conn     *sql.Conn
	prepared map[string]*statement
}

// statement is a prepared statement. While its rows are being read it must not be started again.
type statement struct {
	*sql.Stmt
	busy bool
}

// statement returns the prepared statement for a query, and whether the caller has to close it.
func (c *connection) statement(ctx context.Context, query string) (s *statement, temporary bool, err error) {
	s, known := c.prepared[query]
	if known && !s.busy {
		return s, false, nil
	}
	stmt, err := c.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, false, err
	}
	s = &statement{Stmt: stmt}
	if known || len(c.prepared) >= mostPrepared {
		return s, true, nil
	}
	c.prepared[query] = s
	return s, false, nil
}

func (c *connection) exec(ctx context.Context, query string, args ...any) (changed int64, err error) {
	s, temporary, err := c.statement(ctx, query)
	if err != nil {
		return 0, err
	}
	if temporary {
		defer func() { err = errors.Join(err, s.Close()) }()
	}
	res, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (c *connection) close() error {
	var errs []error
	for _, s := range c.prepared {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.conn.Close())...)
}
