package openldap

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

const (
	defaultPage = 50
	mostPage    = 1000
	mostDays    = 10_000
	// wirePage is the largest page of one request.
	wirePage = 500
)

// List implements core.Directory. All pages of a list are computed for the time of its first page. Total is known as soon
// as the whole list has come, at the last page at the latest.
func (d *Directory) List(ctx context.Context, q core.ListQuery) (page core.Page, err error) {
	if err := d.checkList(q); err != nil {
		return core.Page{}, err
	}
	if q.Limit = min(q.Limit, mostPage); q.Limit <= 0 {
		q.Limit = defaultPage
	}
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case q.Cursor == "":
		page, err = d.firstPage(ctx, q)
	default:
		page, err = d.laterPage(ctx, q)
	}
	if err != nil {
		return core.Page{}, d.fault(ctx, err)
	}
	return page, nil
}

// firstPage is one search, as a rule. It is a walk from the start where the search brings too few who belong on the list.
func (d *Directory) firstPage(ctx context.Context, q core.ListQuery) (core.Page, error) {
	l, err := d.newList(ctx, q)
	if err != nil || l.empty {
		return core.Page{}, err
	}
	if q.Limit <= wirePage {
		rows, more, err := d.glance(ctx, l, q.Limit)
		if err != nil || !more {
			return core.Page{Rows: rows, Total: len(rows)}, err
		}
		if len(rows) == q.Limit {
			w, err := d.lists.begin(q, d.walk(l, rows, q.Limit))
			if err != nil {
				return core.Page{}, err
			}
			w.pages, w.seen = 1, len(rows)
			return core.Page{Rows: rows, Next: cursor(w.id, 2), Total: -1}, nil
		}
	}
	w, err := d.lists.begin(q, d.walk(l, nil, q.Limit))
	if err != nil {
		return core.Page{}, err
	}
	return d.pageOf(ctx, w, 1, q.Limit)
}

// laterPage is the page that a cursor names.
func (d *Directory) laterPage(ctx context.Context, q core.ListQuery) (core.Page, error) {
	w, number, ok := d.lists.find(q)
	if !ok {
		return core.Page{}, stale()
	}
	return d.pageOf(ctx, w, number, q.Limit)
}

// pageOf takes a page of a walk. One that was forgotten meanwhile is stale.
func (d *Directory) pageOf(ctx context.Context, w *listWalk, number, limit int) (core.Page, error) {
	if !d.lists.launch(ctx, w) {
		return core.Page{}, stale()
	}
	page, ok, err := w.page(ctx, number, limit)
	if !ok || errors.Is(err, context.Canceled) && ctx.Err() == nil {
		return core.Page{}, stale()
	}
	if err != nil && (ctx.Err() == nil || number == 1) {
		d.lists.forget(w) // it failed, or nobody has its cursor
	}
	return page, err
}

// glance asks for as many entries as fit on a page.
func (d *Directory) glance(ctx context.Context, l *list, limit int) (rows []core.ListRow, more bool, err error) {
	entries, more, err := d.pool.Search(ctx, ldapconn.Request{
		Base: d.plan.baseDN, Filter: d.person(l.filter), Attributes: l.attributes, Limit: limit,
	})
	for _, e := range entries {
		if row, on := l.row(e, d.personOf(e)); on {
			rows = append(rows, row)
		}
	}
	return rows, more, err
}

