package index

import (
	"cmp"
	"context"
	"slices"
)

// mostLists is how many of the rarest grams of a word are intersected before the documents themselves are looked at.
const mostLists = 3

// search is one query on one segment.
type search struct {
	*segment
	query Query
	limit int                  // most hits
	skip  func(id uint32) bool // documents that have changed since
	hits  []Hit
}

// run finds the first hits in the order of the texts, those in which every word starts something first.
func (s *search) run(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	starting := s.newBitmap()
	defer s.free(starting)
	if s.starting(starting) {
		if err := s.collect(ctx, starting, Starts); err != nil || len(s.hits) >= s.limit {
			return err
		}
	} else {
		clear(starting)
	}
	holding := s.newBitmap()
	defer s.free(holding)
	if !s.holding(holding) {
		return ctx.Err()
	}
	holding.subtract(starting)
	return s.collect(ctx, holding, Inside)
}

// starting finds the documents in which every word starts a word; false when there are none.
func (s *search) starting(into bitmap) bool {
	spans := make([][]wordAt, 0, len(s.query.Words))
	for _, w := range s.query.Words {
		spans = append(spans, s.span(w))
	}
	slices.SortFunc(spans, func(a, b []wordAt) int { return cmp.Compare(len(a), len(b)) })
	if len(spans) == 0 || len(spans[0]) == 0 {
		return false
	}
	addSpan(into, spans[0])
	for _, span := range spans[1:] {
		s.narrow(into, func(b bitmap) { addSpan(b, span) })
	}
	return true
}

// holding finds the documents that may hold every word; false when there are none.
func (s *search) holding(into bitmap) bool {
	first := true
	narrow := func(fill func(bitmap)) {
		if first {
			fill(into)
			first = false
			return
		}
		s.narrow(into, fill)
	}
	for _, w := range s.query.Words {
		if len(w) < gramSize {
			span := s.span(w)
			narrow(func(b bitmap) { addSpan(b, span) })
			continue
		}
		lists, ok := s.grams.rarest(w)
		if !ok {
			return false
		}
		for _, l := range lists[:min(len(lists), mostLists)] {
			narrow(func(b bitmap) { s.grams.fill(l, b) })
		}
	}
	return !first
}

// narrow keeps the documents that fill adds.
func (s *search) narrow(set bitmap, fill func(bitmap)) {
	other := s.newBitmap()
	defer s.free(other)
	fill(other)
	set.intersect(other)
}

// collect adds the documents of a set that match, up to the limit.
func (s *search) collect(ctx context.Context, set bitmap, match Match) (err error) {
	seen := 0
	set.each(func(n uint32) bool {
		if seen++; seen%checkEvery == 0 {
			if err = ctx.Err(); err != nil {
				return false
			}
		}
		if s.skip(s.ids[n]) || s.query.Match(s.doc(n)) != match {
			return true
		}
		s.hits = append(s.hits, Hit{ID: int64(s.ids[n]), Match: match, Text: s.doc(n)})
		return len(s.hits) < s.limit
	})
	return err
}

func addSpan(b bitmap, span []wordAt) {
	for _, w := range span {
		b.add(w.doc)
	}
}
