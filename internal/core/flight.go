package core

import (
	"context"
	"sync"
)

// flights makes a repeated operation id one operation: whoever comes second waits for the first and gets its result.
type flights struct {
	mu   sync.Mutex
	open map[string]*flight
}

type flight struct {
	landed chan struct{}
	owner  string
	res    Result
	err    error
}

// once runs do unless the same operation is under way; then it waits for that one. A result handed to the second caller carries no password.
func (f *flights) once(ctx context.Context, id, owner string, do func() (Result, error)) (Result, error) {
	f.mu.Lock()
	if first, ok := f.open[id]; ok && first.owner == owner {
		f.mu.Unlock()
		return first.wait(ctx)
	}
	mine := &flight{landed: make(chan struct{}), owner: owner}
	if f.open == nil {
		f.open = map[string]*flight{}
	}
	f.open[id] = mine
	f.mu.Unlock()

	defer func() {
		f.mu.Lock()
		delete(f.open, id)
		f.mu.Unlock()
		close(mine.landed)
	}()
	mine.res, mine.err = do()
	return mine.res, mine.err
}

// has reports whether an operation is under way here.
func (f *flights) has(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.open[id]
	return ok
}

func (f *flight) wait(ctx context.Context) (Result, error) {
	select {
	case <-f.landed:
		res := f.res
		res.Password, res.Repeated = nil, true
		return res, f.err
	case <-ctx.Done():
		return Result{}, AsError(ctx.Err())
	}
}
