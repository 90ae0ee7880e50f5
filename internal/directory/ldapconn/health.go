package ldapconn

import (
	"slices"
	"sync"
	"time"
)

// Health is what the pool knows of its directory, without asking it.
type Health struct {
	Servers []ServerHealth
	Open    int           // connections
	InUse   int           // of them
	P50     time.Duration // of the requests of the last five minutes
	P99     time.Duration
	Samples int // how many requests that is; 0 leaves P50 and P99 meaningless
	// Policy is what the directory's password policy says about the service identity, for example that its password is
	// about to expire.
	Policy PasswordPolicy
	// Rejected is why the directory does not take the service identity, nil while it does; the next try is at RetryAt.
	Rejected error
	RetryAt  time.Time
}

// ServerHealth is the state of one server.
type ServerHealth struct {
	URL         string
	Failures    int       // failed connects in a row; 0: it works, or was never tried
	RetryAt     time.Time // when the next connect is tried, while Failures > 0
	LastError   error     // nil when there was none since the start
	LastErrorAt time.Time
}

// Health returns the state at this moment. It does not block.
func (p *Pool) Health() Health {
	now := time.Now()
	h := Health{}
	h.P50, h.P99, h.Samples = p.times.quantiles(now)
	for _, e := range p.endpoints {
		state := e.gate.state()
		server := ServerHealth{URL: e.url, Failures: state.failures, LastError: state.last, LastErrorAt: state.lastAt}
		if state.failures > 0 {
			server.RetryAt = state.until
		}
		h.Servers = append(h.Servers, server)
	}
	if identity := p.identity.state(); identity.failures > 0 {
		h.Rejected, h.RetryAt = identity.last, identity.until
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	h.InUse = len(p.active)
	h.Open = h.InUse + len(p.idle)
	h.Policy = p.policy
	return h
}

// Window and size of the sample of latencies.
const (
	latencyWindow  = 5 * time.Minute
	latencySamples = 2048
)

// latencies is a ring of the last requests.
type latencies struct {
	mu   sync.Mutex
	ring []latency
	next int
}

type latency struct {
	at   time.Time
	took time.Duration
}

func (l *latencies) note(at time.Time, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) < latencySamples {
		l.ring = append(l.ring, latency{at, took})
		return
	}
	l.ring[l.next] = latency{at, took}
	l.next = (l.next + 1) % latencySamples
}

// quantiles are by nearest rank over the window that ends now.
func (l *latencies) quantiles(now time.Time) (p50, p99 time.Duration, samples int) {
	recent := l.since(now.Add(-latencyWindow))
	if len(recent) == 0 {
		return 0, 0, 0
	}
	slices.Sort(recent)
	rank := func(percent int) time.Duration { return recent[max((len(recent)*percent+99)/100-1, 0)] }
	return rank(50), rank(99), len(recent)
}

func (l *latencies) since(start time.Time) []time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	var recent []time.Duration
	for _, sample := range l.ring {
		if sample.at.After(start) {
			recent = append(recent, sample.took)
		}
	}
	return recent
}
