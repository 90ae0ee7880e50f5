package index

import "math/bits"

// bitmap is a set of documents of one segment, by their number.
type bitmap []uint64

func (b bitmap) add(doc uint32) { b[doc>>6] |= 1 << (doc & 63) }

func (b bitmap) intersect(other bitmap) {
	for i := range b {
		b[i] &= other[i]
	}
}

func (b bitmap) subtract(other bitmap) {
	for i := range b {
		b[i] &^= other[i]
	}
}

// each calls yield with every document in order until it returns false.
func (b bitmap) each(yield func(doc uint32) bool) {
	for i, word := range b {
		for ; word != 0; word &= word - 1 {
			if !yield(uint32(i<<6 + bits.TrailingZeros64(word))) {
				return
			}
		}
	}
}
