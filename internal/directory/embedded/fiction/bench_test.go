package fiction_test

import (
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
	"github.com/sspr-tui/sspr-tui/testdata/demo"
)

// benchPeople is how many people the benchmarks have: 100,000, or BENCH_PEOPLE.
func benchPeople() int {
	if n, err := strconv.Atoi(os.Getenv("BENCH_PEOPLE")); err == nil {
		return n
	}
	return 100_000
}

// searches is the mix: what operators type, letter by letter, one and two words, common and rare, insides of names, numbers, addresses,
// nobody.
func searches() []string {
	return []string{
		"ja", "jan", "jane", "jane d", "jane do", "jane doe", "an", "ann", "anna", "anna s", "anna sm", "mü", "muller", "mueller", "kowal", "son", "ansen",
		"sson", "ez", "guez", "maria garcia", "li wang", "wei zh", "jo an", "ma ma", "an an", "ri ro", "ola hansen", "jose rod", "ali ali", "singh raj",
		"kim", "kim le", "nguy", "ngu thi", "e0001", "e0099999", "E0000123", "wang", "chen ch", "zzzz", "jane zzz", "nobody.at.all", "jane.doe",
		"jane.doe@home.example", "+47 40000003", "王", "小明", "li wei", "o'neil", "de vr", "lars la", "a sm", "j d",
	}
}

func filled(b *testing.B) *embedded.Directory {
	b.Helper()
	d := open(b)
	if err := demo.Fill(b.Context(), d, benchPeople(), now()); err != nil {
		b.Fatal(err)
	}
	for {
		if h := d.Probe(b.Context()); h.Level == core.Green {
			return d
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func BenchmarkSearch(b *testing.B) {
	d := filled(b)
	var took []time.Duration
	worst, slowest := time.Duration(0), ""
	for b.Loop() {
		for _, q := range searches() {
			began := time.Now()
			if _, err := d.Search(b.Context(), core.Query{Text: untrusted.New(q), Limit: 50}); err != nil {
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
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/float64(benchPeople()), "heap-B/person")
	b.Logf("slowest: %q in %v; %v", slowest, worst, d.Probe(b.Context()).Details)
}

func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		if err := demo.Fill(b.Context(), open(b), benchPeople(), now()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(benchPeople())*float64(b.N)/b.Elapsed().Seconds(), "people/s")
}
