package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// restored restores a backup to a new place and opens it.
func restored(t *testing.T, from string, o Options) *Store {
	t.Helper()
	o.Path = filepath.Join(scratch(t), "restored.db")
	must(t, Restore(t.Context(), from, o))
	files, err := filepath.Glob(o.Path + "*")
	must(t, err)
	if len(files) != 1 {
		t.Errorf("beside the restored database there is more: %v", files)
	}
	info, err := os.Stat(o.Path)
	must(t, err)
	if info.Mode() != fs.FileMode(0o600) {
		t.Errorf("the restored database has mode %v", info.Mode())
	}
	return openStore(t, o)
}

func TestARestoredStoreHasEverythingAndNothingThatCanBeUsedOnce(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s := openStore(t, o)
	c := everythingAbout(t, s, jane)
	evidenceOf(t, s, c, "ev_usable")
	spent, err := s.EvidenceOf(t.Context(), c.Number)
	must(t, err)
	must(t, s.AllowRepeat(t.Context(), []string{"ev_1"}, morning.Add(time.Hour), aRecord("op", jane)))
	must(t, s.CreateChallenge(t.Context(), core.Challenge{
		ID: "ch_open", Case: c.Number, Account: jane.ID, TriesLeft: 5, ExpiresAt: morning.Add(time.Hour),
	}, aRecord("op", jane)))
	_, err = s.AcceptStep(t.Context(), "reg_1", 100)
	must(t, err)
	before := verified(t, s)
	must(t, s.Backup(t.Context(), o.Path+".backup"))

	back := restored(t, o.Path+".backup", o)
	if v := verified(t, back); v.Records != before.Records+1 {
		t.Errorf("verified %+v, before %+v", v, before)
	}
	newest, err := back.Records(t.Context(), core.TrailFilter{Limit: 1})
	must(t, err)
	if d := newest[0].Detail; newest[0].Reason != "store.restored" || d["evidence"] != "2" || d["challenges"] != "1" {
		t.Errorf("the restore is recorded as %+v", newest[0])
	}
	evidence, err := back.EvidenceOf(t.Context(), c.Number)
	must(t, err)
	if len(evidence) != 2 || len(spent) != 2 {
		t.Fatalf("evidence %+v", evidence)
	}
	for _, e := range evidence {
		if e.SpentAt.IsZero() || !e.RepeatUntil.IsZero() {
			t.Errorf("%s can be used after the restore: %+v", e.ID, e)
		}
		if want := map[string]string{"ev_usable": "restore", "ev_1": "op_1"}[e.ID]; e.SpentBy != want {
			t.Errorf("%s was spent by %q, want %q", e.ID, e.SpentBy, want)
		}
	}
	_, err = back.TakeTry(t.Context(), "ch_open", morning)
	wantCode(t, "an old challenge", err, core.CodeUnverified)
	if ok, err := back.AcceptStep(t.Context(), "reg_1", 100); ok || err != nil {
		t.Errorf("a used code is accepted after the restore: %t, %v", ok, err)
	}
	if got, err := back.Case(t.Context(), c.Number); err != nil || got.Person.Login != jane.Login {
		t.Errorf("the case is %+v (%v)", got, err)
	}
}

func TestABackupIsMadeWhileTheDeskWorks(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s := openStore(t, o)
	ctx, cancel := context.WithCancel(t.Context())
	stopped, begun := make(chan struct{}), make(chan struct{})
	go func() { // ends with ctx
		defer close(stopped)
		for i := 0; ctx.Err() == nil; i++ {
			intent := anIntent(fmt.Sprint("op_", i), core.Case{Person: jane})
			seq, err := s.Intend(context.WithoutCancel(ctx), intent)
			if err == nil {
				_, err = s.Conclude(context.WithoutCancel(ctx), done(intent, seq))
			}
			if err != nil {
				t.Error(err)
			}
			if i == 10 {
				close(begun)
			}
		}
	}()
	<-begun
	for i := range 3 {
		file := filepath.Join(scratch(t), fmt.Sprint("backup_", i))
		must(t, s.Backup(t.Context(), file))
		if v := verified(t, restored(t, file, o)); v.Records < 20 {
			t.Errorf("backup %d has %d records", i, v.Records)
		}
	}
	cancel()
	<-stopped
	file := filepath.Join(scratch(t), "taken")
	must(t, os.WriteFile(file, nil, 0o600))
	if err := s.Backup(t.Context(), file); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want fs.ErrExist", err)
	}
}

