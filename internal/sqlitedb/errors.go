package sqlitedb

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// What can be wrong with a database file or a transaction. Errors of this package wrap one of them where one fits.
var (
	ErrExposed    = errors.New("the file can be read or changed by others; it must belong to the service alone (mode 0600)")
	ErrDamaged    = errors.New("the database is damaged; it is left as it is: restore a backup")
	ErrNewer      = errors.New("the database was written by a newer version of the program")
	ErrAltered    = errors.New("the database's schema is not the one the program made")
	ErrOldLibrary = errors.New("the SQLite library is too old")
	ErrBusy       = errors.New("the database is locked by another writer")
	ErrFull       = errors.New("the disk is full")
	ErrReadOnly   = errors.New("the database cannot be written")
	ErrUnique     = errors.New("there is such a row already")
)

// refine adds what an error of SQLite means, so that callers need not know its codes.
func refine(err error) error {
	known, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	meaning := meaningOf(known.Code())
	if meaning == nil || errors.Is(err, meaning) {
		return err
	}
	return fmt.Errorf("%w: %w", meaning, err)
}

// meaningOf is the error a result code (https://www.sqlite.org/rescode.html) stands for, nil when it stands for none.
func meaningOf(code int) error {
	switch code {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		return ErrUnique
	case lib.SQLITE_IOERR_SHORT_READ:
		return ErrDamaged
	}
	switch code & 0xff { // the primary code
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return ErrBusy
	case lib.SQLITE_FULL:
		return ErrFull
	case lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_PERM:
		return ErrReadOnly
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return ErrDamaged
	default:
		return nil
	}
}
