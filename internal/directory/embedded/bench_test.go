package embedded

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// benchSize is how many people the benchmarks have: 100,000, or BENCH_PEOPLE.
func benchSize(b *testing.B) int {
	b.Helper()
	n, err := strconv.Atoi(os.Getenv("BENCH_PEOPLE"))
	if err != nil {
		return 100_000
	}
	return n
}

func BenchmarkLoad(b *testing.B) {
	n := benchSize(b)
	for b.Loop() {
		d, _ := open(b)
		if _, err := d.Load(b.Context(), Batch{People: crowd(n, hashed(b, d, "a password"))}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "people/s")
}

// searches is the mix: what operators type, letter by letter, one and two words, ends of names, numbers, nobody.
func searches() []string {
	return []string{
		"ja", "jan", "jane", "jane d", "jane do", "jane doe", "an", "anna", "anna.h", "mü", "muller", "kowalski", "son", "ohan", "ows",
		"li nai", "wei nguyen", "maria garcia", "kari.holm7", "tomasz silva", "1000", "100123", "zzzz", "jane zzz", "+47 90000042",
		"ola.doe8@demo.example", "ro is", "an an", "sof ros", "nobody.at.all",
	}
}

func BenchmarkSearch(b *testing.B) {
	d, _ := open(b)
	loadBatch(b, d, Batch{People: crowd(benchSize(b), "")})
	var took []time.Duration
	worst, slowest := time.Duration(0), ""
	for b.Loop() {
		for _, q := range searches() {
			began := time.Now()
			if _, err := d.Search(b.Context(), core.Query{Text: text(q), Limit: 50}); err != nil {
				b.Fatal(err)
			}
			t := time.Since(began)
			if took = append(took, t); t > worst {
				worst, slowest = t, q
			}
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.Logf("slowest: %q in %v", slowest, worst)
}

func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(scratch(b), "people.db")
	d, err := openAt(b, path)
	if err != nil {
		b.Fatal(err)
	}
	loadBatch(b, d, Batch{People: crowd(benchSize(b), "")})
	if err := d.Close(); err != nil {
		b.Fatal(err)
	}
	var indexed time.Duration
	for b.Loop() {
		began := time.Now()
		if d, err = openAt(b, path); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		until(b, func() bool { return d.finder.state.Load() != nil })
		indexed = time.Since(began)
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(indexed.Milliseconds()), "indexed-ms")
}
