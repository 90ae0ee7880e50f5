package embedded

import (
	"context"
	"math"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

const (
	defaultPage = 50
	mostPage    = 1000
	mostDays    = 10_000
)

// list is one list by state as of a time.
type list struct {
	count, page string // queries
	from, to    int64  // their ?1 and ?2, Unix milliseconds
	since       func(r *listRow) time.Time
}

// listRow is a person on a list.
type listRow struct {
	personRow
	lastSeen moment
	sort     int64
}

func (r *listRow) fields() []any { return append(r.personRow.fields(), &r.lastSeen, &r.sort) }

// List implements core.Directory. All pages of a list are computed for the time of its first page.
func (d *Directory) List(ctx context.Context, q core.ListQuery) (core.Page, error) {
	now := d.clock.Now()
	after := cursor{asOf: now, sort: math.MinInt64, id: math.MinInt64}
	if q.Cursor != "" {
		var ok bool
		if after, ok = d.cursors.open(q.Cursor, q, now); !ok {
			return core.Page{}, core.Fail(core.CodeInvalid, sentence.Of("directory.cursor"))
		}
	}
	l, err := d.listOf(q, after.asOf)
	if err != nil {
		return core.Page{}, err
	}
	var page core.Page
	err = d.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		page, err = d.page(ctx, tx, q, l, after)
		return err
	})
	if err != nil {
		return core.Page{}, err
	}
	return page, nil
}

// page reads one row more than it shows, to know whether there is a next page.
func (d *Directory) page(ctx context.Context, tx *sqlitedb.Tx, q core.ListQuery, l list, after cursor) (page core.Page, err error) {
	limit := min(q.Limit, mostPage)
	if limit <= 0 {
		limit = defaultPage
	}
	if _, err := tx.One(ctx, l.count, sqlitedb.Args{l.from, l.to}, &page.Total); err != nil {
		return core.Page{}, err
	}
	last, now := after, d.clock.Now()
	args := sqlitedb.Args{l.from, l.to, after.sort, after.id, limit + 1}
	err = tx.Each(ctx, l.page, args, func(scan sqlitedb.Scan) error {
		var r listRow
		if err := scan(r.fields()...); err != nil {
			return err
		}
		if len(page.Rows) == limit {
			page.Next = d.cursors.seal(last, q)
			return nil
		}
		page.Rows = append(page.Rows, core.ListRow{
			Person: d.person(&r.personRow), State: d.rowState(&r.personRow, now), Since: l.since(&r), Place: r.place,
		})
		last.sort, last.id = r.sort, r.id
		return nil
	})
	return page, err
}

// listOf describes a list as of a time. CodeInvalid.
func (d *Directory) listOf(q core.ListQuery, asOf time.Time) (list, error) {
	if q.Days < 0 || q.Days > mostDays {
		return list{}, core.Fail(core.CodeInvalid, sentence.Of("directory.list_days", sentence.Count("limit", mostDays)))
	}
	now, days, age := asOf.UnixMilli(), time.Duration(q.Days)*24*time.Hour, d.Policy().MaxAge
	switch q.State {
	case core.ListLocked:
		return list{countLocked, pageLocked, now, 0, func(r *listRow) time.Time { return r.lockedSince.time() }}, nil
	case core.ListDisabled: // the directory does not keep since when
		return list{countDisabled, pageDisabled, 0, 0, func(*listRow) time.Time { return time.Time{} }}, nil
	case core.ListMustChange:
		return list{countChange, pageChange, 0, 0, func(r *listRow) time.Time { return r.passwordSet.time() }}, nil
	case core.ListExpired:
		return expired(now, age), nil
	case core.ListExpiring:
		return expiring(asOf, days, age), nil
	case core.ListIdle:
		return list{countIdle, pageIdle, asOf.Add(-days).UnixMilli(), 0, func(r *listRow) time.Time { return r.lastSeen.time() }}, nil
	default:
		return list{}, core.Fail(core.CodeInvalid, sentence.Of("directory.list_unknown", sentence.Word("state", string(q.State))))
	}
}

// expired lists whose password or account has expired. Without an age passwords do not: nobody's is as old as the epoch.
func expired(now int64, age time.Duration) list {
	setBefore := int64(0)
	if age > 0 {
		setBefore = now - age.Milliseconds()
	}
	return list{countExpired, pageExpired, now, setBefore, func(r *listRow) time.Time { return time.UnixMilli(r.sort + now - setBefore).UTC() }}
}

// expiring lists whose passwords expire after a time, within a span.
func expiring(after time.Time, within, age time.Duration) list {
	l := list{countExpiring, pageExpiring, 0, 0, func(r *listRow) time.Time { return r.passwordSet.time().Add(age) }}
	if age > 0 {
		l.from, l.to = after.Add(-age).UnixMilli(), after.Add(within-age).UnixMilli()
	}
	return l
}
