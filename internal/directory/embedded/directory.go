package embedded

import (
	"context"
	"embed"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

//go:embed migrations/*.sql
var migrations embed.FS

// checkAtOnce is the largest file, in bytes, that is checked before it is used: about 10,000 people, 50 ms. Larger ones are checked beside
// the first searches; Probe says what was found.
const checkAtOnce = 8 << 20

// Directory is a directory of people in one SQLite file. All its methods may be called by many at once.
type Directory struct {
	name    string
	policy  atomic.Pointer[Policy]
	clock   core.Clock
	entropy core.Entropy
	log     *slog.Logger
	db      *sqlitedb.DB
	hasher  *hasher
	cursors cursorKey
	finder  *finder
	times   latencies

	stop   context.CancelFunc // ends the goroutine of the finder
	closed atomic.Bool
}

var (
	_ core.Directory     = (*Directory)(nil)
	_ core.Authenticator = (*Directory)(nil)
)

// Open opens the directory, makes its file when there is none, and begins to index it. CodeInvalid for options that make no sense,
// CodeUnavailable for a file that is damaged, locked, newer than the program or readable by others: the sentence names it.
func Open(ctx context.Context, o Options) (*Directory, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	schema, err := sqlitedb.LoadMigrations(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	d := &Directory{name: o.Name, clock: o.Clock, entropy: o.Entropy, log: o.Log, hasher: newHasher(o.HashCost, o.Entropy)}
	if _, err := io.ReadFull(o.Entropy, d.cursors[:]); err != nil {
		return nil, d.fault(ctx, err)
	}
	if d.db, err = sqlitedb.Open(ctx, sqlitedb.Options{Path: o.Path, Migrations: schema, CheckAtOnce: checkAtOnce, Log: o.Log}); err != nil {
		return nil, d.fault(ctx, err)
	}
	if err := d.takePolicy(ctx, o.Policy); err != nil {
		return nil, errors.Join(err, d.db.Close())
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	d.stop = stop
	d.finder = newFinder(background, d.db, d.log)
	return d, nil
}

// Name implements core.Directory.
func (d *Directory) Name() string { return d.name }

// Can implements core.Directory.
func (d *Directory) Can() core.Capabilities {
	return core.Capabilities{
		Reset: true, Unlock: true, MustChange: true, ListStates: core.ListStates(), ReadPolicy: true, LastSignIn: true,
	}
}

// Close implements core.Directory. It ends what indexes in the background, waits for what is under way and closes the file.
func (d *Directory) Close() error {
	if d.closed.Swap(true) {
		return nil
	}
	d.stop()
	d.finder.wait()
	return d.db.Close()
}

// read asks the database. Its errors are *core.Error.
func (d *Directory) read(ctx context.Context, do transaction) error {
	return d.call(ctx, d.db.Read, do)
}

// write changes the database, durably and as a whole, or not at all. Its errors are *core.Error.
func (d *Directory) write(ctx context.Context, do transaction) error {
	return d.call(ctx, d.db.Write, do)
}

type transaction func(ctx context.Context, tx *sqlitedb.Tx) error

func (d *Directory) call(ctx context.Context, run func(context.Context, func(context.Context, *sqlitedb.Tx) error) error, do transaction) error {
	if err := d.usable(); err != nil {
		return err
	}
	defer d.times.observe(time.Now())
	return d.fault(ctx, run(ctx, do))
}

func (d *Directory) usable() error {
	if d.closed.Load() {
		return core.Fail(core.CodeUnavailable, sentence.Of("directory.closed", sentence.Word("directory", d.name)))
	}
	return nil
}

// HashPassword makes the stored form of a password, for imports that give many people the same one. CodeUnavailable.
func (d *Directory) HashPassword(ctx context.Context, password *secret.Text) (string, error) {
	h, err := d.hasher.create(ctx, password)
	if err != nil {
		return "", d.fault(ctx, err)
	}
	return h.String(), nil
}

func (d *Directory) id(key string) core.AccountID {
	return core.AccountID{Directory: d.name, Key: key}
}

// HashUnknown makes the stored form of a random password that nobody knows. CodeUnavailable.
func (d *Directory) HashUnknown(ctx context.Context) (string, error) {
	random := make([]byte, 32)
	if _, err := io.ReadFull(d.entropy, random); err != nil {
		return "", d.fault(ctx, err)
	}
	unknown := secret.New(random)
	defer unknown.Destroy()
	return d.HashPassword(ctx, unknown)
}

// Count is how many people there are. CodeUnavailable.
func (d *Directory) Count(ctx context.Context) (people int, err error) {
	err = d.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		_, err := tx.One(ctx, countQuery, nil, &people)
		return err
	})
	return people, err
}

// countQuery needs no walk: ids have no gaps, because nobody is ever deleted.
const countQuery = `SELECT coalesce(max(id), 0) FROM people`
