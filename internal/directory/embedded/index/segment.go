package index

import (
	"sort"
	"strings"
	"sync"
)

// segment is an immutable set of documents, numbered in the order of their texts.
type segment struct {
	ids   []uint32 // of the documents
	from  []uint32 // where the text of each document begins, and where the last one ends
	text  string   // of all documents
	words []wordAt // every beginning of a word, in the order of what follows it
	grams postings
	spare sync.Pool // bitmaps of this segment's size
}

// wordAt is one beginning of a word.
type wordAt struct {
	at, doc uint32
}

// doc returns the text of a document.
func (s *segment) doc(n uint32) string { return s.text[s.from[n] : s.from[n+1]-1] }

// size is what the segment occupies, in bytes.
func (s *segment) size() int {
	return 4*len(s.ids) + 4*len(s.from) + len(s.text) + 8*len(s.words) + s.grams.size()
}

// span returns the beginnings of words that begin with w.
func (s *segment) span(w string) []wordAt {
	lo := sort.Search(len(s.words), func(i int) bool { return s.after(i, w) >= w })
	n := sort.Search(len(s.words)-lo, func(i int) bool { return !strings.HasPrefix(s.after(lo+i, w), w) })
	return s.words[lo : lo+n]
}

// after is what follows the i-th beginning of a word, cut to the length of w.
func (s *segment) after(i int, w string) string {
	at := int(s.words[i].at)
	return s.text[at:min(at+len(w), len(s.text))]
}

func (s *segment) newBitmap() bitmap {
	if b, ok := s.spare.Get().(*bitmap); ok {
		clear(*b)
		return *b
	}
	return make(bitmap, (len(s.ids)+63)/64)
}

func (s *segment) free(b bitmap) { s.spare.Put(&b) }
