package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// fill appends records.
func fill(t *testing.T, s *Store, n int) {
	t.Helper()
	for i := range n {
		_, err := s.Append(t.Context(), aRecord(fmt.Sprint("op_", i), jane))
		must(t, err)
	}
}

// pulledPlug copies the files of a store in use to another place, as if the machine had stopped now. It returns the options for the copy.
func pulledPlug(t *testing.T, o Options) Options {
	t.Helper()
	copied := o
	copied.Path = filepath.Join(scratch(t), "desk.db")
	files, err := filepath.Glob(o.Path + "*")
	must(t, err)
	for _, f := range files {
		must(t, copyFile(f, copied.Path+strings.TrimPrefix(f, o.Path)))
	}
	return copied
}

func TestACrashLosesNothing(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s := openStore(t, o)
	fill(t, s, 5)
	crashed := pulledPlug(t, o)
	must(t, os.Remove(crashed.Path+"-shm")) // SQLite makes the index of the log anew
	if v := verified(t, openStore(t, crashed)); v.Records != 5 {
		t.Errorf("%d records are left of 5", v.Records)
	}
}

func TestALogThatIsGoneAfterACrashIsNoticed(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s, err := Open(t.Context(), o)
	must(t, err)
	fill(t, s, 2)
	must(t, s.Close())
	s = openStore(t, o)
	fill(t, s, 3)
	crashed := pulledPlug(t, o)
	must(t, os.Remove(crashed.Path+"-wal"))
	for range 2 { // looking at it does not make it right
		_, err = Open(t.Context(), crashed)
		if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), crashed.Path) || !strings.Contains(err.Error(), "number 5") {
			t.Fatalf("got %v, want ErrMissing with the path and the number", err)
		}
	}
}

func TestALogThatIsRemovedWhileInUseLosesNothing(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s, err := Open(t.Context(), o)
	must(t, err)
	fill(t, s, 3)
	must(t, os.Remove(o.Path+"-wal"))
	fill(t, s, 3)
	must(t, s.Close())
	if v := verified(t, openStore(t, o)); v.Records != 6 {
		t.Errorf("%d records are left of 6", v.Records)
	}
}

func TestAnOlderCopyPutInPlaceIsNoticed(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s, err := Open(t.Context(), o)
	must(t, err)
	fill(t, s, 3)
	must(t, s.Backup(t.Context(), o.Path+".old"))
	fill(t, s, 3)
	must(t, s.Close())
	must(t, os.Rename(o.Path+".old", o.Path))
	if _, err := Open(t.Context(), o); !errors.Is(err, ErrMissing) {
		t.Errorf("got %v, want ErrMissing", err)
	}
}

func TestAnotherStoreInItsPlaceIsNoticed(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s, err := Open(t.Context(), o)
	must(t, err)
	fill(t, s, 3)
	must(t, s.Close())
	other := o
	other.Path = filepath.Join(scratch(t), "other.db")
	s, err = Open(t.Context(), other)
	must(t, err)
	fill(t, s, 8)
	must(t, s.Close())
	must(t, os.Remove(o.Path))
	must(t, copyFile(other.Path, o.Path))
	if _, err := Open(t.Context(), o); !errors.Is(err, ErrMissing) {
		t.Errorf("got %v, want ErrMissing", err)
	}
}

func TestAMarkThatIsTornOrGoneDoesNotHinder(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"gone": "", "torn": "000000000000", "nonsense": "hello\n", "behind": fmt.Sprintf(markFormat, 0, "")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOptions(t)
			s, err := Open(t.Context(), o)
			must(t, err)
			fill(t, s, 3)
			must(t, s.Close())
			must(t, os.WriteFile(o.Path+"-mark", []byte(content), 0o600))
			s = openStore(t, o)
			fill(t, s, 1)
			if content, err := os.ReadFile(o.Path + "-mark"); err != nil || !strings.HasPrefix(string(content), "00000000000000000004 ") {
				t.Errorf("the mark is %q (%v)", content, err)
			}
		})
	}
}

