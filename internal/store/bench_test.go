package store

import (
	"fmt"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// benchStore is a store on the disk under the test's folder: what a commit costs is the disk's business.
func benchStore(b *testing.B) *Store {
	b.Helper()
	o := newOptions(b)
	o.Path = b.TempDir() + "/desk.db"
	return openStore(b, o)
}

func BenchmarkIntendAndConclude(b *testing.B) {
	s := benchStore(b)
	c, err := s.CreateCase(b.Context(), core.Case{Person: jane, Status: core.CaseOpen, OpenedBy: "alice"}, aRecord("op", jane))
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		intent := anIntent(fmt.Sprint("op_", i), c)
		seq, err := s.Intend(b.Context(), intent)
		if err != nil {
			b.Fatal(err)
		}
		conclusion := done(intent, seq, aNotice(fmt.Sprint("n_", i)))
		conclusion.Case = c
		if _, err := s.Conclude(b.Context(), conclusion); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	s := benchStore(b)
	for b.Loop() {
		if _, err := s.Append(b.Context(), aRecord("op", jane)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNote measures notes until they are on the disk.
func BenchmarkNote(b *testing.B) {
	s := benchStore(b)
	for i := 0; b.Loop(); i++ {
		s.Note(aRecord("op", jane))
		if i%(noteQueue/2) == 0 {
			if err := s.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := s.Flush(b.Context()); err != nil || s.Dropped() > 0 {
		b.Fatal(err, s.Dropped())
	}
}

func BenchmarkRecords(b *testing.B) {
	s := benchStore(b)
	for range 1000 {
		s.Note(aRecord("op", jane))
	}
	if err := s.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if got, err := s.Records(b.Context(), core.TrailFilter{Account: jane.ID}); err != nil || len(got) != 100 {
			b.Fatal(len(got), err)
		}
	}
}

func BenchmarkCase(b *testing.B) {
	s := benchStore(b)
	c, err := s.CreateCase(b.Context(), core.Case{Person: jane, Status: core.CaseOpen}, aRecord("op", jane))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Case(b.Context(), c.Number); err != nil {
			b.Fatal(err)
		}
	}
}
