package index

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func members(b bitmap) (out []uint32) {
	b.each(func(doc uint32) bool {
		out = append(out, doc)
		return true
	})
	return out
}

func TestABitmapIsASet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		const size = 300
		draw := func(what string) (bitmap, map[uint32]bool) {
			b, set := make(bitmap, (size+63)/64), map[uint32]bool{}
			for _, doc := range rapid.SliceOf(rapid.Uint32Range(0, size-1)).Draw(rt, what) {
				b.add(doc)
				set[doc] = true
			}
			return b, set
		}
		both, a := draw("a")
		less := slices.Clone(both)
		other, b := draw("b")
		both.intersect(other)
		less.subtract(other)
		for doc := range uint32(size) {
			if in := slices.Contains(members(both), doc); in != (a[doc] && b[doc]) {
				rt.Errorf("%d in both: %v", doc, in)
			}
			if in := slices.Contains(members(less), doc); in != (a[doc] && !b[doc]) {
				rt.Errorf("%d in one: %v", doc, in)
			}
		}
		if got := members(other); !slices.IsSorted(got) || len(got) != len(b) {
			rt.Errorf("members %v of %v", got, b)
		}
	})
}

func TestWalkingABitmapStopsWhenAsked(t *testing.T) {
	t.Parallel()
	b := make(bitmap, 4)
	for _, doc := range []uint32{0, 63, 64, 200, 255} {
		b.add(doc)
	}
	seen := 0
	b.each(func(uint32) bool {
		seen++
		return seen < 3
	})
	if seen != 3 {
		t.Errorf("%d members were seen", seen)
	}
}

func TestPostingsHoldExactlyTheDocumentsWithTheirGrams(t *testing.T) {
	t.Parallel()
	texts := []string{"anna\nann", "", "banana", "an na", "nn\na", "xann", "王小明"}
	c := collector{}
	for n, text := range texts {
		c.add(uint32(n), text)
	}
	p := c.pack()
	for _, word := range []string{"ann", "nna", "ana", "anna", "banana", "王", "小明", "zzz", "an n", "n\na"} {
		var want []uint32
		for n, text := range texts {
			holds := len(word) >= gramSize && !strings.ContainsAny(word, " \n")
			for i := range len(word) - gramSize + 1 {
				holds = holds && strings.Contains(text, word[i:i+gramSize])
			}
			if holds {
				want = append(want, uint32(n))
			}
		}
		lists, ok := p.rarest(word)
		var got []uint32
		if ok {
			set := bitmap{math.MaxUint64}
			for _, l := range lists {
				one := make(bitmap, 1)
				p.fill(l, one)
				set.intersect(one)
			}
			got = members(set)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is held by %v, want %v", word, got, want)
		}
	}
}

func TestPostingsOfFarApartDocumentsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	documents := []uint32{0, 1, 127, 128, 129, 255, 256, 16_383, 16_384, 16_600, 999_999}
	c := collector{}
	for _, doc := range documents {
		c.note(7, doc)
		c.note(7, doc) // twice in one document counts once
	}
	p := c.pack()
	b := make(bitmap, 1_000_000/64+1)
	p.fill(p.lists[7], b)
	if got := members(b); !slices.Equal(got, documents) || int(p.lists[7].count) != len(documents) {
		t.Errorf("%v, counted %d; want %v", got, p.lists[7].count, documents)
	}
}

func TestTheRarestGramsComeFirst(t *testing.T) {
	t.Parallel()
	c := collector{}
	for n := range uint32(50) {
		c.add(n, "common")
	}
	c.add(50, "comet")
	lists, ok := c.pack().rarest("comet")
	if !ok || len(lists) != 3 || !slices.IsSortedFunc(lists, func(a, b list) int { return int(a.count) - int(b.count) }) || lists[0].count != 1 || lists[2].count != 51 {
		t.Errorf("lists %+v, %v", lists, ok)
	}
}

func TestSortKeysSortLikeTheirTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune("ab\x00 \nü")), 0, 12, -1)
		a, b := word.Draw(rt, "a"), word.Draw(rt, "b")
		if sortKey(a) < sortKey(b) && a >= b {
			rt.Errorf("%q comes before %q by its key", a, b)
		}
	})
}

func TestBeginningsOfWordsAreFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"jane doe":             "jane|doe",
		"jane.doe":             "jane.doe|doe",
		"o'neil-smith":         "o'neil-smith|neil-smith|smith",
		"x\ny":                 "x|y",
		"u40017":               "u40017",
		"--x":                  "--x|x",
		"a..b":                 "a..b|b",
		"王小明":                  "王小明",
		"müller(ü)":            "müller(ü)|ü)",
		"नमिता शर्मा":          "नमिता|शर्मा",
		"e\u0323t":             "e\u0323t",
		"\x1b]0;owned eve":     "\x1b]0;owned|0;owned|owned|eve",
		"no\u00adbreak \u2014": "no\u00adbreak|break|\u2014",
	} {
		var got []string
		for i := range text {
			if !isGap(text[i]) && isStart(text, i) {
				rest, _, _ := strings.Cut(text[i:], "\n")
				word, _, _ := strings.Cut(rest, " ")
				got = append(got, word)
			}
		}
		if joined := strings.Join(got, "|"); joined != want {
			t.Errorf("%q has the beginnings %q, want %q", text, joined, want)
		}
	}
}

func TestASpanIsEverythingThatBeginsWithAWord(t *testing.T) {
	t.Parallel()
	x := built(t, people()...)
	s := x.view.Load().segment
	for _, word := range []string{"j", "ja", "jane", "jane.", "d", "doe", "zz", "", "王", "1", "1010", "\xff"} {
		want := 0
		for _, d := range people() {
			for i := range len(d.Text) {
				if !isGap(d.Text[i]) && isStart(d.Text, i) && strings.HasPrefix(d.Text[i:], word) {
					want++
				}
			}
		}
		if got := len(s.span(word)); got != want {
			t.Errorf("%q begins %d words, want %d", word, got, want)
		}
	}
}

func TestDocumentsAreNumberedInTheOrderOfTheirTexts(t *testing.T) {
	t.Parallel()
	var documents []Document
	for i, name := range []string{"b", "a", "ab", "a\nz", "a b", "", "a", "\x01", "aaaaaaaab", "aaaaaaaaa"} {
		documents = append(documents, Document{ID: int64(i), Text: name})
	}
	s := built(t, documents...).view.Load().segment
	var got []string
	for n := range uint32(len(s.ids)) {
		got = append(got, s.doc(n))
		if documents[s.ids[n]].Text != s.doc(n) {
			t.Errorf("document %d has the text %q", s.ids[n], s.doc(n))
		}
	}
	if !slices.IsSorted(got) {
		t.Errorf("order %q", got)
	}
}

func TestAnIndexKnowsItsSize(t *testing.T) {
	t.Parallel()
	small, large := built(t, people()...), built(t, append(people(), Document{ID: 99, Text: Text(fmt.Sprint(strings.Repeat("long ", 100)))})...)
	if small.Size() <= 0 || large.Size() <= small.Size()+100 {
		t.Errorf("%d bytes, and %d with a long name more", small.Size(), large.Size())
	}
}

func FuzzSearch(f *testing.F) {
	x := built(f, people()...)
	documents := people()
	for _, seed := range benchQueries() {
		f.Add(seed)
	}
	for _, seed := range []string{"*", ")(uid=*", "\x00", "\xff", "\u202e", "王 明", "jane\u00a0doe", strings.Repeat("a ", 40), "（uid＝＊）"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := NewQuery(text)
		got, gotMore, err := x.Search(t.Context(), q, 5)
		want, wantMore := naive(documents, q, 5)
		if err != nil || !slices.Equal(got, want) || gotMore != wantMore {
			t.Errorf("%q: %v %v %v, want %v %v", text, got, gotMore, err, want, wantMore)
		}
	})
}
