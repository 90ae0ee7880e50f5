package sshd

import (
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Offence is what a source is penalised for.
type Offence string

// The offences, as OpenSSH has them.
const (
	OffenceAuthFailed Offence = "authfail" // tried to sign in and failed
	OffenceNoAuth     Offence = "noauth"   // went away without trying
	OffenceGrace      Offence = "grace"    // was not signed in when the time was up
)

// Penalties are the times by which each offence of a source lengthens its refusal, as in PerSourcePenalties of
// sshd_config(5). Zero fields take OpenSSH's value.
type Penalties struct {
	AuthFailed time.Duration // 5 s
	NoAuth     time.Duration // 1 s
	Grace      time.Duration // 10 s
	Enforce    time.Duration // collected time from which connections are refused: 15 s
	Max        time.Duration // 10 min
	Sources    int           // how many sources are remembered: 16,384
	Exempt     []netip.Prefix
}

func (p Penalties) of(o Offence) time.Duration {
	switch o {
	case OffenceAuthFailed:
		return p.AuthFailed
	case OffenceNoAuth:
		return p.NoAuth
	case OffenceGrace:
		return p.Grace
	}
	return p.Max
}

// penaltyBox remembers sources that misbehaved and refuses them before anything is read from them.
type penaltyBox struct {
	rules Penalties
	now   func() time.Time

	mu      sync.Mutex
	sources map[netip.Prefix]penalty
}

type penalty struct {
	until    time.Time
	enforced bool // stays so until the time is over
}

func newPenaltyBox(rules Penalties, now func() time.Time) *penaltyBox {
	return &penaltyBox{rules: rules, now: now, sources: map[netip.Prefix]penalty{}}
}

// refuses reports whether connections of the source are refused now.
func (b *penaltyBox) refuses(source netip.Prefix) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, known := b.sources[source]
	if known && !p.until.After(b.now()) {
		delete(b.sources, source)
		return false
	}
	return known && p.enforced
}

// add lengthens the penalty of the source and reports whether it is enforced from now on and was not before.
func (b *penaltyBox) add(source netip.Prefix, o Offence) bool {
	if b.exempt(source) {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	p, known := b.sources[source]
	if !known || !p.until.After(now) {
		p = penalty{until: now}
		b.makeRoom(now)
	}
	p.until = p.until.Add(b.rules.of(o))
	if latest := now.Add(b.rules.Max); p.until.After(latest) {
		p.until = latest
	}
	before := p.enforced
	p.enforced = before || p.until.Sub(now) >= b.rules.Enforce
	b.sources[source] = p
	return p.enforced && !before
}

func (b *penaltyBox) exempt(source netip.Prefix) bool {
	return slices.ContainsFunc(b.rules.Exempt, func(p netip.Prefix) bool { return p.Overlaps(source) })
}

// makeRoom forgets sources whose time is over and, when that is not enough, the one whose time is over first.
func (b *penaltyBox) makeRoom(now time.Time) {
	if len(b.sources) < b.rules.Sources {
		return
	}
	var first netip.Prefix
	for source, p := range b.sources {
		if !p.until.After(now) {
			delete(b.sources, source)
			continue
		}
		if oldest, ok := b.sources[first]; !ok || p.until.Before(oldest.until) {
			first = source
		}
	}
	if len(b.sources) >= b.rules.Sources {
		delete(b.sources, first)
	}
}
