package sshd

import (
	"net/netip"
	"slices"
	"sync"
)

// visit is one connection as admission counts it.
type visit struct {
	source  netip.Prefix
	close   func() error // ends the connection
	evicted bool         // its handshake made room for another; guarded by admission.mu
}

// admission counts connections, in all and by source. When there are too many handshakes the oldest gives way, of the
// source that has most: a client that means it is through in a moment, while a silent flood only displaces itself.
type admission struct {
	limits Limits

	mu       sync.Mutex
	total    int
	bySource map[netip.Prefix]int
	halfOpen []*visit // oldest first
}

func newAdmission(limits Limits) *admission {
	return &admission{limits: limits, bySource: map[netip.Prefix]int{}}
}

// enter admits a connection, or returns nil when there are too many. It may end the handshake of another one.
func (a *admission) enter(source netip.Prefix, closeConn func() error) *visit {
	v, victim := a.count(source, closeConn)
	if victim != nil {
		_ = victim.close()
	}
	return v
}

func (a *admission) count(source netip.Prefix, closeConn func() error) (v, victim *visit) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.total >= a.limits.Connections || a.bySource[source] >= a.limits.ConnectionsPerSource {
		return nil, nil
	}
	victim = a.victim(source)
	v = &visit{source: source, close: closeConn}
	a.total++
	a.bySource[source]++
	a.halfOpen = append(a.halfOpen, v)
	return v, victim
}

// victim takes the handshake that has to make room for one of this source, if any. a.mu is held.
func (a *admission) victim(source netip.Prefix) *visit {
	counts := map[netip.Prefix]int{}
	most := source
	for _, v := range a.halfOpen {
		counts[v.source]++
		if counts[v.source] > counts[most] {
			most = v.source
		}
	}
	switch {
	case counts[source] >= a.limits.HalfOpenPerSource:
		most = source
	case len(a.halfOpen) < a.limits.HalfOpen:
		return nil
	}
	i := slices.IndexFunc(a.halfOpen, func(v *visit) bool { return v.source == most })
	v := a.halfOpen[i]
	v.evicted = true
	a.halfOpen = slices.Delete(a.halfOpen, i, i+1)
	return v
}

// handshakeOver takes the connection from the handshakes and reports whether it had been ended to make room.
func (a *admission) handshakeOver(v *visit) (evicted bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.halfOpen = slices.DeleteFunc(a.halfOpen, func(h *visit) bool { return h == v })
	return v.evicted
}

// leave takes the connection out of all counts.
func (a *admission) leave(v *visit) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.halfOpen = slices.DeleteFunc(a.halfOpen, func(h *visit) bool { return h == v })
	a.total--
	if a.bySource[v.source]--; a.bySource[v.source] == 0 {
		delete(a.bySource, v.source)
	}
}

// handshakes is how many connections are not authenticated yet.
func (a *admission) handshakes() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.halfOpen)
}
