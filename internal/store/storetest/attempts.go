package storetest

import (
	"sync"
	"time"
)

func attemptTests() []func(*desk) {
	return []func(*desk){
		AttemptsAreCountedWithinTheWindow, AttemptsOfTheFutureCount, KeysAreCountedApart, ForgettingTakesBackOne, RecentCountsWithoutCounting,
		NoAttemptIsLostAmongMany, OldAttemptsDoNotPileUp,
	}
}

func (d *desk) count(key string, at time.Time, window time.Duration) int {
	d.Helper()
	n, err := d.Count(d.Context(), key, at, window)
	d.must(err)
	return n
}

func (d *desk) recent(key string, at time.Time, window time.Duration) (int, time.Time) {
	d.Helper()
	n, newest, err := d.Recent(d.Context(), key, at, window)
	d.must(err)
	return n, newest
}

// AttemptsAreCountedWithinTheWindow, the new one included.
func AttemptsAreCountedWithinTheWindow(d *desk) {
	var got []int
	for _, minute := range []time.Duration{0, 10, 59, 60, 70, 200} {
		got = append(got, d.count("k", morning.Add(minute*time.Minute), time.Hour))
	}
	d.same(got, []int{1, 2, 3, 3, 3, 1})
}

// AttemptsOfTheFutureCount, so that a clock that is set back forgives nothing.
func AttemptsOfTheFutureCount(d *desk) {
	d.count("k", morning.Add(24*time.Hour), time.Hour)
	d.count("k", morning.Add(24*time.Hour), time.Hour)
	if n := d.count("k", morning, time.Minute); n != 3 {
		d.Fatalf("%d, want 3", n)
	}
	if n, newest := d.recent("k", morning, time.Minute); n != 3 || !newest.Equal(morning.Add(24*time.Hour)) {
		d.Fatalf("%d, newest %v", n, newest)
	}
}

// KeysAreCountedApart.
func KeysAreCountedApart(d *desk) {
	d.count("entries:corp:1", morning, time.Hour)
	if n := d.count("entries:corp:11", morning, time.Hour); n != 1 {
		d.Fatalf("%d, want 1", n)
	}
}

// ForgettingTakesBackOne that was counted at exactly that time.
func ForgettingTakesBackOne(d *desk) {
	d.count("k", morning, time.Hour)
	d.count("k", morning, time.Hour)
	d.count("k", morning.Add(time.Second), time.Hour)
	for _, c := range []struct {
		key  string
		at   time.Time
		left int
	}{{"k", morning.Add(1), 3}, {"other", morning, 3}, {"k", morning, 2}, {"k", morning, 1}, {"k", morning, 1}} {
		d.must(d.Forget(d.Context(), c.key, c.at))
		if n, _ := d.recent("k", morning.Add(time.Minute), time.Hour); n != c.left {
			d.Fatalf("%d left after %s %v, want %d", n, c.key, c.at, c.left)
		}
	}
}

// RecentCountsWithoutCounting and knows when the newest was.
func RecentCountsWithoutCounting(d *desk) {
	if n, newest := d.recent("k", morning, time.Hour); n != 0 || !newest.IsZero() {
		d.Fatalf("%d, newest %v before the first", n, newest)
	}
	d.count("k", morning, time.Hour)
	for range 3 {
		if n, newest := d.recent("k", morning.Add(time.Minute), time.Hour); n != 1 || !newest.Equal(morning) {
			d.Fatalf("%d, newest %v", n, newest)
		}
	}
	if n, newest := d.recent("k", morning.Add(2*time.Hour), time.Hour); n != 0 || !newest.IsZero() {
		d.Fatalf("%d, newest %v after the window", n, newest)
	}
}

// NoAttemptIsLostAmongMany at the same instant: every one gets a number of its own.
func NoAttemptIsLostAmongMany(d *desk) {
	var mu sync.Mutex
	seen := map[int]bool{}
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			n, err := d.Count(d.Context(), "k", morning, time.Hour)
			if err != nil {
				d.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			seen[n] = true
		})
	}
	all.Wait()
	if len(seen) != 40 || !seen[1] || !seen[40] {
		d.Fatalf("40 attempts were given the numbers %v", seen)
	}
}

// OldAttemptsDoNotPileUp, and what a window of a week needs stays.
func OldAttemptsDoNotPileUp(d *desk) {
	d.count("k", morning, time.Hour)
	d.count("k", morning.Add(7*24*time.Hour), time.Hour)
	if n, _ := d.recent("k", morning.Add(7*24*time.Hour), 8*24*time.Hour); n != 2 {
		d.Fatalf("%d within eight days, want 2", n)
	}
	d.count("other", morning.Add(10*24*time.Hour), time.Hour)
	if n, _ := d.recent("k", morning.Add(10*24*time.Hour), 100*24*time.Hour); n != 1 {
		d.Fatalf("%d are kept, want the one of the last eight days", n)
	}
}
