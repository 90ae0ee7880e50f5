package sqlitedb

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

var withMood = append(notes[:1:1], Migration{Version: 2, Name: "mood", SQL: `ALTER TABLE notes ADD COLUMN mood TEXT NOT NULL DEFAULT 'fine';`})

// newPath is where a database of this test goes.
func newPath(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "notes.db")
}

// once opens a database, does something with it and closes it.
func once(t *testing.T, o Options, do func(db *DB)) {
	t.Helper()
	db, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	do(db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestMigrationsAreReadInTheirOrder(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"m/0002_second.sql": {Data: []byte("B")}, "m/0001_first_one.sql": {Data: []byte("A")}, "m/readme.md": {}, "0003_elsewhere.sql": {},
	}
	got, err := LoadMigrations(files, "m")
	if err != nil {
		t.Fatal(err)
	}
	want := []Migration{{1, "first_one", "A"}, {2, "second", "B"}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Fatalf("got %v", got)
	}
}

func TestMigrationsWithGapsAreRefused(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]fstest.MapFS{
		"a gap":        {"m/0001_a.sql": {}, "m/0003_c.sql": {}},
		"from zero":    {"m/0000_a.sql": {}},
		"twice":        {"m/0001_a.sql": {}, "m/0001_b.sql": {}},
		"not a number": {"m/first.sql": {}},
	} {
		if got, err := LoadMigrations(files, "m"); err == nil {
			t.Errorf("%s: read as %v", name, got)
		}
	}
}

func TestADatabaseIsCopiedBeforeItsSchemaChanges(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	once(t, Options{Path: path, Migrations: notes}, func(db *DB) {
		if err := add(t.Context(), db, "old"); err != nil {
			t.Error(err)
		}
	})
	for range 2 { // opening it again changes nothing and copies nothing
		once(t, Options{Path: path, Migrations: withMood}, func(db *DB) {
			var mood string
			err := db.Read(t.Context(), func(ctx context.Context, tx *Tx) error {
				_, err := tx.One(ctx, "SELECT mood FROM notes WHERE text = 'old'", nil, &mood)
				return err
			})
			if err != nil || mood != "fine" {
				t.Errorf("%q, %v", mood, err)
			}
		})
	}
	info, err := os.Stat(path + ".v0001")
	if err != nil || info.Mode() != ownerOnly {
		t.Fatalf("the copy: %v, %v", info, err)
	}
	once(t, Options{Path: path + ".v0001", Migrations: notes}, func(db *DB) {
		if n := count(t, db); n != 1 {
			t.Errorf("the copy has %d rows", n)
		}
	})
	if left, err := filepath.Glob(path + "*"); err != nil || len(left) != 2 {
		t.Errorf("beside the database and its copy there is more: %v", left)
	}
}

func TestANewDatabaseIsNotCopied(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	once(t, Options{Path: path, Migrations: withMood}, func(*DB) {})
	if left, err := filepath.Glob(path + "*"); err != nil || len(left) != 1 {
		t.Errorf("files %v", left)
	}
}

func TestAMigrationThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	once(t, Options{Path: path, Migrations: notes}, func(*DB) {})
	bad := append(withMood[:2:2], Migration{Version: 3, Name: "bad", SQL: "CREATE TABLE half (x INTEGER); INSERT INTO nowhere VALUES (1);"})
	for range 2 { // what the first attempt left does not hinder the second
		_, err := Open(t.Context(), Options{Path: path, Migrations: bad})
		if err == nil || !strings.Contains(err.Error(), "0003_bad") || !strings.Contains(err.Error(), path) {
			t.Fatalf("got %v", err)
		}
	}
	if _, err := os.Stat(path + ".v0001"); err != nil {
		t.Error(err)
	}
	once(t, Options{Path: path, Migrations: notes}, func(db *DB) { // not even the step before it was kept
		err := db.Read(t.Context(), func(ctx context.Context, tx *Tx) error {
			var half int
			_, err := tx.One(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'", nil, &half)
			if half != 0 {
				t.Error("half of the step was kept")
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestANewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	once(t, Options{Path: path, Migrations: withMood}, func(*DB) {})
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), Options{Path: path, Migrations: notes})
	if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), path) {
		t.Fatalf("got %v, want ErrNewer with the path", err)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file was changed (%v)", err)
	}
}

func TestASchemaThatIsNotOursIsRefused(t *testing.T) {
	t.Parallel()
	edited := []Migration{{Version: 1, Name: "notes", SQL: notes[0].SQL + " -- edited later"}}
	path := newPath(t)
	once(t, Options{Path: path, Migrations: notes}, func(*DB) {})
	if _, err := Open(t.Context(), Options{Path: path, Migrations: edited}); !errors.Is(err, ErrAltered) {
		t.Errorf("an edited step: got %v, want ErrAltered", err)
	}

	other := newPath(t)
	once(t, Options{Path: other, Migrations: []Migration{{1, "x", "CREATE TABLE strange (x INTEGER);"}}}, func(db *DB) {
		err := db.Write(t.Context(), func(ctx context.Context, tx *Tx) error {
			_, err := tx.Exec(ctx, "DROP TABLE schema_migrations")
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	if _, err := Open(t.Context(), Options{Path: other, Migrations: notes}); !errors.Is(err, ErrAltered) {
		t.Errorf("a database of something else: got %v, want ErrAltered", err)
	}
}

func TestManyWhoOpenAtOnceMigrateOnce(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	once(t, Options{Path: path, Migrations: notes}, func(*DB) {})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			db, err := Open(t.Context(), Options{Path: path, Migrations: withMood})
			if err != nil {
				t.Error(err)
				return
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestACopyIsMadeWhileOthersWrite(t *testing.T) {
	t.Parallel()
	db := open(t, Options{})
	stop, stopped := make(chan struct{}), make(chan struct{})
	started := make(chan struct{}, 1)
	go func() { // ends with stop
		defer close(stopped)
		for {
			if err := add(context.Background(), db, t.Name()+rest(t, db)); err != nil {
				t.Error(err)
				return
			}
			select {
			case started <- struct{}{}:
			default:
			}
			select {
			case <-stop:
				return
			default:
			}
		}
	}()
	<-started
	for i := range 3 {
		file := filepath.Join(t.TempDir(), "copy.db")
		if err := db.CopyTo(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		if err := db.CopyTo(t.Context(), file); !errors.Is(err, fs.ErrExist) {
			t.Errorf("a copy was overwritten: %v", err)
		}
		once(t, Options{Path: file, Migrations: notes}, func(db *DB) {
			if n := count(t, db); n <= 0 {
				t.Errorf("copy %d has %d rows", i, n)
			}
		})
	}
	close(stop)
	<-stopped
}

// rest makes texts differ.
func rest(t *testing.T, db *DB) string {
	t.Helper()
	return strings.Repeat("x", count(t, db))
}

func TestACopyThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	db := open(t, Options{})
	dir := t.TempDir()
	if err := db.CopyTo(t.Context(), filepath.Join(dir, "missing", "copy.db")); !errors.Is(err, ErrReadOnly) {
		t.Errorf("into a folder that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.CopyTo(ctx, filepath.Join(dir, "copy.db")); !errors.Is(err, context.Canceled) {
		t.Errorf("after its context ended: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("files were left: %v", left)
	}
}
