package embedded

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

func openAt(tb testing.TB, path string) (*Directory, error) {
	tb.Helper()
	return Open(tb.Context(), Options{
		Name: "demo", Path: path, Policy: testPolicy(), Clock: newClock(), Entropy: rand.Reader, HashCost: cheap(),
	})
}

// closedFile is the file of a directory with some people, closed.
func closedFile(tb testing.TB) string {
	tb.Helper()
	path := filepath.Join(scratch(tb), "people.db")
	d, err := openAt(tb, path)
	if err != nil {
		tb.Fatal(err)
	}
	load(tb, d, slices.Collect(crowd(300, ""))...)
	if err := d.Close(); err != nil {
		tb.Fatal(err)
	}
	return path
}

// T113: what is damaged is refused with a sentence that names it, and left as it is.
func TestADamagedFileIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	for what, spoil := range map[string]func(content []byte) []byte{
		"another kind of file": func([]byte) []byte {
			return []byte("this is not a database, it is a letter to somebody, and quite a long one")
		},
		"a page overwritten": func(c []byte) []byte { return slices.Concat(c[:8192], bytes.Repeat([]byte{0xa5}, 4096), c[12288:]) },
		"half of the file":   func(c []byte) []byte { return c[:len(c)/2] },
	} {
		path := closedFile(t)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		spoiled := spoil(content)
		if err := os.WriteFile(path, spoiled, 0o600); err != nil {
			t.Fatal(err)
		}
		d, err := openAt(t, path)
		if d != nil {
			_ = d.Close()
		}
		t.Log(what)
		wantError(t, err, core.CodeUnavailable, "directory.damaged")
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, spoiled) {
			t.Errorf("%s: the file was touched (%v)", what, err)
		}
	}
}

func TestFilesThatAreNotOursAreRefused(t *testing.T) {
	t.Parallel()
	exposed := closedFile(t)
	if err := os.Chmod(exposed, 0o644); err != nil {
		t.Fatal(err)
	}
	newer := closedFile(t)
	alter(t, newer, `INSERT INTO schema_migrations VALUES (99, 'later', 'x', 0)`)
	altered := closedFile(t)
	alter(t, altered, `UPDATE schema_migrations SET checksum = 'x'`)
	for path, said := range map[string]string{
		exposed: "directory.exposed", newer: "directory.newer", altered: "directory.altered", filepath.Join(t.TempDir(), "no", "folder", "x.db"): "directory.read_only",
	} {
		d, err := openAt(t, path)
		if d != nil {
			_ = d.Close()
		}
		wantError(t, err, core.CodeUnavailable, said)
	}
}

// alter runs a statement on a file that nobody has open.
func alter(tb testing.TB, path, statement string) {
	tb.Helper()
	schema, err := sqlitedb.LoadMigrations(migrations, "migrations")
	if err != nil {
		tb.Fatal(err)
	}
	db, err := sqlitedb.Open(tb.Context(), sqlitedb.Options{Path: path, Migrations: schema})
	if err != nil {
		tb.Fatal(err)
	}
	if err := db.Write(tb.Context(), func(ctx ctx, tx *sqlitedb.Tx) error {
		_, err := tx.Exec(ctx, statement)
		return err
	}); err != nil {
		tb.Fatal(err)
	}
	if err := db.Close(); err != nil {
		tb.Fatal(err)
	}
}

