package core

import (
	"maps"
	"sync"
)

// Counted is what concluded operations are counted by. It names no person: neither the account's owner nor the operator.
type Counted struct {
	Verb    Verb
	Outcome Outcome
	Desk    string // site
}

// counts counts concluded operations since the start.
type counts struct {
	mu sync.Mutex
	of map[Counted]int64
}

func (c *counts) add(k Counted) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[Counted]int64{}
	}
	c.of[k]++
}

// Counts is how many operations were concluded here since the start, for the metrics.
func (d *Desk) Counts() map[Counted]int64 {
	d.counts.mu.Lock()
	defer d.counts.mu.Unlock()
	return maps.Clone(d.counts.of)
}
