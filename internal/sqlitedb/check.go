package sqlitedb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// oldestLibrary is the first SQLite without the write-ahead log defect that could corrupt a database (https://www.sqlite.org/releaselog/3_51_3.html).
const oldestLibrary = "3.51.3"

func (db *DB) checkLibrary(ctx context.Context) error {
	return db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		var version string
		if _, err := tx.One(ctx, "SELECT sqlite_version()", nil, &version); err != nil {
			return err
		}
		if olderThan(version, oldestLibrary) {
			return fmt.Errorf("%w: it is %s and must be %s or newer", ErrOldLibrary, version, oldestLibrary)
		}
		return nil
	})
}

// olderThan compares dotted versions. What is not a number counts as 0.
func olderThan(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(as), len(bs)) {
		if x, y := part(as, i), part(bs, i); x != y {
			return x < y
		}
	}
	return false
}

func part(version []string, i int) int {
	if i >= len(version) {
		return 0
	}
	n, err := strconv.Atoi(version[i])
	if err != nil {
		return 0
	}
	return n
}

// check has every page read once, before anybody may write or beside them.
func (db *DB) check(ctx context.Context, atOnce int64) error {
	info, err := os.Stat(db.path)
	if err != nil {
		return err
	}
	if info.Size() <= atOnce {
		return db.checkPages(ctx)
	}
	ctx, db.endCheck = context.WithCancel(context.WithoutCancel(ctx))
	db.checking.Go(func() { // ends with the last page, or with Close
		if err := db.checkPages(ctx); errors.Is(err, ErrDamaged) {
			db.damage.Store(&err)
			db.log.ErrorContext(ctx, "the database is damaged; nothing is written to it any more", "path", db.path, "error", err)
		}
	})
	return nil
}

// Damaged is what was found wrong with the file while it was in use, nil as long as nothing was. Write refuses with the same error.
func (db *DB) Damaged() error {
	if found := db.damage.Load(); found != nil {
		return *found
	}
	return nil
}

// checkPages reads every page once. What it finds is reported and never repaired.
func (db *DB) checkPages(ctx context.Context) error {
	return db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		return tx.Each(ctx, "PRAGMA quick_check(3)", nil, func(scan Scan) error {
			var said string
			if err := scan(&said); err != nil {
				return err
			}
			if said != "ok" {
				return fmt.Errorf("%w: %s", ErrDamaged, said)
			}
			return nil
		})
	})
}
