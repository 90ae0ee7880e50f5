package embedded

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/embedded/index"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

const (
	// mostFresh is how many changed people are looked at one by one before the index is built anew.
	mostFresh = 4096
	// restFactor is how many times as long as the last building took is rested before the next one, so that an import in
	// many pieces does not keep a core busy.
	restFactor = 4
)

// finder keeps the index in step with the database.
type finder struct {
	db    *sqlitedb.DB
	log   *slog.Logger
	wake  chan struct{}
	ended chan struct{}

	refreshing sync.Mutex
	state      atomic.Pointer[indexed]
	failure    atomic.Pointer[error] // of the last refresh; nil when it went well
}

// indexed is an index and the generation of the database it shows.
type indexed struct {
	*index.Index
	generation int64
}

// newFinder starts building the index. Its goroutine ends with ctx; wait waits for that.
func newFinder(ctx context.Context, db *sqlitedb.DB, log *slog.Logger) *finder {
	f := &finder{db: db, log: log, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	f.nudge()
	go f.run(ctx)
	return f
}

func (f *finder) wait() { <-f.ended }

// nudge asks for the index to be brought up to date soon.
func (f *finder) nudge() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *finder) run(ctx context.Context) {
	defer close(f.ended)
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.wake:
		}
		began := time.Now()
		built, err := f.refresh(ctx)
		if err != nil && ctx.Err() == nil {
			f.log.WarnContext(ctx, "the index of the directory is not up to date", "error", err)
		}
		if built && !rest(ctx, restFactor*time.Since(began)) {
			return
		}
	}
}

// rest waits; false when ctx ended meanwhile.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// current returns the index, nil when there is none yet, and whether it shows the generation asked for. If not, it is brought up to date
// soon.
func (f *finder) current(generation int64) (x *index.Index, upToDate bool) {
	state := f.state.Load()
	if state == nil {
		return nil, false
	}
	if state.generation < generation {
		f.nudge()
		return state.Index, false
	}
	return state.Index, true
}

// failed is why the index could not be brought up to date the last time, nil when it could.
func (f *finder) failed() error {
	if err := f.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// refresh brings the index up to date and reports whether it was built anew.
func (f *finder) refresh(ctx context.Context) (built bool, err error) {
	f.refreshing.Lock()
	defer f.refreshing.Unlock()
	defer func() {
		f.failure.Store(nil)
		if err != nil && ctx.Err() == nil {
			f.failure.Store(&err)
		}
	}()
	if state := f.state.Load(); state != nil {
		done, err := f.catchUp(ctx, state)
		if done || err != nil {
			return false, err
		}
	}
	return true, f.rebuild(ctx)
}

// catchUp adds what has changed since; false when that is too much.
func (f *finder) catchUp(ctx context.Context, state *indexed) (done bool, err error) {
	var changed []index.Document
	generation, room := int64(0), mostFresh-state.Fresh()
	err = f.db.Read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) (err error) {
		if generation, err = readGeneration(ctx, tx); err != nil || generation == state.generation {
			return err
		}
		const query = `SELECT person, text FROM names WHERE generation > ? LIMIT +?`
		changed, err = readDocuments(ctx, tx, query, state.generation, room+1)
		return err
	})
	if err != nil || len(changed) > room {
		return false, err
	}
	if len(changed) > 0 {
		state.Put(changed...)
	}
	f.state.Store(&indexed{state.Index, generation})
	return true, nil
}

func (f *finder) rebuild(ctx context.Context) error {
	return f.db.Read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		generation, err := readGeneration(ctx, tx)
		if err != nil {
			return err
		}
		x, err := index.Build(ctx, allDocuments(ctx, tx))
		if err != nil {
			return err
		}
		f.state.Store(&indexed{x, generation})
		return nil
	})
}

func readGeneration(ctx context.Context, tx *sqlitedb.Tx) (generation int64, err error) {
	_, err = tx.One(ctx, `SELECT value FROM meta WHERE name = 'generation'`, nil, &generation)
	return generation, err
}

func readDocuments(ctx context.Context, tx *sqlitedb.Tx, query string, args ...any) (out []index.Document, err error) {
	err = tx.Each(ctx, query, args, func(scan sqlitedb.Scan) error {
		var d index.Document
		err := scan(&d.ID, &d.Text)
		out = append(out, d)
		return err
	})
	return out, err
}

// errEnough ends a walk over rows.
var errEnough = errors.New("enough rows")

func allDocuments(ctx context.Context, tx *sqlitedb.Tx) func(yield func(index.Document, error) bool) {
	return func(yield func(index.Document, error) bool) {
		err := tx.Each(ctx, `SELECT person, text FROM names`, nil, func(scan sqlitedb.Scan) error {
			var d index.Document
			if err := scan(&d.ID, &d.Text); err != nil {
				return err
			}
			if !yield(d, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(index.Document{}, err)
		}
	}
}
