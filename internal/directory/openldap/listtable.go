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
// how many there are only by sending them. A list is therefore one walk on a connection of its own, which runs ahead of the
// pages that are asked for, as far as lookAhead, and then waits. A cursor names the walk and the page. Most lists fit into
// lookAhead: their connection is free before anybody turns the page.
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

// begin starts the walk of a list, which lives longer than the request that begins it. produce sends rows until the list,
// or its ctx, ends.
func (t *listTable) begin(ctx context.Context, q core.ListQuery, produce func(ctx context.Context, rows chan<- core.ListRow) error) (*listWalk, error) {
	var id [16]byte
	if _, err := io.ReadFull(t.entropy, id[:]); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	w := &listWalk{id: hex.EncodeToString(id[:]), state: q.State, days: q.Days, rows: make(chan core.ListRow, lookAhead), cancel: cancel}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		cancel()
		return nil, ldapconn.ErrClosed
	}
	t.dropOldest(mostWalks, func(*listWalk) bool { return true })
	t.dropOldest(mostListConnections, (*listWalk).isWalking)
	t.walks[w.id] = w
	w.life = time.AfterFunc(walkLife, func() { t.forget(w) })
	t.use(w)
	t.work.Go(func() { // ends with the list, with forget or with close
		defer cancel()
		w.end(produce(ctx, w.rows))
	})
	return w, nil
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

func (t *listTable) drop(id string) {
	t.walks[id].cancel()
	t.walks[id].life.Stop()
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
