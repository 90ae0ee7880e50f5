package embedded

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
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
