package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// ErrInTheWay is returned by Restore when there is a database at the target already, or the source is not a finished backup.
var ErrInTheWay = errors.New("files of a database are in the way")

// Backup writes a consistent copy to a file of its own, with mode 0600, while the store is in use. fs.ErrExist when there is such a file.
func (s *Store) Backup(ctx context.Context, file string) error {
	if err := s.Flush(ctx); err != nil {
		return err
	}
	return s.db.CopyTo(ctx, file)
}

// Restore makes the database o.Path from a backup, also of an older version. Evidence, challenges and whatever else could be used once
// are burnt, because they may have been used after the backup was made; that is recorded. The target must not exist: ErrInTheWay.
// ErrKey when the backup was made with another key; else the errors of Open.
func Restore(ctx context.Context, from string, o Options) error {
	if err := nothingAt(from+"-wal", o.Path, o.Path+"-wal", o.Path+"-shm"); err != nil {
		return fmt.Errorf("restore %s: %w", from, err)
	}
	part := o.Path + ".restoring"
	if err := errors.Join(removeAll(part), copyFile(from, part)); err != nil {
		return fmt.Errorf("restore %s: %w", from, err)
	}
	target := o.Path
	o.Path, o.checkAtOnce = part, math.MaxInt64
	err := prepareRestored(ctx, o)
	if err == nil {
		// The mark of the database that was here before says nothing about this one.
		err = errors.Join(forget(target+"-mark"), os.Rename(part, target), syncFolder(target))
	}
	if err := errors.Join(err, removeAll(part)); err != nil {
		return fmt.Errorf("restore %s: %w", from, err)
	}
	return nil
}

// prepareRestored brings the copy up to date and burns what can be used once.
func prepareRestored(ctx context.Context, o Options) error {
	s, err := open(ctx, o)
	if err != nil {
		return err
	}
	if err := s.checkKey(ctx); err != nil {
		return errors.Join(err, s.db.Close())
	}
	restored := core.Record{At: s.clock.Now(), Kind: core.KindSystem, Reason: "store.restored"}
	return errors.Join(s.burn(ctx, core.BurntByRestore, restored), s.db.Close())
}

func nothingAt(paths ...string) error {
	for _, p := range paths {
		if _, err := os.Lstat(p); !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(fmt.Errorf("%w: %s", ErrInTheWay, p), err)
		}
	}
	return nil
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// removeAll removes a database that was not finished, with everything beside it.
func removeAll(path string) error {
	dir, name := filepath.Split(path)
	entries, err := os.ReadDir(filepath.Clean(dir))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), name) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

func forget(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func syncFolder(path string) error {
	f, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
