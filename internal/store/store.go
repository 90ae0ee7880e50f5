package store

import (
	"context"
	"embed"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

//go:embed migrations
var migrationFiles embed.FS

// Options say which store to open.
type Options struct {
	Path   string       // of the database file; made with mode 0600 when there is none
	Key    *secret.Text // KeySize bytes from a credential file; kept by the caller, needed only while Open runs
	Clock  core.Clock   // nil: the system's
	Log    *slog.Logger // nil: no log
	BootID string       // names this run of the program in records; "" makes one
	// Patience is the longest wait for another process's lock, and for our own writer. 0 means 2 s.
	Patience time.Duration

	migrations  []sqlitedb.Migration // instead of the embedded ones, for tests
	maxPages    int                  // of the file, for tests of a full disk
	checkAtOnce int64                // as in sqlitedb.Options
}

// Store is the desk's state. All its methods may be called by many at once.
type Store struct {
	db      *sqlitedb.DB
	keys    keyring
	clock   core.Clock
	log     *slog.Logger
	boot    string
	mark    *waterMark
	reserve *reserve
	notes   *notebook
	pruned  prunedAt
}

var (
	_ core.Cases         = (*Store)(nil)
	_ core.Proofs        = (*Store)(nil)
	_ core.Attempts      = (*Store)(nil)
	_ core.Registrations = (*Store)(nil)
	_ core.OperatorStore = (*Store)(nil)
	_ core.Trail         = (*Store)(nil)
	_ core.Outbox        = (*Store)(nil)
)

// Open opens the store, checks it and brings its schema up to date. Its error names the file: ErrKey, ErrMissing, and those of
// sqlitedb.Open.
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", s.db.Path(), err), s.db.Close())
	}
	return s, nil
}

func open(ctx context.Context, o Options) (*Store, error) {
	keys, err := newKeyring(o.Key)
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", o.Path, err)
	}
	if o.migrations == nil {
		if o.migrations, err = sqlitedb.LoadMigrations(migrationFiles, "migrations"); err != nil {
			return nil, err
		}
	}
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.BootID == "" {
		o.BootID = "b_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(randomBytes(10)))
	}
	db, err := sqlitedb.Open(ctx, sqlitedb.Options{
		Path: o.Path, Migrations: o.migrations, Patience: o.Patience, MaxPages: o.maxPages,
		CheckAtOnce: o.checkAtOnce, Log: o.Log,
	})
	if err != nil {
		return nil, err
	}
	return &Store{db: db, keys: keys, clock: o.Clock, log: o.Log, boot: o.BootID, mark: &waterMark{}}, nil
}

// begin makes sure that this is the right key and that no record is missing, and starts the writer of notes.
func (s *Store) begin(ctx context.Context) (err error) {
	if err := s.checkKey(ctx); err != nil {
		return err
	}
	if s.mark, err = openMark(s.db.Path() + "-mark"); err != nil {
		return err
	}
	if err := s.checkMark(ctx); err != nil {
		return errors.Join(err, s.mark.close())
	}
	s.reserve = &reserve{path: s.db.Path() + "-reserve"}
	if err := s.reserve.fill(); err != nil {
		s.log.WarnContext(ctx, "no space could be reserved on the disk; changes are refused until it can", "path", s.reserve.path, "error", err)
	}
	s.notes = s.startNotebook(ctx)
	return nil
}

// checkKey compares the key with the one the database was made with, and notes it in a new database.
func (s *Store) checkKey(ctx context.Context) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		want := mac(s.keys.check, "check")
		if _, err := tx.Exec(ctx, "INSERT INTO meta (name, value) VALUES ('key', ?) ON CONFLICT DO NOTHING", want); err != nil {
			return err
		}
		var same bool
		if _, err := tx.One(ctx, "SELECT value = ? FROM meta WHERE name = 'key'", sqlitedb.Args{want}, &same); err != nil {
			return err
		}
		if !same {
			return ErrKey
		}
		return nil
	})
}

// Close writes what was noted, moves everything into the one file and closes it.
func (s *Store) Close() error {
	s.notes.stop()
	return errors.Join(s.db.Close(), s.mark.close())
}

// Path is the absolute path of the database file.
func (s *Store) Path() string { return s.db.Path() }

// Damaged is what was found wrong with the file while it was in use, nil as long as nothing was. Nothing is written to a damaged file.
func (s *Store) Damaged() error { return s.db.Damaged() }

// read runs do on one state of the store.
func (s *Store) read(ctx context.Context, do func(ctx context.Context, tx *sqlitedb.Tx) error) error {
	return unavailable(s.db.Read(ctx, do))
}

// write runs do in a transaction without a record.
func (s *Store) write(ctx context.Context, do func(ctx context.Context, tx *sqlitedb.Tx) error) error {
	return unavailable(s.db.Write(ctx, do))
}

// recorded runs do in a transaction with its records: both are on the disk afterwards, or neither.
func (s *Store) recorded(ctx context.Context, do func(ctx context.Context, b *book) error) error {
	return unrecorded(s.entered(ctx, do))
}

func (s *Store) entered(ctx context.Context, do func(ctx context.Context, b *book) error) error {
	var b *book
	err := s.db.Write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		b = newBook(s, tx)
		return do(ctx, b)
	})
	if err == nil {
		s.mark.raise(b.seq, b.digest)
	}
	return err
}
