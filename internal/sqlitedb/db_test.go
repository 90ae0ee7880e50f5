package sqlitedb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// notes is a schema with one table.
var notes = []Migration{{Version: 1, Name: "notes", SQL: `CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE words (note INTEGER NOT NULL REFERENCES notes (id)) STRICT;`}}

func scratch(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "some dir?&#%", "note book.db")
}

func open(t *testing.T, o Options) *DB {
	t.Helper()
	if o.Path == "" {
		o.Path = scratch(t)
	}
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		t.Fatal(err)
	}
	if o.Migrations == nil {
		o.Migrations = notes
	}
	db, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func add(ctx context.Context, db *DB, texts ...string) error {
	return db.Write(ctx, func(ctx context.Context, tx *Tx) error {
		for _, text := range texts {
			if _, err := tx.Exec(ctx, "INSERT INTO notes (text) VALUES (?)", text); err != nil {
				return err
			}
		}
		return nil
	})
}

func count(t *testing.T, db *DB) (n int) {
	t.Helper()
	err := db.Read(t.Context(), func(ctx context.Context, tx *Tx) error {
		_, err := tx.One(ctx, "SELECT count(*) FROM notes", nil, &n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryConnectionHasTheSameSettings(t *testing.T) {
	t.Parallel()
	db := open(t, Options{Readers: 3, Patience: 1500 * time.Millisecond})
	want := map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "1500", "secure_delete": "1",
		"recursive_triggers": "1", "trusted_schema": "0", "temp_store": "2",
	}
	if len(db.all) != 4 {
		t.Fatalf("%d connections, want one writer and three readers", len(db.all))
	}
	for i, c := range db.all {
		for name, value := range want {
			var got string
			if _, err := (&Tx{c: c}).One(t.Context(), "PRAGMA "+name, nil, &got); err != nil || got != value {
				t.Errorf("connection %d: %s is %q (%v), want %q", i, name, got, err, value)
			}
		}
	}
}

func TestAFailedTransactionLeavesNothing(t *testing.T) {
	t.Parallel()
	db := open(t, Options{})
	boom := errors.New("boom")
	err := db.Write(t.Context(), func(ctx context.Context, tx *Tx) error {
		if _, err := tx.Exec(ctx, "INSERT INTO notes (text) VALUES ('half')"); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatalf("got %v, want the error of the function", err)
	}
	if n := count(t, db); n != 0 {
		t.Fatalf("%d rows were left", n)
	}
}

func TestAPanicInsideATransactionRollsBackAndGoesOn(t *testing.T) {
	t.Parallel()
	db := open(t, Options{})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = db.Write(t.Context(), func(ctx context.Context, tx *Tx) error {
			_, _ = tx.Exec(ctx, "INSERT INTO notes (text) VALUES ('half')")
			panic("boom")
		})
	}()
	if err := add(t.Context(), db, "next"); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db); n != 1 {
		t.Fatalf("%d rows, want the one that was written after the panic", n)
	}
}

func TestAContextThatEndsMeanwhileCommitsNothing(t *testing.T) {
	t.Parallel()
	db := open(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Write(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO notes (text) VALUES ('late')")
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}
	if n := count(t, db); n != 0 {
		t.Fatalf("%d rows were committed", n)
	}
}

func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	db := open(t, Options{})
	err := db.Read(t.Context(), func(ctx context.Context, tx *Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO notes (text) VALUES ('x')")
		return err
	})
	if err == nil || count(t, db) != 0 {
		t.Fatalf("a reader could write: %v", err)
	}
}

func TestAReaderSeesOneStateAndWaitsForNobody(t *testing.T) {
	t.Parallel()
	db := open(t, Options{})
	err := db.Read(t.Context(), func(ctx context.Context, tx *Tx) error {
		var before, after int
		if _, err := tx.One(ctx, "SELECT count(*) FROM notes", nil, &before); err != nil {
			return err
		}
		if err := add(ctx, db, "meanwhile"); err != nil {
			return err
		}
		_, err := tx.One(ctx, "SELECT count(*) FROM notes", nil, &after)
		if before != after {
			t.Errorf("the reader saw %d rows, then %d", before, after)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, db); n != 1 {
		t.Fatalf("%d rows afterwards", n)
	}
}

func TestWritersTakeTurns(t *testing.T) {
	t.Parallel()
	db := open(t, Options{Patience: time.Minute})
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			if err := add(t.Context(), db, fmt.Sprint("note ", i)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := count(t, db); n != 40 {
		t.Fatalf("%d rows, want 40", n)
	}
}

func TestTheSameQueryCanBeMadeInsideItself(t *testing.T) {
	t.Parallel()
	db := open(t, Options{})
	if err := add(t.Context(), db, "a", "b", "c"); err != nil {
		t.Fatal(err)
	}
	pairs := 0
	const query = "SELECT text FROM notes"
	err := db.Read(t.Context(), func(ctx context.Context, tx *Tx) error {
		return tx.Each(ctx, query, nil, func(Scan) error {
			return tx.Each(ctx, query, nil, func(Scan) error { pairs++; return nil })
		})
	})
	if err != nil || pairs != 9 {
		t.Fatalf("%d pairs, %v; want 9", pairs, err)
	}
}

func TestStatementsAreKeptAndBounded(t *testing.T) {
	t.Parallel()
	db := open(t, Options{Readers: 1})
	for i := range mostPrepared + 50 {
		err := db.Read(t.Context(), func(ctx context.Context, tx *Tx) error {
			var got int
			_, err := tx.One(ctx, fmt.Sprint("SELECT ", i), nil, &got)
			if got != i {
				t.Errorf("SELECT %d gave %d", i, got)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if kept := len(db.all[1].prepared); kept != mostPrepared {
		t.Fatalf("%d statements are kept, want %d", kept, mostPrepared)
	}
}

func TestARowThatIsThereAlreadyIsToldApart(t *testing.T) {
	t.Parallel()
	db := open(t, Options{})
	if err := add(t.Context(), db, "twice"); err != nil {
		t.Fatal(err)
	}
	if err := add(t.Context(), db, "twice"); !errors.Is(err, ErrUnique) {
		t.Fatalf("got %v, want ErrUnique", err)
	}
	err := db.Write(t.Context(), func(ctx context.Context, tx *Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO words (note) VALUES (77)")
		return err
	})
	if err == nil || errors.Is(err, ErrUnique) {
		t.Fatalf("a broken reference gave %v", err)
	}
}

func TestEveryFileBelongsToTheOwnerAlone(t *testing.T) {
	t.Parallel()
	db := open(t, Options{})
	if err := add(t.Context(), db, "a"); err != nil {
		t.Fatal(err)
	}
	if err := db.CopyTo(t.Context(), filepath.Join(filepath.Dir(db.Path()), "copy.db")); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(db.Path()))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 4 {
		t.Errorf("%d files, want the database, its log, its index and the copy", len(entries))
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != ownerOnly {
			t.Errorf("%s has mode %v", e.Name(), info.Mode())
		}
	}
}

func TestAFileThatOthersMayReadIsRefused(t *testing.T) {
	t.Parallel()
	for _, mode := range []fs.FileMode{0o644, 0o640, 0o604, 0o660, 0o700} {
		path := filepath.Join(t.TempDir(), "exposed.db")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), Options{Path: path, Migrations: notes})
		if !errors.Is(err, ErrExposed) || !strings.Contains(err.Error(), path) {
			t.Errorf("mode %v: got %v, want ErrExposed with the path", mode, err)
		}
	}
}

func TestOlderVersionsAreToldFromNewerOnes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"3.51.3", "3.51.3", false},
		{"3.51.2", "3.51.3", true},
		{"3.9.9", "3.51.3", true},
		{"3.52", "3.51.3", false},
		{"4", "3.51.3", false},
		{"3.51", "3.51.3", true},
		{"", "3.51.3", true},
		{"3.51.3.1", "3.51.3", false},
	} {
		if got := olderThan(c.a, c.b); got != c.want {
			t.Errorf("olderThan(%q, %q) = %t", c.a, c.b, got)
		}
	}
}