func TestARestoreDoesNotTouchWhatIsThere(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s := openStore(t, o)
	fill(t, s, 1)
	backup := o.Path + ".backup"
	must(t, s.Backup(t.Context(), backup))
	err := Restore(t.Context(), backup, o)
	if !errors.Is(err, ErrInTheWay) || !strings.Contains(err.Error(), o.Path) {
		t.Errorf("over a store in use: got %v, want ErrInTheWay", err)
	}
	for _, beside := range []string{"-wal", "-shm"} { // SQLite would take them for the restored database's own
		target := o
		target.Path = filepath.Join(scratch(t), "desk.db")
		must(t, os.WriteFile(target.Path+beside, []byte("left over"), 0o600))
		if err := Restore(t.Context(), backup, target); !errors.Is(err, ErrInTheWay) {
			t.Errorf("beside a left over %s: got %v, want ErrInTheWay", beside, err)
		}
	}
	fill(t, s, 1)
	verified(t, s)
}

func TestOnlyAFinishedBackupIsRestored(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s := openStore(t, o)
	fill(t, s, 20)
	backup := filepath.Join(scratch(t), "backup")
	must(t, s.Backup(t.Context(), backup))
	target := o
	target.Path = filepath.Join(scratch(t), "desk.db")
	other := target
	other.Key = newKey(t)
	for name, c := range map[string]struct {
		from string
		o    Options
		want error
	}{
		"a store in use": {o.Path, target, ErrInTheWay},
		"nothing":        {backup + ".missing", target, fs.ErrNotExist},
		"another key":    {backup, other, ErrKey},
		"half a file":    {half(t, backup), target, sqlitedb.ErrDamaged},
	} {
		if err := Restore(t.Context(), c.from, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if left, err := filepath.Glob(target.Path + "*"); err != nil || left != nil {
			t.Errorf("%s: left %v", name, left)
		}
	}
	must(t, Restore(t.Context(), backup, target))
}

func half(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path+".half", content[:len(content)/2], 0o600))
	return path + ".half"
}

func TestARestoreForgetsTheMarkOfTheLostDatabase(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s, err := Open(t.Context(), o)
	must(t, err)
	fill(t, s, 3)
	backup := filepath.Join(scratch(t), "backup")
	must(t, s.Backup(t.Context(), backup))
	fill(t, s, 30)
	must(t, s.Close())
	must(t, os.Remove(o.Path))
	must(t, Restore(t.Context(), backup, o))
	if v := verified(t, openStore(t, o)); v.Records != 4 {
		t.Errorf("verified %+v", v)
	}
}

// old are options for a store of the first version of the schema.
func old(t *testing.T) Options {
	t.Helper()
	all, err := sqlitedb.LoadMigrations(migrationFiles, "migrations")
	must(t, err)
	o := newOptions(t)
	o.migrations = all[:1]
	return o
}

// oldStore makes a store as the first version of the program did, with a case that went through three hands, and closes it.
func oldStore(t *testing.T, o Options) {
	t.Helper()
	s, err := Open(t.Context(), o)
	must(t, err)
	anOldProof(t, s, anOldCase(t, s))
	fill(t, s, 5)
	must(t, s.Close())
}

// anOldCase writes a case without the table that came later.
func anOldCase(t *testing.T, s *Store) (c core.Case) {
	t.Helper()
	must(t, s.recorded(t.Context(), func(ctx context.Context, b *book) error {
		who, err := b.meet(ctx, jane.ID)
		if err != nil {
			return err
		}
		sealed, err := who.seal(casePersonal{Login: raw(jane.Login)}, "case", "1")
		if err != nil {
			return err
		}
		_, err = b.Exec(ctx, "INSERT INTO cases ("+caseColumns+") VALUES (1, ?, ?, x'', '', 'open', 'alice', 'carol', ?, '', 'bob', 1, 0, 'carol', 2, '', 3, 4, 0)",
			who.pseudonym, sealed, string(rbac.UserAdministrator))
		return err
	}))
	c, err := s.Case(t.Context(), 1)
	must(t, err)
	return c
}

