package index

import (
	"encoding/binary"
	"math"
	"slices"
)

// gram is three bytes of a text.
type gram uint32

// postings are, for every gram, the documents that hold it: differences between their numbers as varints.
type postings struct {
	lists map[gram]list
	data  []byte
}

// list is where the documents of one gram stand.
type list struct {
	from, to, count uint32
}

func (p postings) size() int { return len(p.data) + 24*len(p.lists) }

// fill adds the documents of a list to a set.
func (p postings) fill(l list, into bitmap) {
	doc := uint32(math.MaxUint32) // the first difference is one more than the first number
	for data := p.data[l.from:l.to]; len(data) > 0; {
		d, n := uint32(data[0]), 1
		if d >= 0x80 {
			v, size := binary.Uvarint(data)
			d, n = uint32(v), size
		}
		data, doc = data[n:], doc+d
		into.add(doc)
	}
}

// rarest returns the lists of the grams of a word, the shortest first; ok is false when one of them occurs nowhere.
func (p postings) rarest(word string) (out []list, ok bool) {
	for i := range len(word) - gramSize + 1 {
		l, found := p.lists[gramAt(word, i)]
		if !found {
			return nil, false
		}
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b list) int { return int(a.count) - int(b.count) })
	return out, true
}

func gramAt(s string, i int) gram {
	return gram(s[i])<<16 | gram(s[i+1])<<8 | gram(s[i+2])
}

// growing is a list while a segment is built.
type growing struct {
	last, count uint32
	data        []byte
}

// collector gathers postings of documents that come in the order of their numbers.
type collector map[gram]*growing

// add notes the grams of one document. A gram that reaches over a space or a line's end cannot be in a word.
func (c collector) add(doc uint32, text string) {
	for i := 0; i+gramSize <= len(text); i++ {
		if isGap(text[i+2]) {
			i += 2
			continue
		}
		if isGap(text[i]) || isGap(text[i+1]) {
			continue
		}
		c.note(gramAt(text, i), doc)
	}
}

func (c collector) note(g gram, doc uint32) {
	l := c[g]
	if l == nil {
		l = &growing{last: math.MaxUint32}
		c[g] = l
	}
	if l.last == doc && l.count > 0 {
		return
	}
	l.data = binary.AppendUvarint(l.data, uint64(doc-l.last))
	l.last, l.count = doc, l.count+1
}

// pack moves all lists into one piece of memory.
func (c collector) pack() postings {
	total := 0
	for _, l := range c {
		total += len(l.data)
	}
	p := postings{lists: make(map[gram]list, len(c)), data: make([]byte, 0, total)}
	for g, l := range c {
		from := uint32(len(p.data))
		p.data = append(p.data, l.data...)
		p.lists[g] = list{from: from, to: uint32(len(p.data)), count: l.count}
	}
	return p
}

func isGap(b byte) bool { return b == ' ' || b == lineEnd }