// walk reads a list to its end, without those who were shown already.
func (d *Directory) walk(l *list, shown []core.ListRow, limit int) producer {
	known := map[string]bool{}
	for _, r := range shown {
		known[r.ID.Key] = true
	}
	request := ldapconn.Request{Base: d.plan.baseDN, Filter: d.person(l.filter), Attributes: l.attributes}
	return func(ctx context.Context, rows chan<- core.ListRow) error {
		return d.lists.pool.Pages(ctx, request, min(limit+1, wirePage), func(e ldapconn.Entry) error {
			row, on := l.row(e, d.personOf(e))
			if !on || known[row.ID.Key] {
				return nil
			}
			select {
			case rows <- row:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}
}

func stale() error { return core.Fail(core.CodeInvalid, sentence.Of("directory.cursor")) }

// checkList refuses lists that are not there. CodeInvalid.
func (d *Directory) checkList(q core.ListQuery) error {
	state := sentence.Word("state", string(q.State))
	if !slices.Contains(core.ListStates(), q.State) {
		return core.Fail(core.CodeInvalid, sentence.Of("directory.list_unknown", state))
	}
	if q.Days < 0 || q.Days > mostDays {
		return core.Fail(core.CodeInvalid, sentence.Of("directory.list_days", sentence.Count("limit", mostDays)))
	}
	known := d.indexes.get()
	if len(known.took) > 0 && !slices.Contains(known.lists(), q.State) {
		return core.Fail(core.CodeInvalid, sentence.Of("openldap.list_not_offered", state))
	}
	return nil
}

// list is one list as of a time.
type list struct {
	filter     ldapconn.Filter
	attributes []string
	empty      bool // nobody can be on it
	rules      *policies
	asOf       time.Time
	// on says whether an account with this state is on the list, and what time the row is about. The filter lets more
	// through than belong: a lock that has run out is still in the entry.
	on func(e ldapconn.Entry, s core.State) (since time.Time, on bool)
}

// row is the row of an entry; false when it is not on the list.
func (l *list) row(e ldapconn.Entry, p core.Person) (core.ListRow, bool) {
	s := stateOf(e, l.rules.of(e), l.asOf)
	since, on := l.on(e, s)
	return core.ListRow{Person: p, State: core.RowStateOf(s), Since: since, Place: placeOf(e)}, on && p.ID.Key != ""
}

// newList describes a list as of now. Its errors are those of reads.
func (d *Directory) newList(ctx context.Context, q core.ListQuery) (*list, error) {
	srv, err := d.server(ctx)
	if err != nil {
		return nil, err
	}
	rules, err := d.policies(ctx, srv)
	if err != nil {
		return nil, err
	}
	l := d.listOf(q, rules)
	l.attributes = d.rowAttributes(srv)
	return &l, nil
}

// listOf describes a list. Every filter is answered by an index: pwdReset is asked for by presence first, as it commonly has
// an index of that kind alone.
func (d *Directory) listOf(q core.ListQuery, rules *policies) list {
	now, days := d.clock.Now(), time.Duration(q.Days)*24*time.Hour
	l := list{rules: rules, asOf: now}
	switch q.State {
	case core.ListLocked:
		l.filter = ldapconn.Present(attrLocked)
		l.on = func(_ ldapconn.Entry, s core.State) (time.Time, bool) { return s.LockedSince, s.Locked }
	case core.ListDisabled:
		l.filter = ldapconn.Or(ldapconn.LessOrEqual(attrEnd, ldapconn.FormatTime(now)), ldapconn.GreaterOrEqual(attrStart, ldapconn.FormatTime(now)))
		l.on = func(e ldapconn.Entry, s core.State) (time.Time, bool) { return endOf(e), !s.Enabled }
	case core.ListMustChange:
		l.filter = ldapconn.And(ldapconn.Present(attrReset), ldapconn.Equal(attrReset, "TRUE"))
		l.on = func(_ ldapconn.Entry, s core.State) (time.Time, bool) { return s.PasswordSet, s.MustChange }
	case core.ListExpired:
		l.expired(d.indexes.get())
	case core.ListExpiring:
		l.expiring(now.Add(days))
	case core.ListIdle:
		l.idleSince(d.indexes.get().lastSignIn(), now.Add(-days))
	}
	return l
}

// setBefore matches passwords that have expired by a time under the strictest policy; none where no policy knows an age.
func (l *list) setBefore(expiredBy time.Time) (ldapconn.Filter, bool) {
	age := l.rules.shortest(func(p passwordPolicy) time.Duration { return p.maxAge })
	return ldapconn.LessOrEqual(attrChanged, ldapconn.FormatTime(expiredBy.Add(-age))), age > 0
}

// expired lists whose password or account has expired.
func (l *list) expired(known *indexes) {
	var either []ldapconn.Filter
	if f, ok := l.setBefore(l.asOf); ok {
		either = append(either, f)
	}
	if known.quick(indexOrder, attrEnd) {
		either = append(either, ldapconn.LessOrEqual(attrEnd, ldapconn.FormatTime(l.asOf)))
	}
	idle := l.rules.shortest(func(p passwordPolicy) time.Duration { return p.maxIdle })
	if idle > 0 && known.quick(indexOrder, attrLastSuccess) {
		either = append(either, ldapconn.LessOrEqual(attrLastSuccess, ldapconn.FormatTime(l.asOf.Add(-idle))))
	}
	if l.empty = len(either) == 0; !l.empty {
		l.filter = ldapconn.Or(either...)
	}
	l.on = func(_ ldapconn.Entry, s core.State) (time.Time, bool) {
		if s.PasswordExpired && (!s.AccountExpired || s.PasswordExpires.Before(s.AccountExpires)) {
			return s.PasswordExpires, true
		}
		return s.AccountExpires, s.AccountExpired
	}
}

// expiring lists whose password has not expired, and will have by a time.
func (l *list) expiring(by time.Time) {
	f, some := l.setBefore(by)
	l.filter, l.empty = f, !some
	l.on = func(_ ldapconn.Entry, s core.State) (time.Time, bool) {
		return s.PasswordExpires, !s.PasswordExpires.IsZero() && !s.PasswordExpired && s.PasswordExpires.Before(by)
	}
}

// endOf is when an account ends or ended, zero when it does not.
func endOf(e ldapconn.Entry) time.Time {
	end, _ := e.Time(attrEnd)
	return end
}

// idleSince lists who signed in last before a time. Who never did since the directory keeps it is not on the list: it does
// not know whether they did before.
func (l *list) idleSince(attribute string, last time.Time) {
	l.empty = attribute == ""
	if !l.empty {
		l.filter = ldapconn.LessOrEqual(attribute, ldapconn.FormatTime(last))
	}
	l.on = func(e ldapconn.Entry, _ core.State) (time.Time, bool) {
		seen := lastSignIn(e)
		return seen, !seen.IsZero() && !seen.After(last)
	}
}
