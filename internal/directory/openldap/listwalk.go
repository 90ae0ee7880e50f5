package openldap

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// listWalk is one list on its way from the server. One page is taken at a time; the last one can be had again, as an answer
// may not have reached who asked for it.
type listWalk struct {
	id      string
	state   core.ListState
	days    int
	produce producer

	// Of the table, under its lock.
	rows   chan core.ListRow // nil before launch; closed at the end
	cancel context.CancelFunc
	used   int         // see listTable.use
	life   *time.Timer // forgets the walk

	ended atomic.Bool
	err   error // why the walk ended early; written before ended

	mu      sync.Mutex // of what follows; also keeps pages one after the other
	buffer  []core.ListRow
	seen    int       // rows taken
	pages   int       // pages given
	current core.Page // the last of them
}

func (w *listWalk) isWalking() bool { return w.rows != nil && !w.ended.Load() }

// end is called once, when no more rows come. The error is read after the rows were closed.
func (w *listWalk) end(err error) {
	w.err = err
	w.ended.Store(true)
	close(w.rows)
}

// page returns a page of a walk that was launched by its number, counted from 1: the next one or the last one again; ok is false for any other. It
// waits for one row more than it shows, to know whether there is a next page.
func (w *listWalk) page(ctx context.Context, number, limit int) (page core.Page, ok bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if number == w.pages && number > 0 {
		return w.current, true, nil
	}
	if number != w.pages+1 {
		return core.Page{}, false, nil
	}
	ended, err := w.fill(ctx, limit+1)
	if err != nil {
		return core.Page{}, true, err
	}
	shown := min(limit, len(w.buffer))
	page = core.Page{Rows: w.buffer[:shown:shown], Total: -1}
	w.buffer = w.buffer[shown:]
	w.pages = number
	if len(w.buffer) > 0 {
		page.Next = cursor(w.id, number+1)
	}
	if ended || w.ended.Load() && w.err == nil {
		page.Total = w.seen + len(w.rows)
	}
	w.current = page
	return page, true, nil
}

// fill takes rows until there are n, or the list has ended. Rows that were taken stay for the next try.
func (w *listWalk) fill(ctx context.Context, n int) (ended bool, err error) {
	for len(w.buffer) < n {
		select {
		case row, more := <-w.rows:
			if !more {
				return true, w.err
			}
			w.buffer = append(w.buffer, row)
			w.seen++
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
	return false, nil
}
