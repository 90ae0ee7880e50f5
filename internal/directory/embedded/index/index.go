package index

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Index finds documents. It is read without a lock; changes are made one after the other.
type Index struct {
	changing sync.Mutex
	view     atomic.Pointer[view]
}

// view is one state of an Index. It never changes.
type view struct {
	segment *segment
	fresh   map[uint32]string // texts that have changed since the segment was built, by document
}

// Hit is a document found.
type Hit struct {
	ID    int64
	Match Match
	Text  string
}

// Build makes an index of documents. It ends early when ctx ends or documents yields an error. ErrTooLarge.
func Build(ctx context.Context, documents iter.Seq2[Document, error]) (*Index, error) {
	s, err := build(ctx, documents)
	if err != nil {
		return nil, err
	}
	x := &Index{}
	x.view.Store(&view{segment: s})
	return x, nil
}

// Put adds documents or replaces those with the same id. A document with an empty text is found no more. It costs as
// much as there are fresh documents.
func (x *Index) Put(documents ...Document) {
	x.changing.Lock()
	defer x.changing.Unlock()
	old := x.view.Load()
	fresh := make(map[uint32]string, len(old.fresh)+len(documents))
	maps.Copy(fresh, old.fresh)
	for _, d := range documents {
		fresh[uint32(d.ID)] = d.Text
	}
	x.view.Store(&view{segment: old.segment, fresh: fresh})
}

// Fresh is how many documents were put since the index was built. They make every search slower: build anew when they
// are thousands.
func (x *Index) Fresh() int { return len(x.view.Load().fresh) }

// Len is how many documents the index was built from.
func (x *Index) Len() int { return len(x.view.Load().segment.ids) }

// Size is the memory the index occupies, in bytes, without fresh documents.
func (x *Index) Size() int { return x.view.Load().segment.size() }

// Search returns the first hits, at most limit, ordered by Match and text, and whether there are more. It fails only
// when ctx ends.
func (x *Index) Search(ctx context.Context, q Query, limit int) (hits []Hit, more bool, err error) {
	if len(q.Words) == 0 || limit <= 0 {
		return nil, false, ctx.Err()
	}
	v := x.view.Load()
	s := search{segment: v.segment, query: q, limit: limit + 1, skip: v.isFresh}
	if err := s.run(ctx); err != nil {
		return nil, false, err
	}
	hits = append(s.hits, v.matching(q)...)
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Match, b.Match), strings.Compare(a.Text, b.Text), cmp.Compare(a.ID, b.ID))
	})
	if len(hits) > limit {
		return hits[:limit], true, nil
	}
	return hits, false, nil
}

func (v *view) isFresh(id uint32) bool {
	_, fresh := v.fresh[id]
	return fresh
}

// matching looks at every fresh document.
func (v *view) matching(q Query) (hits []Hit) {
	for id, text := range v.fresh {
		if m := q.Match(text); m != NoMatch {
			hits = append(hits, Hit{ID: int64(id), Match: m, Text: text})
		}
	}
	return hits
}
