package embedded

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// run changes the database behind the directory's back.
func run(tb testing.TB, d *Directory, statements ...string) {
	tb.Helper()
	err := d.db.Write(tb.Context(), func(ctx ctx, tx *sqlitedb.Tx) error {
		for _, s := range statements {
			if _, err := tx.Exec(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// failOn makes the database fail at every write of a kind to a table, until the returned function is called.
func failOn(tb testing.TB, d *Directory, kind, table string) (mend func()) {
	tb.Helper()
	run(tb, d, `CREATE TRIGGER fault BEFORE `+kind+` ON `+table+` BEGIN SELECT RAISE(ABORT, 'fault'); END`)
	return func() { run(tb, d, `DROP TRIGGER fault`) }
}

// contents is everything that is in the tables of a directory.
func contents(tb testing.TB, d *Directory) string {
	tb.Helper()
	var out strings.Builder
	err := d.db.Read(tb.Context(), func(ctx ctx, tx *sqlitedb.Tx) error {
		for _, query := range []string{
			`SELECT id || login || display_name || version || password_hash || wrong_passwords || coalesce(manager, '') || must_change FROM people`,
			`SELECT person || kind || destination FROM methods`, `SELECT person || text || generation FROM names`, `SELECT hash FROM password_history`,
			`SELECT id || name FROM groups`, `SELECT person || '.' || grp FROM memberships`, `SELECT child || '.' || parent FROM nestings`,
			`SELECT person || role FROM person_roles`, `SELECT grp || role FROM group_roles`, `SELECT name || value FROM meta`,
		} {
			if err := tx.Each(ctx, query, nil, func(scan sqlitedb.Scan) error {
				var s string
				err := scan(&s)
				out.WriteString(s + "\n")
				return err
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

// somewhat is a file that changes something in every table.
const somewhat = `{"groups": [{"name": "Controllers", "member_of": ["Nobody yet"], "roles": ["Reports Reader"]}], "people": [
{"login": "jane.doe", "surname": "Married", "manager": "new.boss", "mobile": "+47 99999999", "groups": ["Controllers"], "roles": ["Reports Reader"]},
{"login": "new.boss", "mail": "boss@demo.example"}]}`

func TestAnImportThatFailsAtAnyStepLeavesEverythingAsItWas(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	imported(t, d, goodJSON, JSON)
	before := contents(t, d)
	for _, step := range []struct{ kind, table string }{
		{"UPDATE", "meta"},
		{"INSERT", "people"},
		{"UPDATE", "people"},
		{"INSERT", "names"},
		{"UPDATE", "names"},
		{"INSERT", "methods"},
		{"DELETE", "methods"},
		{"INSERT", "groups"},
		{"INSERT", "memberships"},
		{"DELETE", "memberships"},
		{"INSERT", "person_roles"},
		{"INSERT", "nestings"},
		{"DELETE", "nestings"},
		{"INSERT", "group_roles"},
		{"DELETE", "group_roles"},
	} {
		mend := failOn(t, d, step.kind, step.table)
		report, err := d.Import(t.Context(), strings.NewReader(somewhat), JSON)
		mend()
		if core.CodeOf(err) != core.CodeUnavailable || core.AsError(err).Changed != core.NothingChanged || report.Added+report.Changed+report.Groups > 0 {
			t.Errorf("%s of %s: %v, %+v", step.kind, step.table, err, report)
		}
		if after := contents(t, d); after != before {
			t.Errorf("%s of %s left\n%s\nof\n%s", step.kind, step.table, after, before)
		}
	}
	if r := imported(t, d, somewhat, JSON); r.Added != 1 || r.Changed != 1 {
		t.Errorf("without a fault: %+v", r)
	}
}

func TestAPasswordThatFailsAtAnyStepIsTheOldOne(t *testing.T) {
	t.Parallel()
	d, _ := jane(t)
	if err := setPassword(t, d, "jane", "second password"); err != nil {
		t.Fatal(err)
	}
	if err := setPassword(t, d, "jane", "third password"); err != nil {
		t.Fatal(err)
	}
	before := contents(t, d)
	for _, step := range []struct{ kind, table string }{{"INSERT", "password_history"}, {"DELETE", "password_history"}, {"UPDATE", "people"}} {
		mend := failOn(t, d, step.kind, step.table)
		err := setPassword(t, d, "jane", "fourth password")
		mend()
		wantError(t, err, core.CodeUnavailable, "directory.unavailable")
		if after := contents(t, d); after != before {
			t.Errorf("%s of %s left\n%s\nof\n%s", step.kind, step.table, after, before)
		}
	}
	if !signIn(t, d, "jane", "third password") || signIn(t, d, "jane", "fourth password") {
		t.Error("the password is not the old one")
	}
}

func TestSignInsAndUnlocksThatCannotBeWrittenAreRefused(t *testing.T) {
	t.Parallel()
	d, _ := jane(t)
	id := resolve(t, d, "jane")
	mend := failOn(t, d, "UPDATE", "people")
	for _, password := range []string{rightPassword, "a wrong one"} {
		_, err := d.Authenticate(t.Context(), text("jane"), secret.FromString(password))
		wantError(t, err, core.CodeUnavailable, "directory.unavailable")
	}
	mend()
	wrongPasswords(t, d, "a", "b", "c")
	mend = failOn(t, d, "UPDATE", "people")
	_, err := d.Unlock(t.Context(), grant(t, rbac.Unlock, id), core.UnlockChange{Account: id})
	wantError(t, err, core.CodeUnavailable, "directory.unavailable")
	mend()
	if !account(t, d, "jane").State.Locked {
		t.Error("an unlock that was refused was made")
	}
	mend = failOn(t, d, "UPDATE", "meta")
	_, err = d.Authenticate(t.Context(), text("nobody"), secret.FromString("x"))
	wantError(t, err, core.CodeUnavailable, "directory.unavailable")
	mend()
}

// A table that cannot be read is an error, never an account with less in it: roles that are not seen would open what they protect.
func TestWhatCannotBeReadIsNotLeftOut(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"people", "methods", "memberships", "nestings", "groups", "person_roles", "group_roles"} {
		d, _ := open(t)
		imported(t, d, goodJSON, JSON)
		id := resolve(t, d, "jane.doe")
		run(t, d, `PRAGMA legacy_alter_table = ON`, `ALTER TABLE `+table+` RENAME TO gone`)
		_, err := d.Account(t.Context(), id.Key)
		t.Log(table)
		wantError(t, err, core.CodeUnavailable, "directory.unavailable")
		if err := d.Export(t.Context(), &bytes.Buffer{}, JSON); core.CodeOf(err) != core.CodeUnavailable {
			t.Errorf("export without %s: %v", table, err)
		}
	}
}

func TestASearchThatCannotBeAnsweredIsAnError(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"people", "methods", "meta", "names"} {
		d, _ := open(t)
		load(t, d, staff()...)
		run(t, d, `PRAGMA legacy_alter_table = ON`, `ALTER TABLE `+table+` RENAME TO gone`)
		_, err := d.Search(t.Context(), core.Query{Text: text("jane shared@demo.example")})
		t.Log(table)
		wantError(t, err, core.CodeUnavailable, "directory.unavailable")
		if table != "names" { // the rest needs no names
			_, err = d.List(t.Context(), core.ListQuery{State: core.ListLocked})
			if (core.CodeOf(err) == core.CodeUnavailable) != (table == "people") {
				t.Errorf("list without %s: %v", table, err)
			}
		}
	}
}

func TestAnIndexThatCannotBeReadIsReported(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, staff()...)
	run(t, d, `ALTER TABLE names RENAME TO gone`, `UPDATE meta SET value = value + 1 WHERE name = 'generation'`)
	until(t, func() bool { // the search asks for what has changed, and that cannot be read
		found, err := d.Search(t.Context(), core.Query{Text: text("jane")})
		return err == nil && found.Indexing && d.Probe(t.Context()).Level == core.Red
	})
	run(t, d, `ALTER TABLE gone RENAME TO names`)
	until(t, func() bool {
		found, err := d.Search(t.Context(), core.Query{Text: text("jane")})
		return err == nil && !found.Indexing && d.Probe(t.Context()).Level == core.Green
	})
}

func FuzzImport(f *testing.F) {
	for _, seed := range []string{goodCSV, "login\njane\n", "login,surname\na,\"b", "\ufefflogin;x\n", "login\n\xff\n"} {
		f.Add([]byte(seed), false)
	}
	for _, seed := range []string{goodJSON, somewhat, "[]", "{}", `[{"login":"a"},{"login":"A"}]`, `[{"login":"a","groups":["\u0000"]}]`} {
		f.Add([]byte(seed), true)
	}
	d, _ := open(f)
	load(f, d, staff()...)
	f.Fuzz(func(t *testing.T, file []byte, isJSON bool) {
		format := CSV
		if isJSON {
			format = JSON
		}
		importTwice(t, d, file, format)
	})
}

// importTwice asserts what holds for every file: all of it or nothing, bad rows by line, and the second time nothing more.
func importTwice(t *testing.T, d *Directory, file []byte, f Format) {
	t.Helper()
	before := contents(t, d)
	report, err := d.Import(t.Context(), bytes.NewReader(file), f)
	if (err == nil) != (report.BadRows == 0) {
		t.Errorf("%d bad rows and %v", report.BadRows, err)
	}
	for _, bad := range report.Bad {
		if bad.Line < 1 || bad.Line > bytes.Count(file, []byte("\n"))+2 || !strings.HasPrefix(bad.Said.ID, "directory.import_") {
			t.Errorf("bad row %+v", bad)
		}
	}
	if err != nil {
		if contents(t, d) != before {
			t.Errorf("%v, and something was changed", err)
		}
		return
	}
	if again, err := d.Import(t.Context(), bytes.NewReader(file), f); err != nil || again.Added+again.Changed > 0 {
		t.Errorf("the same again: %+v, %v", again, err)
	}
}

func FuzzCursor(f *testing.F) {
	d, clock := open(f)
	q := core.ListQuery{State: core.ListLocked}
	good := d.cursors.seal(cursor{asOf: clock.Now(), sort: 1, id: 2}, q)
	for _, seed := range []string{good, good[1:], "", "AQ", strings.Repeat("A", len(good)), "=", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if _, ok := d.cursors.open(s, q, clock.Now()); ok && s != good {
			t.Errorf("%q was taken for a cursor", s)
		}
	})
}

func TestGroupsOfTwoImportsAreTheSameGroup(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	imported(t, d, "login,groups\na,Desk\n", CSV)
	if r := imported(t, d, "login,groups\na,DESK\nb,ＤＥＳＫ\n", CSV); r.Groups != 0 || r.Unchanged != 1 || r.Added != 1 {
		t.Errorf("%+v", r)
	}
	if got := groupNames(account(t, d, "b")); !slices.Equal(got, []string{"Desk"}) {
		t.Errorf("groups %q", got)
	}
}