func TestTheFilesBesideTheDatabaseBelongToTheOwnerAlone(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s := openStore(t, o)
	fill(t, s, 1)
	must(t, s.Backup(t.Context(), o.Path+".backup"))
	files, err := filepath.Glob(o.Path + "*")
	must(t, err)
	if len(files) != 6 {
		t.Errorf("the files are %v", files)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		must(t, err)
		if info.Mode() != fs.FileMode(0o600) {
			t.Errorf("%s has mode %v", filepath.Base(f), info.Mode())
		}
	}
}

func TestAPurgeTakesTheOldestRecordsAndLeavesOne(t *testing.T) {
	t.Parallel()
	s := openStore(t, newOptions(t))
	for i := range 6 {
		r := aRecord(fmt.Sprint("op_", i), jane)
		r.At = morning.AddDate(0, 0, i)
		_, err := s.Append(t.Context(), r)
		must(t, err)
	}
	third, err := s.Records(t.Context(), core.TrailFilter{BeforeSeq: 4, Limit: 1})
	must(t, err)
	r := core.Record{At: morning.AddDate(1, 0, 0), Kind: core.KindSystem, Reason: "retention"}
	removed, err := s.Purge(t.Context(), morning.AddDate(0, 0, 3), r)
	must(t, err)
	if removed != 3 || third[0].Seq != 3 {
		t.Errorf("%d removed", removed)
	}
	if v := verified(t, s); v.First != 4 || v.Last != 7 || v.Records != 4 || v.Erased != 0 {
		t.Errorf("verified %+v", v)
	}
	newest, err := s.Records(t.Context(), core.TrailFilter{Limit: 1})
	must(t, err)
	if d := newest[0].Detail; newest[0].Reason != "retention" || d["first"] != "1" || d["last"] != "3" || len(d["digest"]) != 64 {
		t.Errorf("the purge is recorded as %+v", newest[0])
	}
}

func TestAPurgeOfNothingLeavesNothing(t *testing.T) {
	t.Parallel()
	s := openStore(t, newOptions(t))
	for range 2 {
		removed, err := s.Purge(t.Context(), morning, core.Record{At: morning, Kind: core.KindSystem})
		must(t, err)
		if v := verified(t, s); removed != 0 || v.Records != 0 {
			t.Errorf("%d removed, verified %+v", removed, v)
		}
	}
}

func TestAPurgeStopsAtAnOpenIntent(t *testing.T) {
	t.Parallel()
	s := openStore(t, newOptions(t))
	c := aCase(t, s, jane)               // 1
	i := anIntent("op_1", c)             //
	seq, err := s.Intend(t.Context(), i) // 2
	must(t, err)
	fill(t, s, 3)
	removed, err := s.Purge(t.Context(), morning.AddDate(1, 0, 0), core.Record{At: morning, Kind: core.KindSystem})
	must(t, err)
	open, err := s.OpenIntents(t.Context(), jane.ID)
	must(t, err)
	if removed != 1 || len(open) != 1 || open[0].Record.Seq != seq {
		t.Errorf("%d removed, open %+v", removed, open)
	}
	_, err = s.Conclude(t.Context(), done(i, seq))
	must(t, err)
	removed, err = s.Purge(t.Context(), morning.AddDate(1, 0, 0), core.Record{At: morning, Kind: core.KindSystem})
	must(t, err)
	if v := verified(t, s); removed != 6 || v.Records != 1 || v.First != v.Last {
		t.Errorf("%d removed, verified %+v", removed, v)
	}
	fill(t, s, 1)
	verified(t, s)
}

func TestTheDoorOfThePurgeIsShutAfterwards(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s := openStore(t, o)
	fill(t, s, 3)
	_, err := s.Purge(t.Context(), morning.AddDate(1, 0, 0), core.Record{At: morning.AddDate(2, 0, 0), Kind: core.KindSystem})
	must(t, err)
	if _, err := stranger(t, o.Path).ExecContext(t.Context(), "DELETE FROM trail"); err == nil {
		t.Error("the trail can be deleted after a purge")
	}
}
