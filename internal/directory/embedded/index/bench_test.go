package index

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The people of the benchmarks: names from syllables, so that three letters in a row are unusually common.
func benchDocuments(n int) iter.Seq2[Document, error] {
	given, family := benchNames(17, 600), benchNames(23, 6000)
	return func(yield func(Document, error) bool) {
		r := rand.New(rand.NewPCG(1, 2))
		for i := range n {
			g, f := given[r.IntN(len(given))], family[r.IntN(len(family))]
			login := fmt.Sprintf("%s.%s%d", strings.ToLower(g), strings.ToLower(f), i%1000)
			d := Document{ID: int64(i + 1), Text: Text(g+" "+f, login, g, f, login, strconv.Itoa(100000+i))}
			if !yield(d, nil) {
				return
			}
		}
	}
}

func benchNames(seed uint64, n int) []string {
	syllables := strings.Fields("an ne ja mi ka lo ri sa ber son hol ten mar tin wel ste ven do gra ham lin da ro nald pe ter chi wu zhang o bri en kow ski")
	r := rand.New(rand.NewPCG(seed, seed))
	out := make([]string, n)
	for i := range out {
		for range 2 + r.IntN(2) {
			out[i] += syllables[r.IntN(len(syllables))]
		}
		out[i] = strings.ToUpper(out[i][:1]) + out[i][1:]
	}
	return out
}

// benchQueries is the mix: what operators type, letter by letter, one and two words, ends of names, numbers, nobody.
func benchQueries() []string {
	return []string{
		"ja", "jan", "jane", "an", "ann", "anne", "ma", "mar", "mart", "son", "sten", "kowski", "olm", "ber", "bri",
		"ja ko", "jan son", "anne mar", "mi lo", "mar tin", "ka be", "ste wel", "ro na", "son ber", "lin da", "an an",
		"10045", "100456", "zzzz", "jane zzz", "peter grahamlin", "marti", "wu", "zhang", "zh wu", "er en",
	}
}

func benchSize(b *testing.B) int {
	b.Helper()
	n, err := strconv.Atoi(os.Getenv("BENCH_PEOPLE"))
	if err != nil {
		return 100_000
	}
	return n
}

func BenchmarkBuild(b *testing.B) {
	n := benchSize(b)
	for b.Loop() {
		x, err := Build(b.Context(), benchDocuments(n))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(x.Size())/float64(n), "B/person")
	}
}

func BenchmarkSearch(b *testing.B) {
	x, err := Build(b.Context(), benchDocuments(benchSize(b)))
	if err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	worst, slowest := time.Duration(0), ""
	for b.Loop() {
		for _, text := range benchQueries() {
			begin := time.Now()
			if _, _, err := x.Search(b.Context(), NewQuery(text), 50); err != nil {
				b.Fatal(err)
			}
			d := time.Since(begin)
			took = append(took, d)
			if d > worst {
				worst, slowest = d, text
			}
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.Logf("slowest: %q in %v", slowest, worst)
}
