package core

import (
	"context"
	"sync"
)

// traffic counts operations under way. A sync.WaitGroup would not do: operations may begin while somebody waits for the last one to end.
type traffic struct {
	mu    sync.Mutex
	count int
	idle  chan struct{} // closed when the last one has ended; nil while nobody waits
}

func (t *traffic) enter() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count++
}

func (t *traffic) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.count--; t.count == 0 && t.idle != nil {
		close(t.idle)
		t.idle = nil
	}
}

// wait returns nil when nothing is under way, or the error of ctx.
func (t *traffic) wait(ctx context.Context) error {
	t.mu.Lock()
	if t.count == 0 {
		t.mu.Unlock()
		return nil
	}
	if t.idle == nil {
		t.idle = make(chan struct{})
	}
	idle := t.idle
	t.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
