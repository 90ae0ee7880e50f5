package openldap

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
)

const (
	defaultRows = 50
	mostRows    = 500
)

// Search implements core.Directory. It asks for beginnings first, which are quick; for what is inside of names only when
// there is room left; and for the exact name by itself only when there are more beginnings than rows, as slapd answers in
// its own order.
func (d *Directory) Search(ctx context.Context, q core.Query) (core.Found, error) {
	limit := min(q.Limit, mostRows)
	if limit <= 0 {
		limit = defaultRows
	}
	typed, ok := newQuery(q.Text.Raw())
	if !ok {
		return core.Found{}, d.fault(ctx, ctx.Err())
	}
	s, err := d.newSearch(ctx, typed, limit)
	if err == nil {
		err = s.run(ctx)
	}
	if err != nil {
		return core.Found{}, d.fault(ctx, err)
	}
	return s.found(), nil
}

// search is one search under way.
type search struct {
	d       *Directory
	clauses clauses
	query   query
	limit   int
	server  *server
	rules   *policies
	now     time.Time
	rows    map[string]core.Row // by key
	more    bool
}

func (d *Directory) newSearch(ctx context.Context, q query, limit int) (*search, error) {
	srv, err := d.server(ctx)
	if err != nil {
		return nil, err
	}
	rules, err := d.policies(ctx, srv)
	return &search{
		d: d, clauses: d.clauses(), query: q, limit: limit, server: srv, rules: rules, now: d.clock.Now(), rows: map[string]core.Row{},
	}, err
}

func (d *Directory) clauses() clauses {
	m := d.plan.attributes
	return clauses{settings: d.plan.settings, login: m.login, employee: m.employeeNumber, indexes: d.indexes.get()}
}

func (s *search) run(ctx context.Context) error {
	exact := s.clauses.exact(s.query)
	begins, indexed := s.clauses.words(s.query, false)
	first := exact
	if indexed {
		first = append(slices.Clone(exact), begins)
	}
	if len(first) > 0 {
		if err := s.ask(ctx, first); err != nil {
			return err
		}
	}
	if s.more {
		return s.ask(ctx, exact)
	}
	inside, indexed := s.clauses.words(s.query, true)
	if !indexed || !s.clauses.reachesInside(s.query) {
		return nil
	}
	return s.ask(ctx, []ldapconn.Filter{inside})
}

// ask adds the people whom any of the filters matches.
func (s *search) ask(ctx context.Context, either []ldapconn.Filter) error {
	if len(either) == 0 {
		return nil
	}
	m := s.d.plan.attributes
	entries, more, err := s.d.pool.Search(ctx, ldapconn.Request{
		Base: s.d.plan.baseDN, Filter: s.d.person(ldapconn.Or(either...)), Limit: s.limit,
		Attributes: unique(slices.Concat(s.d.rowAttributes(s.server), m.givenName, m.surname, m.employeeNumber, m.mail, s.d.plan.settings.addresses, s.d.plan.settings.phones)),
	})
	if err != nil {
		return err
	}
	s.more = s.more || more
	for _, e := range entries {
		if key := e.First(attrUUID); key != "" {
			s.rows[key] = core.Row{Person: s.d.personOf(e), State: s.d.rowState(e, s.rules, s.now), Rank: s.d.rank(e, s.query), Place: placeOf(e)}
		}
	}
	return nil
}

// found are the rows, the best first, as many as fit.
func (s *search) found() core.Found {
	rows := make([]core.Row, 0, len(s.rows))
	for _, r := range s.rows {
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b core.Row) int {
		return cmp.Or(
			cmp.Compare(a.Rank, b.Rank), cmp.Compare(fold(a.DisplayName.Raw()), fold(b.DisplayName.Raw())),
			cmp.Compare(a.Login.Raw(), b.Login.Raw()), cmp.Compare(a.ID.Key, b.ID.Key))
	})
	more := s.more || len(rows) > s.limit
	return core.Found{Rows: rows[:min(len(rows), s.limit)], More: more}
}

// rowState is the worst thing about an account, as far as the state of people can be seen at all.
func (d *Directory) rowState(e ldapconn.Entry, rules *policies, now time.Time) core.RowState {
	state := core.RowStateOf(stateOf(e, rules.of(e), now))
	if state == core.RowFine && !d.indexes.get().seesState() {
		return core.RowNotKnown
	}
	return state
}
