package sqlitedb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// stranger is another program's connection to the same file.
func stranger(t *testing.T, path string) *sql.Conn {
	t.Helper()
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := other.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(conn.Close(), other.Close()); err != nil {
			t.Error(err)
		}
	})
	return conn
}

func run(t *testing.T, c *sql.Conn, statement string) {
	t.Helper()
	if _, err := c.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestALockedDatabaseIsGivenUpInTime(t *testing.T) {
	t.Parallel()
	const patience = 200 * time.Millisecond
	db := open(t, Options{Path: newPath(t), Patience: patience})
	other := stranger(t, db.Path())
	run(t, other, "BEGIN IMMEDIATE")
	begun := time.Now()
	if err := add(t.Context(), db, "a"); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v, want ErrBusy", err)
	}
	if took := time.Since(begun); took < patience || took > patience+4*time.Second {
		t.Errorf("it took %v", took)
	}
	if n := count(t, db); n != 0 { // reading goes on
		t.Errorf("%d rows", n)
	}
	run(t, other, "COMMIT")
	if err := add(t.Context(), db, "b"); err != nil {
		t.Errorf("after the lock was gone: %v", err)
	}
}

func TestWhoQueuesBehindASlowWriterIsGivenUpInTime(t *testing.T) {
	t.Parallel()
	db := open(t, Options{Path: newPath(t), Patience: 50 * time.Millisecond})
	err := db.Write(t.Context(), func(ctx context.Context, _ *Tx) error {
		if err := add(ctx, db, "inside"); !errors.Is(err, ErrBusy) {
			t.Errorf("got %v, want ErrBusy", err)
		}
		short, cancel := context.WithCancel(ctx)
		cancel()
		if err := add(short, db, "inside"); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestADatabaseThatIsLockedWholeIsNotOpened(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	once(t, Options{Path: path, Migrations: notes}, func(*DB) {})
	other := stranger(t, path)
	run(t, other, "PRAGMA locking_mode = EXCLUSIVE")
	run(t, other, "BEGIN IMMEDIATE")
	run(t, other, "INSERT INTO notes (text) VALUES ('mine')")
	_, err := Open(t.Context(), Options{Path: path, Migrations: notes, Patience: 50 * time.Millisecond})
	if !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want ErrBusy with the path", err)
	}
	run(t, other, "ROLLBACK")
}

// fill adds rows until it cannot.
func fill(t *testing.T, db *DB) (rows int, err error) {
	t.Helper()
	for rows = range 1000 {
		if err := add(t.Context(), db, fmt.Sprint(rows, strings.Repeat(" row", 2000))); err != nil {
			return rows, err
		}
	}
	return rows, nil
}

func TestAFullDatabaseKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	db := open(t, Options{Path: newPath(t), MaxPages: 60})
	rows, err := fill(t, db)
	if !errors.Is(err, ErrFull) {
		t.Fatalf("got %v, want ErrFull", err)
	}
	if n := count(t, db); n != rows {
		t.Errorf("%d rows are there, %d were written", n, rows)
	}
	if err := db.Write(t.Context(), func(ctx context.Context, tx *Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM notes")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := add(t.Context(), db, "room again"); err != nil {
		t.Error(err)
	}
}

// smallDisk is a file system of its own with little space, or "" where none can be mounted.
func smallDisk(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		return ""
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestAFullDiskKeepsWhatIsOnIt(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, "size=1m")
	if disk == "" {
		t.Log("no file system can be mounted here; TestAFullDatabaseKeepsWhatItHas stands for it")
		return
	}
	db := open(t, Options{Path: filepath.Join(disk, "notes.db")})
	rows, err := fill(t, db)
	if !errors.Is(err, ErrFull) {
		t.Fatalf("after %d rows: got %v, want ErrFull", rows, err)
	}
	if n := count(t, db); n != rows {
		t.Errorf("%d rows are there, %d were written", n, rows)
	}
	if err := unix.Mount("tmpfs", disk, "tmpfs", unix.MS_REMOUNT, "size=4m"); err != nil {
		t.Fatal(err)
	}
	if err := add(t.Context(), db, "room again"); err != nil {
		t.Error(err)
	}
}

func TestADiskWithoutRoomForOneMoreFileIsRefused(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, "nr_inodes=2") // the folder itself takes one
	if disk == "" {
		t.Log("no file system can be mounted here")
		return
	}
	path := filepath.Join(disk, "notes.db")
	_, err := Open(t.Context(), Options{Path: path, Migrations: notes})
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want an error with the path", err)
	}
}

func TestAReadOnlyPlaceIsRefused(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, "size=1m")
	if disk == "" {
		disk = t.TempDir()
	}
	path := filepath.Join(disk, "notes.db")
	once(t, Options{Path: path, Migrations: notes}, func(*DB) {})
	if err := unix.Mount("tmpfs", disk, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		if err := os.Chmod(disk, 0o500); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(disk, 0o700) })
	}
	for _, p := range []string{path, filepath.Join(disk, "new.db")} {
		_, err := Open(t.Context(), Options{Path: p, Migrations: withMood})
		if !errors.Is(err, ErrReadOnly) || !strings.Contains(err.Error(), p) {
			t.Errorf("%s: got %v, want ErrReadOnly with the path", filepath.Base(p), err)
		}
	}
}

