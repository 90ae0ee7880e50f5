package openldap

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
)

// A page of LDAP belongs to its connection (RFC 2696), slapd has no order that a page could be continued by, and it says
// how many there are only by sending them. The first page of a list is therefore an ordinary search, and whoever turns the
// page begins a walk on a connection of its own, which leaves out what the first page showed, runs ahead of the pages that
// are asked for, as far as lookAhead, and then waits. A cursor names the walk and the page. Most lists fit into lookAhead:
// their connection is free before anybody turns the next page.
const (
	lookAhead = 1000             // rows
	mostWalks = 64               // lists that can be paged on; the one that was not used for longest goes first
	walkLife  = 10 * time.Minute // without a page
)

// listTable holds the walks that can be paged on.
type listTable struct {
	pool    *ldapconn.Pool
	entropy io.Reader
	work    sync.WaitGroup

	mu     sync.Mutex
	closed bool
	uses   int // counts, so that walks are ordered by their last use
	walks  map[string]*listWalk
}

func newListTable(pool *ldapconn.Pool, entropy io.Reader) *listTable {
	return &listTable{pool: pool, entropy: entropy, walks: map[string]*listWalk{}}
}

// close ends every walk and its connection.
func (t *listTable) close() {
	t.mu.Lock()
	t.closed = true
	for id := range t.walks {
		t.drop(id)
	}
	t.mu.Unlock()
	t.work.Wait()
	_ = t.pool.Close()
}

// producer sends the rows of a list until it, or ctx, ends.
type producer func(ctx context.Context, rows chan<- core.ListRow) error

// begin remembers the walk of a list. It sets out with launch.
func (t *listTable) begin(q core.ListQuery, produce producer) (*listWalk, error) {
	var id [16]byte
	if _, err := io.ReadFull(t.entropy, id[:]); err != nil {
		return nil, err
	}
	w := &listWalk{id: hex.EncodeToString(id[:]), state: q.State, days: q.Days, produce: produce}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil, ldapconn.ErrClosed
	}
	t.dropOldest(mostWalks, func(*listWalk) bool { return true })
	t.walks[w.id] = w
	w.life = time.AfterFunc(walkLife, func() { t.forget(w) })
	t.use(w)
	return w, nil
}

// launch sends a walk off, once; false when it was forgotten before. It lives longer than the request it is launched for.
func (t *listTable) launch(ctx context.Context, w *listWalk) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if w.rows != nil || t.walks[w.id] != w {
		return w.rows != nil
	}
	t.dropOldest(mostListConnections, (*listWalk).isWalking)
	w.rows = make(chan core.ListRow, lookAhead)
	ctx, w.cancel = context.WithCancel(context.WithoutCancel(ctx))
	t.work.Go(func() { // ends with the list, with forget or with close
		defer w.cancel()
		w.end(w.produce(ctx, w.rows))
	})
	return true
}

// use notes that a walk is in use. The caller holds the lock.
func (t *listTable) use(w *listWalk) {
	t.uses++
	w.used = t.uses
	w.life.Reset(walkLife)
}

// dropOldest leaves fewer than most of the walks that count. The caller holds the lock.
func (t *listTable) dropOldest(most int, counts func(*listWalk) bool) {
	for {
		n, oldest := 0, ""
		for id, w := range t.walks {
			if !counts(w) {
				continue
			}
			n++
			if oldest == "" || w.used < t.walks[oldest].used {
				oldest = id
			}
		}
		if n < most {
			return
		}
		t.drop(oldest)
	}
}

// drop ends a walk. The caller holds the lock.
func (t *listTable) drop(id string) {
	w := t.walks[id]
	w.life.Stop()
	if w.cancel != nil {
		w.cancel()
	}
	delete(t.walks, id)
}

// forget ends a walk that nobody can page on.
func (t *listTable) forget(w *listWalk) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.walks[w.id] == w {
		t.drop(w.id)
	}
}

// find returns the walk and the page that a cursor names; false for a cursor of another list, of one that was forgotten, and
// for anything that is none.
func (t *listTable) find(q core.ListQuery) (*listWalk, int, bool) {
	id, number, ok := strings.Cut(q.Cursor, "-")
	page, err := strconv.ParseUint(number, 16, 31)
	if !ok || err != nil || q.Cursor != cursor(id, int(page)) {
		return nil, 0, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	w := t.walks[id]
	if w == nil || w.state != q.State || w.days != q.Days {
		return nil, 0, false
	}
	t.use(w)
	return w, int(page), true
}

// cursor has one spelling.
func cursor(id string, page int) string { return fmt.Sprintf("%s-%08x", id, page) }
