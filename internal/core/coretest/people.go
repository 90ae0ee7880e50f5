package coretest

import (
	"context"
	"slices"
	"sync"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Operators is core.Operators in memory.
type Operators struct {
	Faults
	mu   sync.Mutex
	list map[string]core.Operator
}

// NewOperators returns these operators.
func NewOperators(list ...core.Operator) *Operators {
	o := &Operators{list: map[string]core.Operator{}}
	for _, one := range list {
		o.Put(one)
	}
	return o
}

// Put adds or replaces an operator.
func (o *Operators) Put(one core.Operator) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.list[one.ID] = one
}

// Operator implements core.Operators.
func (o *Operators) Operator(ctx context.Context, id string) (core.Operator, error) {
	if err := o.hit(ctx, "Operator"); err != nil {
		return core.Operator{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	one, ok := o.list[id]
	if !ok {
		return one, core.Fail(core.CodeNotFound, sentence.Of("operator.not_found"))
	}
	return one, nil
}

// Owner implements core.Operators.
func (o *Operators) Owner(ctx context.Context, a core.Account) (string, error) {
	if err := o.hit(ctx, "Owner"); err != nil {
		return "", err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for id, one := range o.list {
		if one.Account == a.ID && !a.ID.IsZero() {
			return id, nil
		}
	}
	return "", nil
}

// Name implements core.Operators.
func (o *Operators) Name(_ context.Context, id string) untrusted.Text {
	o.mu.Lock()
	defer o.mu.Unlock()
	if one, ok := o.list[id]; ok && !one.Name.IsZero() {
		return one.Name
	}
	return untrusted.New(id)
}

// Presence is a fixed list of operators who are signed in.
type Presence []string

// SignedIn implements core.Presence.
func (p Presence) SignedIn() []string { return slices.Clone(p) }

// Events collects events.
type Events struct {
	mu   sync.Mutex
	seen []core.Event
}

// Changed implements core.Events.
func (e *Events) Changed(ev core.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen = append(e.seen, ev)
}

// Seen is what was told so far.
func (e *Events) Seen() []core.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.seen)
}
