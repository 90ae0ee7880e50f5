package embedded

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// row is one person on the way into the directory.
type row struct {
	line   int
	person Person
	given  columnSet
	wrong  sentence.Sentence // why the person cannot be imported, zero when they can
	derived
}

// prepare checks and derives what needs no database.
func (r *row) prepare(cols []column) {
	if r.wrong.IsZero() {
		r.wrong = checkPerson(&r.person, cols)
	}
	if !r.wrong.IsZero() {
		return
	}
	if r.person.DisplayName.IsZero() {
		r.given &^= columnSet(0).with(displayNameColumn) // an empty one asks for the default, or changes nothing
	}
	r.derived = derive(&r.person)
}

// displayNameColumn is the place of the display name in columns.
const displayNameColumn = 4

// importer writes people in one transaction.
type importer struct {
	d          *Directory
	tx         *sqlitedb.Tx
	cols       []column
	report     *Report
	generation int64
	next       int64            // id of the next new person
	empty      bool             // nobody was there before
	seen       map[string]int   // lines by login
	groups     map[string]int64 // ids by key
	managers   map[string]int64 // ids by login, of those that were looked up
	waiting    []waiting
	later      []string // how indexes are made again
}

// waiting is a person whose manager may come later in the file.
type waiting struct {
	person  int64
	line    int
	manager untrusted.Text
}

// begin counts the import and finds out what is there.
func (d *Directory) begin(ctx context.Context, tx *sqlitedb.Tx, seen map[string]int, report *Report) (*importer, error) {
	im := &importer{d: d, tx: tx, cols: columns(), report: report, seen: seen, groups: map[string]int64{}, managers: map[string]int64{}}
	if _, err := tx.Exec(ctx, `UPDATE meta SET value = value + 1 WHERE name = 'generation'`); err != nil {
		return nil, err
	}
	var last int64
	if _, err := tx.One(ctx, `SELECT value, (SELECT coalesce(max(id), 0) FROM people) FROM meta WHERE name = 'generation'`, nil, &im.generation, &last); err != nil {
		return nil, err
	}
	im.next, im.empty = last+1, last == 0
	if im.empty {
		return im, im.dropIndexes(ctx)
	}
	return im, nil
}

// put adds or changes one person. What is wrong with a row goes into the report.
func (im *importer) put(ctx context.Context, r *row) error {
	if !r.wrong.IsZero() {
		im.report.bad(r.line, r.wrong)
		return nil
	}
	if first, twice := im.seen[r.loginKey]; twice {
		im.report.bad(r.line, sentence.Of("directory.import_twice", sentence.Text("login", r.person.Login), sentence.Count("line", first)))
		return nil
	}
	im.seen[r.loginKey] = r.line
	if im.empty {
		return im.add(ctx, r)
	}
	id, old, err := im.find(ctx, r.loginKey)
	if err != nil {
		return err
	}
	if id == 0 {
		return im.add(ctx, r)
	}
	return im.change(ctx, id, old, r)
}

func (im *importer) add(ctx context.Context, r *row) error {
	key, err := im.newKey()
	if err != nil {
		return err
	}
	id := im.next
	im.next++
	if err := im.insert(ctx, id, key, r); err != nil {
		return err
	}
	im.report.Added++
	if err := im.belong(ctx, id, r); err != nil {
		return err
	}
	_, err = im.tx.Exec(ctx, `INSERT INTO names (person, text, generation) VALUES (?, ?, ?)`, id, r.text, im.generation)
	return err
}

// newKey is 128 random bits: nobody has had it, and nobody can guess it.
func (im *importer) newKey() (string, error) {
	var key [16]byte
	if _, err := io.ReadFull(im.d.entropy, key[:]); err != nil {
		return "", fmt.Errorf("entropy: %w", err)
	}
	return hex.EncodeToString(key[:]), nil
}

// change writes the columns that are given and differ.
func (im *importer) change(ctx context.Context, id int64, old *Person, r *row) error {
	merged := *old
	if !overlay(&merged, &r.person, im.cols, r.given) {
		im.report.Unchanged++
		return nil
	}
	im.report.Changed++
	now := row{line: r.line, person: merged, given: r.given}
	now.derived = derive(&now.person)
	if err := im.update(ctx, id, &now); err != nil {
		return err
	}
	if err := im.leave(ctx, id); err != nil {
		return err
	}
	if err := im.belong(ctx, id, &now); err != nil {
		return err
	}
	_, err := im.tx.Exec(ctx, `UPDATE names SET text = ?1, generation = ?2 WHERE person = ?3 AND text <> ?1`, now.text, im.generation, id)
	return err
}

// belong writes what a person has in other tables: groups and roles, and the manager, who may come later.
func (im *importer) belong(ctx context.Context, id int64, r *row) error {
	for _, name := range r.person.Groups {
		grp, err := im.group(ctx, name)
		if err != nil {
			return err
		}
		if _, err := im.tx.Exec(ctx, `INSERT INTO memberships (person, grp) VALUES (?, ?)`, id, grp); err != nil {
			return err
		}
	}
	for _, role := range r.person.Roles {
		if _, err := im.tx.Exec(ctx, `INSERT INTO person_roles (person, role) VALUES (?, ?)`, id, role.Raw()); err != nil {
			return err
		}
	}
	if !r.person.Manager.IsZero() {
		im.waiting = append(im.waiting, waiting{id, r.line, r.person.Manager})
	}
	return nil
}

// group is the id of a group, which is made when there is none.
func (im *importer) group(ctx context.Context, name untrusted.Text) (id int64, err error) {
	key := exactKey(name.Raw())
	if id, known := im.groups[key]; known {
		return id, nil
	}
	found, err := im.tx.One(ctx, `SELECT id FROM groups WHERE name_key = ?`, sqlitedb.Args{key}, &id)
	if err != nil {
		return 0, err
	}
	if !found {
		const query = `INSERT INTO groups (name, name_key, dn) VALUES (?, ?, ?) RETURNING id`
		if _, err := im.tx.One(ctx, query, sqlitedb.Args{name.Raw(), key, groupName(name.Raw())}, &id); err != nil {
			return 0, err
		}
		im.report.Groups++
	}
	im.groups[key] = id
	return id, nil
}

// groupName is the name of a group as scopes and lists of protected groups write it.
func groupName(name string) string { return "CN=" + dn.Escape(name) + ",OU=Groups" }

// finish gives everybody their manager.
func (im *importer) finish(ctx context.Context) error {
	for _, w := range im.waiting {
		manager, err := im.manager(ctx, w.manager)
		if err != nil {
			return err
		}
		if manager == 0 {
			im.report.bad(w.line, sentence.Of("directory.import_manager", sentence.Text("manager", w.manager)))
			continue
		}
		if _, err := im.tx.Exec(ctx, `UPDATE people SET manager = ? WHERE id = ?`, manager, w.person); err != nil {
			return err
		}
	}
	if im.report.BadRows > 0 {
		return core.Fail(core.CodeInvalid, sentence.Of("directory.import_refused", sentence.Count("rows", im.report.BadRows)))
	}
	for _, create := range im.later {
		if _, err := im.tx.Exec(ctx, create); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) manager(ctx context.Context, login untrusted.Text) (id int64, err error) {
	key := exactKey(login.Raw())
	if id, known := im.managers[key]; known {
		return id, nil
	}
	if _, err := im.tx.One(ctx, `SELECT id FROM people WHERE login_key = ?`, sqlitedb.Args{key}, &id); err != nil {
		return 0, err
	}
	im.managers[key] = id
	return id, nil
}
