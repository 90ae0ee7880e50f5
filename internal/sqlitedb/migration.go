package sqlitedb

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Migration is one step of a schema. Steps are never changed or taken back once a program with them has run: a new step follows.
type Migration struct {
	Version int // from 1, without gaps
	Name    string
	SQL     string
}

// LoadMigrations reads files named 0001_what_it_does.sql from a folder.
func LoadMigrations(files fs.FS, dir string) ([]Migration, error) {
	names, err := fs.Glob(files, path.Join(dir, "*.sql"))
	if err != nil {
		return nil, err
	}
	var out []Migration
	for _, name := range names {
		number, what, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".sql"), "_")
		version, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("migration %s: its name must begin with a number", name)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		out = append(out, Migration{Version: version, Name: what, SQL: string(text)})
	}
	slices.SortFunc(out, func(a, b Migration) int { return cmp.Compare(a.Version, b.Version) })
	for i, m := range out {
		if m.Version != i+1 {
			return nil, fmt.Errorf("migration %04d_%s: number %04d is missing or there twice", m.Version, m.Name, i+1)
		}
	}
	return out, nil
}

func (m Migration) checksum() string {
	sum := sha256.Sum256([]byte(m.SQL))
	return hex.EncodeToString(sum[:])
}

const migrationTable = `CREATE TABLE IF NOT EXISTS schema_migrations (
	version    INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	checksum   TEXT NOT NULL,
	applied_at INTEGER NOT NULL -- Unix seconds
) STRICT`

// migrate brings the schema up to date, all steps in one transaction. A database that holds something is copied before its schema is
// touched.
func (db *DB) migrate(ctx context.Context, schema []Migration) error {
	var version int
	err := db.Read(ctx, func(ctx context.Context, tx *Tx) (err error) {
		version, err = tx.version(ctx, schema)
		return err
	})
	if err != nil || version == len(schema) {
		return err
	}
	return db.Write(ctx, func(ctx context.Context, tx *Tx) error {
		version, err := tx.version(ctx, schema) // another process may have done it since
		if err != nil || version == len(schema) {
			return err
		}
		if version > 0 {
			if err := db.copyTo(ctx, fmt.Sprintf("%s.v%04d", db.path, version)); err != nil {
				return fmt.Errorf("copy before the schema changes: %w", err)
			}
		}
		for _, m := range schema[version:] {
			if err := tx.apply(ctx, m); err != nil {
				return fmt.Errorf("migration %04d_%s: %w", m.Version, m.Name, err)
			}
		}
		db.log.InfoContext(ctx, "the schema of the database is brought up to date", "path", db.path, "from", version, "to", len(schema))
		return nil
	})
}

// version is how many of the steps were taken, each exactly as it stands in schema. ErrNewer, ErrAltered.
func (tx *Tx) version(ctx context.Context, schema []Migration) (version int, err error) {
	var tables, ours int
	const count = "SELECT count(*), coalesce(sum(name = 'schema_migrations'), 0) FROM sqlite_schema WHERE type = 'table'"
	if _, err := tx.One(ctx, count, nil, &tables, &ours); err != nil {
		return 0, err
	}
	if ours == 0 && tables > 0 {
		return 0, fmt.Errorf("%w: it holds tables of something else", ErrAltered)
	}
	if ours == 0 {
		return 0, nil
	}
	err = tx.Each(ctx, "SELECT version, checksum FROM schema_migrations ORDER BY version", nil, func(scan Scan) error {
		var taken int
		var checksum string
		if err := scan(&taken, &checksum); err != nil {
			return err
		}
		version++
		switch {
		case taken > len(schema):
			return fmt.Errorf("%w: its schema has version %d, this program knows %d", ErrNewer, taken, len(schema))
		case taken != version || checksum != schema[taken-1].checksum():
			return fmt.Errorf("%w: version %d differs", ErrAltered, taken)
		}
		return nil
	})
	return version, err
}

// apply takes one step.
func (tx *Tx) apply(ctx context.Context, m Migration) error {
	if _, err := tx.Exec(ctx, migrationTable); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "INSERT INTO schema_migrations VALUES (?, ?, ?, ?)", m.Version, m.Name, m.checksum(), time.Now().Unix())
	if err != nil {
		return err
	}
	_, err = tx.c.conn.ExecContext(context.WithoutCancel(ctx), m.SQL) // many statements: not to be prepared
	return err
}
