package embedded

import (
	"slices"
	"sync"
	"time"
)

const (
	latencyWindow = 5 * time.Minute
	latencyRing   = 512
)

// latencies remembers how long the last calls took.
type latencies struct {
	mu   sync.Mutex
	ring [latencyRing]latency
	next int
}

type latency struct {
	at   time.Time
	took time.Duration
}

// observe notes a call that began then and ends now. It is deferred. These are measurements of this process and need the
// monotonic clock, not the desk's.
func (l *latencies) observe(began time.Time) {
	at := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring[l.next%latencyRing] = latency{at, at.Sub(began)}
	l.next++
}

// quantiles are the median and the 99th percentile of the last minutes, 0 when there were no calls.
func (l *latencies) quantiles() (p50, p99 time.Duration) {
	now := time.Now()
	l.mu.Lock()
	var took []time.Duration
	for _, e := range l.ring[:min(l.next, latencyRing)] {
		if now.Sub(e.at) < latencyWindow {
			took = append(took, e.took)
		}
	}
	l.mu.Unlock()
	if len(took) == 0 {
		return 0, 0
	}
	slices.Sort(took)
	return took[len(took)/2], took[min(len(took)*99/100, len(took)-1)]
}
