package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func TestNotesAreWrittenWhenTheStoreCloses(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s, err := Open(t.Context(), o)
	must(t, err)
	for i := range 500 {
		s.Note(aRecord(fmt.Sprint("op_", i), jane))
	}
	must(t, s.Close())
	if v := verified(t, openStore(t, o)); v.Records != 500 || s.Dropped() != 0 {
		t.Errorf("%d of 500 notes were written, %d dropped", v.Records, s.Dropped())
	}
	s.Note(aRecord("late", jane))
	if s.Dropped() != 1 {
		t.Error("a note after the end was not counted as dropped")
	}
	if err := s.Flush(t.Context()); err != nil {
		t.Errorf("flushing after the end: %v", err)
	}
}

func TestNotesNeverWaitAndWhatWasLostIsSaid(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	o.Patience = 50 * time.Millisecond
	s := openStore(t, o)
	release := lockedBy(t, o.Path)
	begun := time.Now()
	const notes = 3 * noteQueue
	for range notes {
		s.Note(aRecord("op", jane))
	}
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("noting took %v while the trail was locked", took)
	}
	must(t, s.Flush(t.Context())) // everything queued was tried and lost
	lost := s.Dropped()
	if lost != notes {
		t.Errorf("%d of %d notes are counted as lost", lost, notes)
	}
	release()
	s.Note(aRecord("op_after", jane))
	must(t, s.Flush(t.Context()))
	got, err := s.Records(t.Context(), core.TrailFilter{})
	must(t, err)
	if len(got) != 2 || got[1].Reason != "trail.notes_dropped" || got[1].Detail["notes"] != fmt.Sprint(lost) || got[0].Operation != "op_after" {
		t.Errorf("the trail says %+v", got)
	}
	if s.Dropped() != lost {
		t.Error("what was lost is forgotten")
	}
	s.Note(aRecord("op_more", jane))
	must(t, s.Flush(t.Context()))
	if v := verified(t, s); v.Records != 3 {
		t.Errorf("the loss is said again: %+v", v)
	}
}

func TestANoteThatCannotBeWrittenCostsNoOther(t *testing.T) {
	t.Parallel()
	s := openStore(t, newOptions(t))
	for _, bad := range []core.Record{
		{Detail: map[string]string{"why": strings.Repeat("x", 1<<20)}},
		{Detail: map[string]string{"\xff": "a key"}},
		{Personal: map[string]string{"name": strings.Repeat("x", 1<<20)}},
		{At: time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		bad.Kind = core.KindLook
		s.Note(aRecord("before", jane))
		s.Note(bad)
		s.Note(aRecord("after", jane))
	}
	must(t, s.Flush(t.Context()))
	got, err := s.Records(t.Context(), core.TrailFilter{Kinds: []core.RecordKind{core.KindDesk}})
	must(t, err)
	if s.Dropped() != 4 || len(got) != 8 {
		t.Errorf("%d dropped, %d of 8 written", s.Dropped(), len(got))
	}
	verified(t, s)
}

func TestFlushingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	o.Patience = time.Second
	s := openStore(t, o)
	release := lockedBy(t, o.Path)
	s.Note(aRecord("op", jane))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want context.DeadlineExceeded", err)
	}
	release()
}

func TestARecordWithoutATimeGetsOne(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	o.Clock = stopped(morning)
	s := openStore(t, o)
	s.Note(core.Record{Kind: core.KindLook})
	must(t, s.Flush(t.Context()))
	_, err := s.Append(t.Context(), core.Record{Kind: core.KindSystem})
	must(t, err)
	got, err := s.Records(t.Context(), core.TrailFilter{})
	must(t, err)
	for _, r := range got {
		if !r.At.Equal(morning) {
			t.Errorf("record %d is of %v", r.Seq, r.At)
		}
	}
}

// stopped is a clock that stands still.
type stopped time.Time

func (c stopped) Now() time.Time { return time.Time(c) }
