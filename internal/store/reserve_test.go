package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// disk is a small file system of its own.
type disk struct {
	*testing.T
	dir string
}

// newDisk mounts a file system of so many KiB. The second result is false where none can be mounted.
func newDisk(t *testing.T, size int) (disk, bool) {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", size)); err != nil {
		t.Log("no file system can be mounted here:", err)
		return disk{}, false
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return disk{t, dir}, true
}

// stuff fills the disk with a file, to the last byte.
func (d disk) stuff() {
	d.Helper()
	f, err := os.Create(filepath.Join(d.dir, "stuff"))
	must(d.T, err)
	for size := 64 << 10; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	_ = f.Close()
}

// clear makes room again.
func (d disk) clear() {
	d.Helper()
	must(d.T, os.Remove(filepath.Join(d.dir, "stuff")))
}

func TestAChangeThatWasBegunIsRecordedOnAFullDisk(t *testing.T) {
	t.Parallel()
	d, ok := newDisk(t, 4<<10)
	if !ok {
		return // TestAnOutcomeIsTriedOnceMoreWithTheSpaceKeptForIt stands for it
	}
	o := newOptions(t)
	o.Path = filepath.Join(d.dir, "desk.db")
	s := openStore(t, o)
	c := aCase(t, s, jane)
	evidenceOf(t, s, c, "ev_1")
	i := anIntent("op_1", c, "ev_1")
	intent, err := s.Intend(t.Context(), i)
	must(t, err)
	d.stuff()

	before := intent
	for seq := int64(0); err == nil; before = max(before, seq) { // the log has some room left in its last pages
		seq, err = s.Append(t.Context(), aRecord("op_full", jane))
	}
	wantCode(t, "Append", err, core.CodeAuditUnavailable)
	if !errors.Is(err, sqlitedb.ErrFull) {
		t.Errorf("Append failed for another reason: %v", err)
	}
	_, err = s.Conclude(t.Context(), done(i, intent, aNotice("n1")))
	must(t, err)
	evidence, err := s.EvidenceOf(t.Context(), c.Number)
	must(t, err)
	if evidence[0].SpentBy != "op_1" {
		t.Errorf("the evidence is %+v", evidence[0])
	}
	d.refusesChanges(s)
	d.clear()
	must(t, s.Probe(t.Context()))
	_, err = s.Intend(t.Context(), anIntent("op_2", core.Case{Person: omar}))
	must(t, err)
	if v := verified(t, s); v.Last != before+3 { // the outcome, the word about the space, the next intent
		t.Errorf("verified %+v, %d records had been written before", v, before)
	}
}

// refusesChanges: while the space for outcomes is used up there is none for another change.
func (d disk) refusesChanges(s *Store) {
	d.Helper()
	stuffing := filepath.Join(d.dir, "stuffing")
	must(d.T, os.WriteFile(stuffing, nil, 0o600))
	for f, err := os.OpenFile(stuffing, os.O_WRONLY|os.O_APPEND, 0); err == nil; _, err = f.Write(make([]byte, 4096)) {
	}
	_, err := s.Intend(d.Context(), anIntent("op_2", core.Case{Person: omar}))
	wantCode(d.T, "Intend", err, core.CodeAuditUnavailable)
	wantCode(d.T, "Probe", s.Probe(d.Context()), core.CodeAuditUnavailable)
	must(d.T, os.Remove(stuffing))
}

func TestAStoreOnAFullDiskIsNotMade(t *testing.T) {
	t.Parallel()
	d, ok := newDisk(t, 64)
	if !ok {
		return
	}
	d.stuff()
	o := newOptions(t)
	o.Path = filepath.Join(d.dir, "desk.db")
	if _, err := Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), o.Path) {
		t.Errorf("got %v, want an error with the path", err)
	}
}

func TestAnOutcomeIsTriedOnceMoreWithTheSpaceKeptForIt(t *testing.T) {
	t.Parallel()
	s := openStore(t, newOptions(t))
	full := fmt.Errorf("no room: %w", sqlitedb.ErrFull)
	for _, c := range []struct {
		name    string
		fails   []error // one after the other, then nil
		calls   int
		there   bool  // the reserve afterwards
		records int64 // afterwards
	}{
		{"room", nil, 1, true, 0},
		{"another failure", []error{sqlitedb.ErrBusy}, 1, true, 0},
		{"full", []error{full}, 2, false, 1},
		{"full without a reserve", []error{full}, 1, false, 1},
	} {
		calls := 0
		err := s.concluded(t.Context(), func(context.Context, *book) error {
			calls++
			if calls <= len(c.fails) {
				return c.fails[calls-1]
			}
			return nil
		})
		if calls != c.calls || (err == nil) != (calls > len(c.fails)) || s.reserve.there != c.there || verified(t, s).Records != c.records {
			t.Errorf("%s: %d calls, %v, reserve %t", c.name, calls, err, s.reserve.there)
		}
	}
	must(t, s.Probe(t.Context()))
	if !s.reserve.there {
		t.Error("the probe did not take the space back")
	}
}

func TestAFullDatabaseIsRefusedAsFull(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	o.maxPages = 120
	s := openStore(t, o)
	var err error
	var written int64
	for err == nil {
		var seq int64
		if seq, err = s.Append(t.Context(), aRecord("op_full", jane)); err == nil {
			written = seq
		}
	}
	wantCode(t, "Append", err, core.CodeAuditUnavailable)
	if !errors.Is(err, sqlitedb.ErrFull) {
		t.Errorf("got %v, want ErrFull", err)
	}
	if v := verified(t, s); v.Records != written {
		t.Errorf("%d records of %d", v.Records, written)
	}
}

func TestASpaceThatCannotBeReservedStopsChangesAlone(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	must(t, os.Mkdir(o.Path+"-reserve", 0o700)) // nothing can be written there
	s := openStore(t, o)
	c := aCase(t, s, jane)
	_, err := s.Intend(t.Context(), anIntent("op_1", c))
	wantCode(t, "Intend", err, core.CodeAuditUnavailable)
	must(t, os.Remove(o.Path+"-reserve"))
	_, err = s.Intend(t.Context(), anIntent("op_1", c))
	must(t, err)
}
