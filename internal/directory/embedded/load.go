package embedded

import (
	"context"
	"iter"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// Batch are people and groups to load.
type Batch struct {
	Groups []Group
	People iter.Seq[Person]
	// Pieces is how many people are written in one transaction, 0 for all. In pieces others can write between them, and what was
	// written stays when a later piece fails.
	Pieces int
}

// Load adds the people and groups of a batch; those with a login that is there already are brought up to date. With bad rows nothing of
// their piece is written: the Report lists them and the error is CodeInvalid. Otherwise CodeUnavailable.
func (d *Directory) Load(ctx context.Context, b Batch) (Report, error) {
	var report Report
	rows := func(yield func(*row) bool) {
		line := 0
		for p := range b.People {
			if line++; !yield(&row{line: line, person: p, given: allColumns}) {
				return
			}
		}
	}
	err := d.load(ctx, func() []Group { return b.Groups }, rows, b.Pieces, &report)
	return report, d.fault(ctx, err)
}

// load writes rows as they come and brings the index up to date. It asks for the groups after the first rows.
func (d *Directory) load(ctx context.Context, groups func() []Group, rows iter.Seq[*row], pieces int, report *Report) error {
	if err := d.usable(); err != nil {
		return err
	}
	if err := d.setCache(ctx, importCache); err != nil {
		return err
	}
	defer func() { _ = d.setCache(context.WithoutCancel(ctx), usualCache) }() // at worst memory is kept
	next, stop := iter.Pull(prepared(ctx, rows))
	defer stop()
	defer d.finder.nudge()
	seen := map[string]int{}
	for more := true; more; groups = noGroups {
		written := *report
		var err error
		if more, err = d.piece(ctx, groups, next, pieces, seen, report); err != nil {
			report.Added, report.Changed, report.Unchanged, report.Groups = written.Added, written.Changed, written.Unchanged, written.Groups
			return err
		}
	}
	if report.Added+report.Changed <= mostFresh {
		// A few people are found at once. If that fails the people are there all the same, and the index follows.
		_, _ = d.finder.refresh(ctx)
	}
	return nil
}

func noGroups() []Group { return nil }

// piece writes rows in one transaction; false when they were the last.
func (d *Directory) piece(ctx context.Context, groups func() []Group, next func() (*row, bool), most int, seen map[string]int, report *Report) (more bool, err error) {
	err = d.db.Write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		im, err := d.begin(ctx, tx, seen, report)
		if err != nil {
			return err
		}
		for n := 0; most == 0 || n < most; n++ {
			r, ok := next()
			if !ok {
				return im.end(ctx, groups())
			}
			if err := im.put(ctx, r); err != nil {
				return err
			}
		}
		more = true
		return im.end(ctx, groups())
	})
	return more, err
}

// end writes what refers to people and groups of the whole piece.
func (im *importer) end(ctx context.Context, groups []Group) error {
	for i, g := range groups {
		if wrong := checkGroup(g); !wrong.IsZero() {
			im.report.bad(i+1, wrong)
			continue
		}
		if err := im.putGroup(ctx, g); err != nil {
			return err
		}
	}
	return im.finish(ctx)
}

func checkGroup(g Group) sentence.Sentence {
	if exactKey(g.Name.Raw()) == "" {
		return sentence.Of("directory.import_no_group_name")
	}
	for _, list := range []any{&g.Name, &g.MemberOf, &g.Roles} {
		if wrong := checkValue("groups", list); !wrong.IsZero() {
			return wrong
		}
	}
	return sentence.Sentence{}
}

// putGroup sets which groups a group is in and which roles it gives.
func (im *importer) putGroup(ctx context.Context, g Group) error {
	id, err := im.group(ctx, g.Name)
	if err != nil {
		return err
	}
	for _, query := range []string{`DELETE FROM nestings WHERE child = ?`, `DELETE FROM group_roles WHERE grp = ?`} {
		if _, err := im.tx.Exec(ctx, query, id); err != nil {
			return err
		}
	}
	for _, name := range asSet(g.MemberOf, exactKey) {
		parent, err := im.group(ctx, name)
		if err != nil {
			return err
		}
		if _, err := im.tx.Exec(ctx, `INSERT INTO nestings (child, parent) VALUES (?, ?)`, id, parent); err != nil {
			return err
		}
	}
	for _, role := range asSet(g.Roles, func(s string) string { return s }) {
		if _, err := im.tx.Exec(ctx, `INSERT INTO group_roles (grp, role) VALUES (?, ?)`, id, role.Raw()); err != nil {
			return err
		}
	}
	return nil
}

// prepared checks and derives rows on another core, some ahead of the one that writes. Its goroutine ends, with the last row that was begun,
// before the loop over it does.
func prepared(ctx context.Context, rows iter.Seq[*row]) iter.Seq[*row] {
	const ahead, together = 4, 256
	return func(yield func(*row) bool) {
		ctx, cancel := context.WithCancel(ctx)
		batches := make(chan []*row, ahead)
		go prepare(ctx, rows, batches, together)
		defer func() {
			cancel()
			for range batches {
				continue // until it is closed
			}
		}()
		for batch := range batches {
			for _, r := range batch {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// prepare closes batches when it ends.
func prepare(ctx context.Context, rows iter.Seq[*row], batches chan<- []*row, together int) {
	defer close(batches)
	cols := columns()
	var batch []*row
	send := func() bool {
		select {
		case batches <- batch:
			batch = nil
			return true
		case <-ctx.Done():
			return false
		}
	}
	for r := range rows {
		r.prepare(cols)
		if batch = append(batch, r); len(batch) == together && !send() {
			return
		}
	}
	send()
}