// anOldProof writes unspent evidence without the column that came later.
func anOldProof(t *testing.T, s *Store, c core.Case) {
	t.Helper()
	must(t, s.recorded(t.Context(), func(ctx context.Context, b *book) error {
		who, err := b.meet(ctx, c.Person.ID)
		if err != nil {
			return err
		}
		_, err = b.Exec(ctx, `INSERT INTO evidence (id, case_no, person, operator, credential, kind, method, strength, obtained_at, expires_at,
			spent_at, spent_by, writes, repeat_until, rebound_from) VALUES ('ev_1', ?, ?, 'carol', 'key:1', 'email', 'alternateMail:0', 'weak', 1, 2, 0, '', 0, 0, '')`,
			c.Number, who.pseudonym)
		return err
	}))
}

// checkUpgraded looks at a store that oldStore made and the program brought up to date.
func checkUpgraded(t *testing.T, s *Store) {
	t.Helper()
	for _, operator := range []string{"alice", "bob", "carol"} {
		cases, err := s.ListCases(t.Context(), core.CaseFilter{HandledBy: operator})
		must(t, err)
		if len(cases) != 1 || cases[0].Person.Login != jane.Login {
			t.Errorf("%s finds %+v", operator, cases)
		}
	}
	fill(t, s, 1)
	verified(t, s)
	aCase(t, s, omar)
}

func TestAnOlderStoreIsBroughtUpToDateAndKept(t *testing.T) {
	t.Parallel()
	o := old(t)
	oldStore(t, o)
	version := o.migrations
	o.migrations = nil
	checkUpgraded(t, openStore(t, o))
	kept := o
	kept.Path, kept.migrations = o.Path+".v0001", version
	if v := verified(t, openStore(t, kept)); v.Records != 5 {
		t.Errorf("the copy of before: %+v", v)
	}
}

func TestABackupOfAnOlderVersionIsRestored(t *testing.T) {
	t.Parallel()
	o := old(t)
	oldStore(t, o)
	s, err := Open(t.Context(), o)
	must(t, err)
	backup := filepath.Join(scratch(t), "backup")
	must(t, s.Backup(t.Context(), backup))
	must(t, s.Close())
	o.migrations = nil
	back := restored(t, backup, o)
	checkUpgraded(t, back)
	evidence, err := back.EvidenceOf(t.Context(), 1)
	must(t, err)
	if len(evidence) != 1 || evidence[0].SpentBy != "restore" {
		t.Errorf("evidence %+v", evidence)
	}
}

func TestANewerStoreIsNotOpened(t *testing.T) {
	t.Parallel()
	o := old(t)
	first := o.migrations
	o.migrations = nil
	s, err := Open(t.Context(), o)
	must(t, err)
	fill(t, s, 1)
	must(t, s.Close())
	o.migrations = first
	if _, err := Open(t.Context(), o); !errors.Is(err, sqlitedb.ErrNewer) || !strings.Contains(err.Error(), o.Path) {
		t.Errorf("got %v, want ErrNewer with the path", err)
	}
}

func TestARestoreChecksAlsoWhatIsTooLargeToCheckAtOpening(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	o.checkAtOnce = 1
	s := openStore(t, o)
	fill(t, s, 40)
	must(t, s.Damaged())
	backup := filepath.Join(scratch(t), "odd [name")
	must(t, s.Backup(t.Context(), backup))
	info, err := os.Stat(backup)
	must(t, err)
	overwrite(t, backup, info.Size()/2/4096*4096, strings.Repeat("\xa5", 4096))
	target := o
	target.Path = filepath.Join(scratch(t), "desk [1].db")
	if err := Restore(t.Context(), backup, target); !errors.Is(err, sqlitedb.ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
	if left, err := os.ReadDir(filepath.Dir(target.Path)); err != nil || len(left) != 0 {
		t.Errorf("left %v (%v)", left, err)
	}
}
