package storetest

import (
	"slices"
	"time"
)

func attemptTests() []func(*desk) {
	return []func(*desk){
		attemptsAreCountedWithinTheWindow, attemptsOfTheFutureCount, keysAreCountedApart, forgettingTakesBackOne, recentCountsWithoutCounting,
		noAttemptIsLostAmongMany, oldAttemptsDoNotPileUp,
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

// attemptsAreCountedWithinTheWindow, the new one included.
func attemptsAreCountedWithinTheWindow(d *desk) {
	var got []int
	for _, minute := range []time.Duration{0, 10, 59, 60, 70, 200} {
		got = append(got, d.count("k", morning().Add(minute*time.Minute), time.Hour))
	}
	d.same(got, []int{1, 2, 3, 3, 3, 1})
}

// attemptsOfTheFutureCount, so that a clock that is set back forgives nothing.
func attemptsOfTheFutureCount(d *desk) {
	d.count("k", morning().Add(24*time.Hour), time.Hour)
	d.count("k", morning().Add(24*time.Hour), time.Hour)
	if n := d.count("k", morning(), time.Minute); n != 3 {
		d.Fatalf("%d, want 3", n)
	}
	if n, newest := d.recent("k", morning(), time.Minute); n != 3 || !newest.Equal(morning().Add(24*time.Hour)) {
		d.Fatalf("%d, newest %v", n, newest)
	}
}

// keysAreCountedApart.
func keysAreCountedApart(d *desk) {
	d.count("entries:corp:1", morning(), time.Hour)
	if n := d.count("entries:corp:11", morning(), time.Hour); n != 1 {
		d.Fatalf("%d, want 1", n)
	}
}

// forgettingTakesBackOne that was counted at exactly that time.
func forgettingTakesBackOne(d *desk) {
	d.count("k", morning(), time.Hour)
	d.count("k", morning(), time.Hour)
	d.count("k", morning().Add(time.Second), time.Hour)
	for _, c := range []struct {
		key  string
		at   time.Time
		left int
	}{{"k", morning().Add(1), 3}, {"other", morning(), 3}, {"k", morning(), 2}, {"k", morning(), 1}, {"k", morning(), 1}} {
		d.must(d.Forget(d.Context(), c.key, c.at))
		if n, _ := d.recent("k", morning().Add(time.Minute), time.Hour); n != c.left {
			d.Fatalf("%d left after %s %v, want %d", n, c.key, c.at, c.left)
		}
	}
}

// recentCountsWithoutCounting and knows when the newest was.
func recentCountsWithoutCounting(d *desk) {
	if n, newest := d.recent("k", morning(), time.Hour); n != 0 || !newest.IsZero() {
		d.Fatalf("%d, newest %v before the first", n, newest)
	}
	d.count("k", morning(), time.Hour)
	for range 3 {
		if n, newest := d.recent("k", morning().Add(time.Minute), time.Hour); n != 1 || !newest.Equal(morning()) {
			d.Fatalf("%d, newest %v", n, newest)
		}
	}
	if n, newest := d.recent("k", morning().Add(2*time.Hour), time.Hour); n != 0 || !newest.IsZero() {
		d.Fatalf("%d, newest %v after the window", n, newest)
	}
}

// noAttemptIsLostAmongMany at the same instant: every one gets a number of its own.
func noAttemptIsLostAmongMany(d *desk) {
	numbers := make([]int, 40)
	d.race(len(numbers), func(i int) (err error) {
		numbers[i], err = d.Count(d.Context(), "k", morning(), time.Hour)
		return err
	})
	slices.Sort(numbers)
	for i, n := range numbers {
		if n != i+1 {
			d.Fatalf("40 attempts were given the numbers %v", numbers)
		}
	}
}

// oldAttemptsDoNotPileUp, and what a window of a week needs stays.
func oldAttemptsDoNotPileUp(d *desk) {
	d.count("k", morning(), time.Hour)
	d.count("k", morning().Add(7*24*time.Hour), time.Hour)
	if n, _ := d.recent("k", morning().Add(7*24*time.Hour), 8*24*time.Hour); n != 2 {
		d.Fatalf("%d within eight days, want 2", n)
	}
	d.count("other", morning().Add(10*24*time.Hour), time.Hour)
	if n, _ := d.recent("k", morning().Add(10*24*time.Hour), 100*24*time.Hour); n != 1 {
		d.Fatalf("%d are kept, want the one of the last eight days", n)
	}
}
