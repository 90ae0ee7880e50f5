package index

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"math"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// ErrTooLarge is returned when the texts of one index would exceed 4 GiB.
var ErrTooLarge = errors.New("index: the texts are longer than 4 GiB together")

// checkEvery is how many documents are handled between two looks at the context.
const checkEvery = 4096

// raw is a segment before its documents are in order.
type raw struct {
	ids  []uint32
	from []uint32
	text []byte
}

// build makes a segment. It uses two goroutines, which end with it.
func build(ctx context.Context, documents iter.Seq2[Document, error]) (*segment, error) {
	in, err := gather(ctx, documents)
	if err != nil {
		return nil, err
	}
	s := in.ordered()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { s.words, err = s.sortedWords(ctx); return err })
	group.Go(func() (err error) { s.grams, err = s.collectGrams(ctx); return err })
	return s, group.Wait()
}

func gather(ctx context.Context, documents iter.Seq2[Document, error]) (*raw, error) {
	r := &raw{from: []uint32{0}}
	for d, err := range documents {
		if err == nil && len(r.ids)%checkEvery == 0 {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		if len(r.text)+len(d.Text)+1 > math.MaxUint32 {
			return nil, ErrTooLarge
		}
		r.ids = append(r.ids, uint32(d.ID))
		r.text = append(append(r.text, d.Text...), lineEnd)
		r.from = append(r.from, uint32(len(r.text)))
	}
	return r, nil
}

// ordered puts the documents in the order of their texts.
func (r *raw) ordered() *segment {
	type entry struct {
		key uint64
		doc uint32
	}
	text := string(r.text)
	doc := func(n uint32) string { return text[r.from[n] : r.from[n+1]-1] }
	order := make([]entry, len(r.ids))
	for n := range order {
		order[n] = entry{sortKey(doc(uint32(n))), uint32(n)}
	}
	slices.SortFunc(order, func(a, b entry) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return cmp.Or(strings.Compare(doc(a.doc), doc(b.doc)), cmp.Compare(r.ids[a.doc], r.ids[b.doc]))
	})
	s := &segment{ids: make([]uint32, len(order)), from: make([]uint32, len(order)+1)}
	out := r.text[:0]
	for n, e := range order {
		out = append(append(out, doc(e.doc)...), lineEnd)
		s.ids[n], s.from[n+1] = r.ids[e.doc], uint32(len(out))
	}
	s.text = string(out)
	return s
}

// sortKey is the first eight bytes of s as a number that sorts like them.
func sortKey(s string) (key uint64) {
	if len(s) >= 8 {
		return uint64(s[0])<<56 | uint64(s[1])<<48 | uint64(s[2])<<40 | uint64(s[3])<<32 |
			uint64(s[4])<<24 | uint64(s[5])<<16 | uint64(s[6])<<8 | uint64(s[7])
	}
	for i := range 8 {
		key <<= 8
		if i < len(s) {
			key |= uint64(s[i])
		}
	}
	return key
}

// sortedWords finds every beginning of a word and sorts them by the word that follows.
func (s *segment) sortedWords(ctx context.Context) ([]wordAt, error) {
	type entry struct {
		key uint64
		wordAt
	}
	var all []entry
	for n := range uint32(len(s.ids)) {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		text := s.doc(n)
		for i := range len(text) {
			if !isGap(text[i]) && isStart(text, i) {
				all = append(all, entry{sortKey(text[i:]), wordAt{s.from[n] + uint32(i), n}})
			}
		}
	}
	slices.SortFunc(all, func(a, b entry) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return cmp.Or(strings.Compare(s.rest(a.wordAt), s.rest(b.wordAt)), cmp.Compare(a.doc, b.doc))
	})
	out := make([]wordAt, len(all))
	for i, e := range all {
		out[i] = e.wordAt
	}
	return out, ctx.Err()
}

// rest is what follows a beginning of a word in its document.
func (s *segment) rest(w wordAt) string { return s.text[w.at : s.from[w.doc+1]-1] }

func (s *segment) collectGrams(ctx context.Context) (postings, error) {
	c := collector{}
	for n := range uint32(len(s.ids)) {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return postings{}, ctx.Err()
		}
		c.add(n, s.doc(n))
	}
	return c.pack(), nil
}
