package ldapconn

import (
	"crypto/rand"
	"encoding/binary"
	"sync"
	"time"
)

// pauses are the bounds of the growing pause between attempts.
type pauses struct{ min, max time.Duration }

// gate lets attempts through: all of them while they succeed, one at a time and seldom while they fail, so that a
// server which comes back is not run over by everybody at once. There is one per server, for connecting, and one for
// the service identity, for signing in.
type gate struct {
	mu       sync.Mutex
	round    int       // grows with every success and failure: attempts that began earlier say nothing new
	failures int       // in a row
	until    time.Time // no attempt before
	probing  bool      // an attempt after a failure is under way
	last     error
	lastAt   time.Time
}

// attempt is the permission to try once. It must be ended by one of its methods.
type attempt struct {
	gate  *gate
	round int
}

// admit returns the permission; false while the gate is closed or another attempt probes.
func (g *gate) admit(now time.Time) (attempt, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.failures > 0 && (g.probing || now.Before(g.until)) {
		return attempt{}, false
	}
	g.probing = g.failures > 0
	return attempt{gate: g, round: g.round}, true
}

// succeeded opens the gate.
func (a attempt) succeeded() {
	a.gate.mu.Lock()
	defer a.gate.mu.Unlock()
	a.gate.round++
	a.gate.failures, a.gate.probing = 0, false
}

// failed closes the gate for a pause that doubles with every failure. Of the attempts that began together one counts.
func (a attempt) failed(now time.Time, why error, p pauses) {
	g := a.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last, g.lastAt = why, now
	if a.round != g.round {
		return
	}
	g.round++
	g.failures++
	g.probing = false
	g.until = now.Add(jitter(p.pause(g.failures)))
}

// undecided ends an attempt that told nothing about what the gate stands for.
func (a attempt) undecided() {
	a.gate.mu.Lock()
	defer a.gate.mu.Unlock()
	if a.round == a.gate.round {
		a.gate.probing = false
	}
}

// gateState is what a gate shows of itself.
type gateState struct {
	failures int
	until    time.Time
	last     error
	lastAt   time.Time
}

func (g *gate) state() gateState {
	g.mu.Lock()
	defer g.mu.Unlock()
	return gateState{failures: g.failures, until: g.until, last: g.last, lastAt: g.lastAt}
}

func (p pauses) pause(failures int) time.Duration {
	pause := p.min
	for range failures - 1 {
		if pause >= p.max/2 {
			return p.max
		}
		pause *= 2
	}
	return min(pause, p.max)
}

// jitter spreads d over 75 to 125 %, so that several desks do not come back in step.
func jitter(d time.Duration) time.Duration {
	var random [2]byte
	if _, err := rand.Read(random[:]); err != nil {
		return d
	}
	share := time.Duration(binary.BigEndian.Uint16(random[:]))
	return d*3/4 + d/2*share/(1<<16-1)
}