// T113: another process that writes for long is waited for a while; then the change is refused and nothing was changed.
func TestALockedDatabaseIsBusyAndStillAnswersReaders(t *testing.T) {
	t.Parallel()
	path := closedFile(t)
	d, err := openAt(t, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	other, err := openAt(t, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	id := resolve(t, d, "jane.doe0")
	g := grant(t, rbac.ResetPassword, id)
	err = other.db.Write(t.Context(), func(ctx, *sqlitedb.Tx) error {
		began := time.Now()
		err := d.SetPassword(t.Context(), g, core.PasswordChange{Account: id, Password: secret.FromString("a new password")})
		wantError(t, err, core.CodeUnavailable, "directory.busy")
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("it took %v to say so", took)
		}
		if _, err := d.Account(t.Context(), id.Key); err != nil {
			t.Errorf("read: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := account(t, d, "jane.doe0"); a.Version != "1" {
		t.Errorf("version %s after a change that was refused", a.Version)
	}
}

// T112: a full disk refuses the change as a whole.
func TestAFullDiskChangesNothing(t *testing.T) {
	t.Parallel()
	d, _ := jane(t)
	if err := d.setCache(t.Context(), `PRAGMA max_page_count = 1`); err != nil { // no page more than there are
		t.Fatal(err)
	}
	report, err := d.Load(t.Context(), Batch{People: crowd(2000, "")})
	wantError(t, err, core.CodeUnavailable, "directory.full")
	if count(t, d, "people") != 1 || report.Added != 0 {
		t.Errorf("%d people, %+v", count(t, d, "people"), report)
	}
	if !signIn(t, d, "jane", rightPassword) {
		t.Error("who was there cannot sign in any more")
	}
	if got := find(t, d, "jane"); len(got) != 1 {
		t.Errorf("found %q", got)
	}
}

func TestDamageThatComesLaterIsSaid(t *testing.T) {
	t.Parallel()
	path := closedFile(t)
	d, err := openAt(t, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(bytes.Repeat([]byte{0xa5}, int(info.Size())), 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	failures := 0
	for range 8 { // some connections have read some pages before
		_, err := d.Search(t.Context(), core.Query{Text: text("jane.doe0")})
		if e := core.AsError(err); e != nil {
			failures++
			if e.Code != core.CodeUnavailable || e.Changed != core.NothingChanged {
				t.Errorf("error %v, want unavailable", err)
			}
		}
	}
	if failures == 0 {
		t.Error("a file full of nonsense is read without an error")
	}
}

func TestAnIndexThatCannotBeBuiltTurnsTheHealthRed(t *testing.T) {
	t.Parallel()
	d, _ := jane(t)
	wrong := fmt.Errorf("reading names: %w", sqlitedb.ErrDamaged)
	d.finder.refreshing.Lock() // so that it does not go well meanwhile
	d.finder.failure.Store(&wrong)
	if h := d.Probe(t.Context()); h.Level != core.Red || h.Said.ID != "directory.damaged" {
		t.Errorf("health %+v, want red", h)
	}
	d.finder.refreshing.Unlock()
	if _, err := d.finder.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h := d.Probe(t.Context()); h.Level != core.Green {
		t.Errorf("health %+v after it was built", h)
	}
}

func TestWithoutEntropyNothingIsOpenedOrMade(t *testing.T) {
	t.Parallel()
	path := filepath.Join(scratch(t), "people.db")
	_, err := Open(t.Context(), Options{Name: "demo", Path: path, Clock: newClock(), Entropy: bytes.NewReader(nil), HashCost: cheap()})
	wantError(t, err, core.CodeUnavailable, "directory.unavailable")
	d, _ := open(t)
	d.entropy = bytes.NewReader(nil)
	_, err = d.Load(t.Context(), Batch{People: crowd(1, "")})
	wantError(t, err, core.CodeUnavailable, "directory.unavailable")
	if count(t, d, "people") != 0 {
		t.Error("somebody was made without a key of their own")
	}
}

func TestAClosedDirectorySaysSo(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	for range 2 {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	_, err := d.Search(t.Context(), core.Query{Text: text("x")})
	wantError(t, err, core.CodeUnavailable, "directory.closed")
	_, err = d.Load(t.Context(), Batch{People: crowd(1, "")})
	wantError(t, err, core.CodeUnavailable, "directory.closed")
	wantError(t, d.Export(t.Context(), &bytes.Buffer{}, CSV), core.CodeUnavailable, "directory.closed")
}

func TestHealthTellsHowManyAndHowFast(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, slices.Collect(crowd(20, ""))...)
	h := d.Probe(t.Context())
	if people, ok := h.Said.Field("people"); h.Level != core.Green || h.Said.ID != "directory.healthy" || !ok || people.Count != 20 || h.P99 <= 0 || h.P50 > h.P99 {
		t.Errorf("health %+v", h)
	}
}
