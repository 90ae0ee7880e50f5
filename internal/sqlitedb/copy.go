package sqlitedb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// CopyTo writes a consistent copy to a file of its own, with mode 0600, while the database is in use. The name appears only when the
// copy is complete and on the disk. fs.ErrExist when there is such a file; else ErrFull, ErrReadOnly, ErrDamaged.
func (db *DB) CopyTo(ctx context.Context, file string) error {
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("copy %s: %w", file, fs.ErrExist)
	}
	if err := db.copyTo(ctx, file); err != nil {
		return fmt.Errorf("copy %s: %w", file, err)
	}
	return nil
}

// copyTo replaces what has that name.
func (db *DB) copyTo(ctx context.Context, file string) error {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*.part") // VACUUM INTO accepts an empty file
	if err != nil {
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	part := f.Name()
	if err := f.Close(); err != nil {
		return err
	}
	if err := db.vacuumInto(ctx, part); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	if err := errors.Join(syncFile(part), os.Rename(part, file)); err != nil {
		return err
	}
	return syncFile(file)
}

// vacuumInto copies with a connection that reads; the writer goes on meanwhile.
func (db *DB) vacuumInto(ctx context.Context, file string) error {
	c, err := db.borrow(ctx, db.readers)
	if err != nil {
		return err
	}
	defer func() { db.readers <- c }()
	_, err = c.exec(ctx, "VACUUM INTO ?", file)
	return refine(err)
}

// Checkpoint moves the whole write-ahead log into the file and empties it, so that what was deleted is nowhere any more. ErrBusy while
// somebody reads an older state.
func (db *DB) Checkpoint(ctx context.Context) error {
	c, err := db.borrow(ctx, db.writer)
	if err != nil {
		return err
	}
	defer func() { db.writer <- c }()
	var busy, pages, moved int
	tx := &Tx{c: c, write: true}
	if _, err := tx.One(ctx, "PRAGMA wal_checkpoint(TRUNCATE)", nil, &busy, &pages, &moved); err != nil {
		return refine(err)
	}
	if busy != 0 {
		return fmt.Errorf("%w: %d of %d pages of the write-ahead log were moved", ErrBusy, moved, pages)
	}
	return nil
}