// damage overwrites a part of a file.
func damage(t *testing.T, path string, at int64, with string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte(with), at); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedFileIsRefusedAndLeftAsItIs(t *testing.T) {
	t.Parallel()
	for name, hurt := range map[string]func(t *testing.T, path string, size int64){
		"a page in the middle": func(t *testing.T, path string, size int64) {
			damage(t, path, size/2/4096*4096, strings.Repeat("\xa5", 4096))
		},
		"one header of a page": func(t *testing.T, path string, _ int64) { damage(t, path, 2*4096, "\x00\x00\x00\x00\x00\x00\x00\x00") },
		"not a database":       func(t *testing.T, path string, _ int64) { damage(t, path, 0, "This is a letter to my aunt.") },
		"cut": func(t *testing.T, path string, size int64) {
			if err := os.Truncate(path, size/2); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			once(t, Options{Path: path, Migrations: notes}, func(db *DB) {
				for i := range 50 {
					if err := add(t.Context(), db, fmt.Sprint(i, strings.Repeat(" row", 500))); err != nil {
						t.Error(err)
					}
				}
			})
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			hurt(t, path, info.Size())
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Open(t.Context(), Options{Path: path, Migrations: withMood})
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want ErrDamaged with the path", err)
			}
			if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
				t.Errorf("the damaged file was changed (%v)", err)
			}
		})
	}
}

func TestAnEmptyFileBecomesADatabase(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	once(t, Options{Path: path, Migrations: notes}, func(db *DB) {
		if n := count(t, db); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestAFolderIsNoDatabase(t *testing.T) {
	t.Parallel()
	if _, err := Open(t.Context(), Options{Path: t.TempDir(), Migrations: notes}); err == nil {
		t.Error("a folder was opened")
	}
}

func TestWhatWasDeletedIsInNoFile(t *testing.T) {
	t.Parallel()
	db := open(t, Options{Path: newPath(t)})
	const canary = "canary-2f6e"
	for i := range 20 {
		if err := add(t.Context(), db, fmt.Sprint(canary, i, strings.Repeat(" row", 700))); err != nil {
			t.Fatal(err)
		}
	}
	if !onDisk(t, db.Path(), canary) {
		t.Fatal("the canary never was in the files: the test shows nothing")
	}
	if err := db.Write(t.Context(), func(ctx context.Context, tx *Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM notes")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	if onDisk(t, db.Path(), canary) {
		t.Error("deleted content is still in the files")
	}
}

// onDisk reports whether a text stands in the database or in a file beside it.
func onDisk(t *testing.T, path, text string) bool {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), text) {
			return true
		}
	}
	return false
}

func TestACheckpointWaitsForNoReaderForEver(t *testing.T) {
	t.Parallel()
	db := open(t, Options{Path: newPath(t), Patience: 100 * time.Millisecond})
	err := db.Read(t.Context(), func(ctx context.Context, tx *Tx) error {
		var n int
		if _, err := tx.One(ctx, "SELECT count(*) FROM notes", nil, &n); err != nil {
			return err
		}
		if err := add(ctx, db, "newer than what is being read"); err != nil {
			return err
		}
		if err := db.Checkpoint(ctx); !errors.Is(err, ErrBusy) {
			t.Errorf("got %v, want ErrBusy", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Checkpoint(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAnEndedContextInterruptsALongQueryAndHurtsNoOther(t *testing.T) {
	t.Parallel()
	db := open(t, Options{Path: newPath(t), Readers: 1})
	const endless = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
	for range 5 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		err := db.Read(ctx, func(ctx context.Context, tx *Tx) error {
			var n int
			_, err := tx.One(ctx, endless, nil, &n)
			return err
		})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v, want context.DeadlineExceeded", err)
		}
		if n := count(t, db); n != 0 {
			t.Fatalf("%d rows", n)
		}
	}
}

func TestALargeDatabaseIsCheckedWhileItIsInUse(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	o := Options{Path: path, Migrations: notes, CheckAtOnce: 1}
	once(t, o, func(db *DB) {
		for i := range 50 {
			if err := add(t.Context(), db, fmt.Sprint(i, strings.Repeat(" row", 500))); err != nil {
				t.Error(err)
			}
		}
	})
	once(t, o, func(db *DB) {
		db.checking.Wait()
		if err := errors.Join(db.Damaged(), add(t.Context(), db, "fine")); err != nil {
			t.Error(err)
		}
	})
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	damage(t, path, info.Size()/2/4096*4096, strings.Repeat("\xa5", 4096))
	db, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	db.checking.Wait()
	if err := db.Damaged(); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
	if err := add(t.Context(), db, "on top"); !errors.Is(err, ErrDamaged) {
		t.Errorf("a damaged database was written to: %v", err)
	}
	_ = db.Close() // what it says about a damaged file is of no interest
}

func TestClosingEndsTheCheck(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	for range 3 {
		once(t, Options{Path: path, Migrations: notes, CheckAtOnce: 1}, func(*DB) {})
	}
}
