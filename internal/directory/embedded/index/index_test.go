package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func each(documents []Document) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		for _, d := range documents {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func built(tb testing.TB, documents ...Document) *Index {
	tb.Helper()
	x, err := Build(tb.Context(), each(documents))
	if err != nil {
		tb.Fatal(err)
	}
	return x
}

func look(tb testing.TB, x *Index, query string, limit int) (hits []Hit, more bool) {
	tb.Helper()
	hits, more, err := x.Search(tb.Context(), NewQuery(query), limit)
	if err != nil {
		tb.Fatal(err)
	}
	return hits, more
}

func ids(hits []Hit) (out []int64) {
	for _, h := range hits {
		out = append(out, h.ID)
	}
	return out
}

// naive is what the index must find: every document looked at, in order.
func naive(documents []Document, q Query, limit int) (hits []Hit, more bool) {
	for _, d := range documents {
		if m := q.Match(d.Text); m != NoMatch {
			hits = append(hits, Hit{ID: d.ID, Match: m, Text: d.Text})
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Match, b.Match), strings.Compare(a.Text, b.Text), cmp.Compare(a.ID, b.ID))
	})
	return hits[:min(limit, len(hits))], len(hits) > limit
}

func people() []Document {
	names := []struct{ display, login, number string }{
		{"Jane Doe", "jane.doe", "1001"},
		{"Jane Dahl", "jdahl", "1002"},
		{"Janet Duvall", "jduvall", "1003"},
		{"Marijane Doering", "mdoering", "1004"},
		{"Jürgen Groß", "jgross", "1005"},
		{"王小明", "xm.wang", "1006"},
		{"王明", "m.wang", "1007"},
		{"Anna-Lena Müller-Lüdenscheidt", "amueller", "1008"},
		{"Иван Петров", "ipetrov", "1009"},
		{"Seán O'Neil", "soneil", "1010"},
	}
	var out []Document
	for i, n := range names {
		out = append(out, Document{ID: int64(i + 1), Text: Text(n.display, n.login, n.number)})
	}
	return out
}

func TestWhatIsTypedFindsWhoIsMeant(t *testing.T) {
	t.Parallel()
	x := built(t, people()...)
	for _, c := range []struct {
		query string
		want  []int64
	}{
		{"jane", []int64{2, 1, 3, 4}}, // by name within a match; Marijane only inside
		{"jane d", []int64{2, 1, 3, 4}},
		{"jane do", []int64{1, 4}},
		{"doe jane", []int64{1, 4}},
		{"JANE DOE", []int64{1, 4}},
		{"jane.doe", []int64{1}},
		{"doe", []int64{1, 4}},
		{"e.d", []int64{1}},
		{"muller", []int64{8}},
		{"müll", []int64{8}},
		{"mueller", []int64{8}},
		{"lüdensch", []int64{8}},
		{"müller-lüd", []int64{8}},
		{"gross", []int64{5}},
		{"gro", []int64{5}},
		{"juergen", []int64{5}},
		{"王", []int64{6, 7}},
		{"小明", []int64{6}},
		{"明", []int64{6, 7}},
		{"王 明", []int64{6, 7}},
		{"иван", []int64{9}},
		{"ив", []int64{9}},
		{"тр", []int64{9}}, // two letters of two bytes are looked for inside
		{"o'ne", []int64{10}},
		{"neil", []int64{10}},
		{"100", []int64{2, 1, 8, 3, 5, 4, 9, 6, 7}},
		{"1010", []int64{10}},
		{"an", []int64{8}}, // two Latin letters are not looked for inside
		{"zzz", nil},
		{"jane zzz", nil},
		{"", nil},
		{"   ", nil},
		{"\xff", nil},
		{"*", nil},
		{strings.Repeat("jane ", 1000), []int64{2, 1, 3, 4}},
		{"a b c d e f g h i j k l m n o p q r s t u", nil},
	} {
		got, more := look(t, x, c.query, 50)
		if c.query == "100" {
			slices.Sort(c.want)
			slices.SortFunc(got, func(a, b Hit) int { return cmp.Compare(a.ID, b.ID) })
		}
		if !slices.Equal(ids(got), c.want) || more {
			t.Errorf("%.40q finds %v, more: %v; want %v", c.query, ids(got), more, c.want)
		}
	}
}

// drawNames draws names that overlap a lot: few letters, shared beginnings, several scripts.
func drawNames(t *rapid.T) []Document {
	word := rapid.StringOfN(rapid.SampledFrom([]rune("aabbcn.-'1ü王明ив")), 1, 7, -1)
	name := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 1, 3).Draw(t, "words"), " ") })
	var out []Document
	for i := range rapid.IntRange(0, 60).Draw(t, "people") {
		out = append(out, Document{ID: int64(i + 1), Text: Text(name.Draw(t, "display"), word.Draw(t, "login"), word.Draw(t, "number"))})
	}
	return out
}

