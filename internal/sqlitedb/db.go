package sqlitedb

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

const (
	defaultReaders  = 4
	defaultPatience = 2 * time.Second

	defaultCheckAtOnce = 64 << 20
)

// Options say which database to open and how.
type Options struct {
	Path       string        // of the file; it is made, with mode 0600, when it does not exist
	Migrations []Migration   // the schema, oldest first: see LoadMigrations
	Readers    int           // connections that read; 0 means 4
	Patience   time.Duration // longest wait for another process's lock, and for our own writer; 0 means 2 s
	MaxPages   int           // most pages of the file; 0 means no limit but the disk's
	Log        *slog.Logger  // nil: no log

	// CheckAtOnce is the largest file, in bytes, every page of which is read before Open returns; larger ones are checked while they are in
	// use. 0 means 64 MiB, about 50 ms.
	CheckAtOnce int64
}

// DB is one open database. All its methods may be called by many at once.
type DB struct {
	path     string
	pool     *sql.DB
	writer   chan *connection // holds the one connection that writes while nobody uses it
	readers  chan *connection
	all      []*connection
	patience time.Duration
	log      *slog.Logger

	checking sync.WaitGroup
	endCheck context.CancelFunc
	damage   atomic.Pointer[error]
}

// Open opens the database, checks it and brings its schema up to date. Its errors name the file: ErrExposed, ErrDamaged, ErrNewer,
// ErrAltered, ErrOldLibrary, ErrBusy, ErrFull, ErrReadOnly.
func Open(ctx context.Context, o Options) (*DB, error) {
	path, err := filepath.Abs(o.Path)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", o.Path, err)
	}
	o.Path = path
	if err := prepareFile(path); err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	db, err := connect(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", path, refine(err))
	}
	if err := db.makeReady(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("database %s: %w", path, refine(err)), db.release())
	}
	return db, nil
}

func connect(ctx context.Context, o Options) (*DB, error) {
	if o.Readers <= 0 {
		o.Readers = defaultReaders
	}
	if o.Patience <= 0 {
		o.Patience = defaultPatience
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	pool, err := sql.Open("sqlite", dsn(o))
	if err != nil {
		return nil, err
	}
	db := &DB{
		path: o.Path, pool: pool, patience: o.Patience, log: o.Log,
		writer: make(chan *connection, 1), readers: make(chan *connection, o.Readers), endCheck: func() {},
	}
	for i := range o.Readers + 1 {
		c, err := db.dial(ctx)
		if err != nil {
			return nil, errors.Join(err, db.release())
		}
		if i == 0 {
			db.writer <- c
		} else {
			db.readers <- c
		}
	}
	return db, nil
}

func (db *DB) dial(ctx context.Context) (*connection, error) {
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &connection{conn: conn, prepared: map[string]*statement{}}
	db.all = append(db.all, c)
	return c, nil
}

// dsn carries every setting, so that no connection can be without it.
func dsn(o Options) string {
	settings := []string{
		"busy_timeout(" + strconv.FormatInt(o.Patience.Milliseconds(), 10) + ")",
		"journal_mode(WAL)",
		"synchronous(FULL)", // a commit is on the disk when it returns, in write-ahead mode too
		"foreign_keys(1)",
		"secure_delete(1)", // what is deleted is overwritten, not only unlinked
		"recursive_triggers(1)",
		"trusted_schema(0)",
		"cell_size_check(1)",
		"temp_store(MEMORY)", // nothing of the content in temporary files
	}
	if o.MaxPages > 0 {
		settings = append(settings, "max_page_count("+strconv.Itoa(o.MaxPages)+")")
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: o.Path, RawQuery: url.Values{
		"_pragma": settings, "_txlock": {"immediate"}, "_defensive": {"1"}, "mode": {"rw"},
	}.Encode()}
	return u.String()
}

// makeReady asks what has to be known before anybody may write.
func (db *DB) makeReady(ctx context.Context, o Options) error {
	if err := db.checkLibrary(ctx); err != nil {
		return err
	}
	if err := db.check(ctx, cmp.Or(o.CheckAtOnce, defaultCheckAtOnce)); err != nil {
		return err
	}
	return db.migrate(ctx, o.Migrations)
}

// Path is the absolute path of the file.
func (db *DB) Path() string { return db.path }

// Close waits for the writer and the readers, moves the write-ahead log into the file and closes it. The DB is not usable afterwards.
func (db *DB) Close() error {
	db.endCheck()
	db.settle()
	if err := db.release(); err != nil {
		return fmt.Errorf("database %s: %w", db.path, err)
	}
	return nil
}

// settle takes all connections out of circulation. Each comes back: transactions are short and readers end with their context.
func (db *DB) settle() {
	<-db.writer
	for range cap(db.readers) {
		<-db.readers
	}
}

func (db *DB) release() error {
	db.endCheck()
	db.checking.Wait()
	var errs []error
	for _, c := range db.all {
		errs = append(errs, c.close())
	}
	return errors.Join(append(errs, db.pool.Close())...)
}
