package index

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// gramSize is the length, in bytes, from which a word is looked for inside names.
	gramSize = 3
	// maxWords is how many different words a query may have. Nobody has more names.
	maxWords = 16
)

// Match says how well a document matches; smaller is better.
type Match int

// The matches.
const (
	NoMatch Match = 0
	Starts  Match = 1 // every word of the query starts a word of the document
	Inside  Match = 2 // every word starts one or is inside one
)

// Query is what is looked for: folded words, all of which must match.
type Query struct {
	Words []string
}

// NewQuery folds text into words. A query without words, or with too many, matches nothing; nor does one that is not
// UTF-8, whose bytes could be parts of somebody's letters.
func NewQuery(text string) Query {
	if !utf8.ValidString(text) {
		return Query{}
	}
	words := strings.Fields(Fold(text))
	slices.Sort(words)
	if words = slices.Compact(words); len(words) > maxWords {
		words = nil
	}
	return Query{Words: words}
}

// Match says how the text of a document matches. It is what the index does, one document at a time.
func (q Query) Match(text string) Match {
	if len(q.Words) == 0 {
		return NoMatch
	}
	best := Starts
	for _, w := range q.Words {
		switch {
		case startsWord(text, w):
		case len(w) >= gramSize && strings.Contains(text, w):
			best = Inside
		default:
			return NoMatch
		}
	}
	return best
}