func TestTheIndexFindsWhatLookingAtEverybodyFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		documents := drawNames(rt)
		x := built(t, documents...)
		for range 3 { // some change afterwards, some are new, some go
			if len(documents) > 0 && rapid.Bool().Draw(rt, "change") {
				i := rapid.IntRange(0, len(documents)-1).Draw(rt, "who")
				documents[i].Text = Text(rapid.SampledFrom([]string{"abba banana", "王明", ""}).Draw(rt, "name"))
				x.Put(documents[i])
			} else {
				d := Document{ID: int64(len(documents) + 1), Text: Text("cabana " + fmt.Sprint(len(documents)))}
				documents = append(documents, d)
				x.Put(d)
			}
		}
		words := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("aabcn.-1ü王明ив")), 1, 5, -1), 1, 3).Draw(rt, "query")
		q, limit := NewQuery(strings.Join(words, " ")), rapid.IntRange(1, 20).Draw(rt, "limit")
		got, gotMore, err := x.Search(t.Context(), q, limit)
		want, wantMore := naive(documents, q, limit)
		if err != nil || !slices.Equal(got, want) || gotMore != wantMore {
			rt.Errorf("query %q, limit %d: got %v %v, want %v %v, error %v", q.Words, limit, got, gotMore, want, wantMore, err)
		}
	})
}

func TestAThousandLikeNamesAreFoundAsByLookingAtEverybody(t *testing.T) {
	t.Parallel()
	var documents []Document
	for d, err := range benchDocuments(3000) {
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, d)
	}
	x := built(t, documents...)
	for _, query := range benchQueries() {
		for _, limit := range []int{1, 50, 5000} {
			got, gotMore := look(t, x, query, limit)
			want, wantMore := naive(documents, NewQuery(query), limit)
			if !slices.Equal(got, want) || gotMore != wantMore {
				t.Errorf("%q, limit %d: %d hits, more %v; looking at everybody %d, more %v", query, limit, len(got), gotMore, len(want), wantMore)
			}
		}
	}
}

func TestADocumentPutAgainIsFoundByItsNewNameOnly(t *testing.T) {
	t.Parallel()
	x := built(t, people()...)
	x.Put(Document{ID: 1, Text: Text("Jane Married", "jane.doe", "1001")})
	x.Put(Document{ID: 1, Text: Text("Jane Moved", "jane.moved", "1001")})
	for query, want := range map[string][]int64{"married": nil, "jane.doe": nil, "moved": {1}, "jane m": {1, 4}} {
		if got, _ := look(t, x, query, 50); !slices.Equal(ids(got), want) {
			t.Errorf("%q finds %v, want %v", query, ids(got), want)
		}
	}
	if x.Fresh() != 1 || x.Len() != len(people()) {
		t.Errorf("%d fresh of %d", x.Fresh(), x.Len())
	}
}

func TestAnEmptyIndexFindsNobody(t *testing.T) {
	t.Parallel()
	x := built(t)
	if hits, more := look(t, x, "jane", 50); len(hits) > 0 || more {
		t.Errorf("found %v", hits)
	}
	x.Put(people()[0])
	if hits, _ := look(t, x, "jane", 50); len(hits) != 1 {
		t.Errorf("found %v after one was put", hits)
	}
}

func TestBuildingEndsWithAnErrorOfTheDocuments(t *testing.T) {
	t.Parallel()
	wrong := errors.New("no more rows")
	_, err := Build(t.Context(), func(yield func(Document, error) bool) {
		if yield(people()[0], nil) {
			yield(Document{}, wrong)
		}
	})
	if !errors.Is(err, wrong) {
		t.Errorf("error %v, want %v", err, wrong)
	}
}

func TestBuildingAndSearchingEndWithTheirContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Build(ctx, each(people())); !errors.Is(err, context.Canceled) {
		t.Errorf("build: %v", err)
	}
	x, err := Build(t.Context(), benchDocuments(3*checkEvery))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.Search(ctx, NewQuery("a"), math.MaxInt32); !errors.Is(err, context.Canceled) {
		t.Errorf("search: %v", err)
	}
}

func TestManyMaySearchWhileOneChanges(t *testing.T) {
	t.Parallel()
	x := built(t, people()...)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 200 {
				hits, _, err := x.Search(t.Context(), NewQuery("jane"), 50)
				if err != nil || len(hits) < 3 {
					t.Errorf("found %v, %v", hits, err)
					return
				}
			}
		})
	}
	for i := range 100 {
		x.Put(Document{ID: int64(100 + i), Text: Text(fmt.Sprintf("Fresh %d", i))})
	}
	all.Wait()
}

func TestAPersonCostsLessThanTwoHundredBytes(t *testing.T) {
	t.Parallel()
	const n = 20_000
	x, err := Build(t.Context(), benchDocuments(n))
	if err != nil {
		t.Fatal(err)
	}
	if perPerson := x.Size() / n; perPerson > 200 {
		t.Errorf("%d bytes for each person", perPerson)
	}
}
