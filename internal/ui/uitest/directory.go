package uitest

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Directory is a coretest.Directory whose lists and health are complete enough to look at.
type Directory struct {
	*coretest.Directory
	clock   core.Clock
	Latency time.Duration // of the health page
	Slow    bool          // its index is not complete yet
	// Uncounted is a directory that cannot count a list.
	Uncounted bool

	mu     sync.Mutex
	people map[string]core.Account
}

func newDirectory(name string, clock core.Clock) *Directory {
	return &Directory{
		Directory: coretest.NewDirectory(name, clock), clock: clock, Latency: time.Millisecond, people: map[string]core.Account{},
	}
}

// Put adds or replaces an account.
func (d *Directory) Put(a core.Account) core.Account {
	a = d.Directory.Put(a)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.people[a.ID.Key] = a
	return a
}

// Search implements core.Directory; which rows are left out of many does not depend on chance.
func (d *Directory) Search(ctx context.Context, q core.Query) (core.Found, error) {
	limit := q.Limit
	q.Limit = 1 << 20
	f, err := d.Directory.Search(ctx, q)
	slices.SortFunc(f.Rows, func(a, b core.Row) int { return cmp.Compare(a.Login.Raw(), b.Login.Raw()) })
	f.More, f.Indexing = len(f.Rows) > limit, d.Slow
	f.Rows = f.Rows[:min(len(f.Rows), limit)]
	return f, err
}

// List implements core.Directory with pages.
func (d *Directory) List(ctx context.Context, q core.ListQuery) (core.Page, error) {
	if _, err := d.Directory.List(ctx, q); err != nil {
		return core.Page{}, err
	}
	all := d.list(q)
	from, err := strconv.Atoi(cmp.Or(q.Cursor, "0"))
	if err != nil || from > len(all) {
		return core.Page{}, core.Fail(core.CodeInvalid, sentence.Of("lists.stale"))
	}
	to := min(len(all), from+max(1, q.Limit))
	p := core.Page{Rows: all[from:to], Total: len(all)}
	if to < len(all) {
		p.Next = strconv.Itoa(to)
	}
	if d.Uncounted {
		p.Total = -1
	}
	return p, nil
}

func (d *Directory) list(q core.ListQuery) []core.ListRow {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []core.ListRow
	for _, a := range d.people {
		if since, ok := listed(a, q, d.clock.Now()); ok {
			out = append(out, core.ListRow{Person: a.Person, State: core.RowStateOf(a.State), Since: since})
		}
	}
	slices.SortFunc(out, func(a, b core.ListRow) int { return cmp.Compare(a.Login.Raw(), b.Login.Raw()) })
	return out
}

func listed(a core.Account, q core.ListQuery, now time.Time) (time.Time, bool) {
	within := time.Duration(q.Days) * day
	switch st := a.State; q.State {
	case core.ListLocked:
		return st.LockedSince, st.Locked
	case core.ListDisabled:
		return time.Time{}, !st.Enabled
	case core.ListExpired:
		return st.PasswordExpires, st.PasswordExpired
	case core.ListExpiring:
		return st.PasswordExpires, !st.PasswordExpired && st.PasswordExpires.Before(now.Add(within))
	case core.ListMustChange:
		return st.PasswordSet, st.MustChange
	case core.ListIdle:
		return a.LastSeen, a.LastSeen.Before(now.Add(-within))
	default:
		return time.Time{}, false
	}
}

// Probe implements core.Directory. A planned error of "Probe" makes it red.
func (d *Directory) Probe(ctx context.Context) core.Health {
	h := d.Directory.Probe(ctx)
	h.P50, h.P99 = d.Latency, 3*d.Latency
	if h.Level == core.Green {
		h.Said = sentence.Of("health.directory_ok")
	}
	return h
}
