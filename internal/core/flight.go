package core

import (
	"context"
	"sync"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// flights makes a repeated operation id one operation: whoever comes second waits for the first and gets its result.
type flights struct {
	mu   sync.Mutex
	open map[flightKey]*flight
}

// flightKey tells operations apart that are under way. Ids are made by callers, so two operators may bring the same one, and one operator may
// bring it for two different things: those are never taken for each other.
type flightKey struct {
	owner, id string
	verb      Verb
	account   AccountID
}

func flightOf(actor Actor, op Operation) flightKey {
	k := flightKey{owner: actor.OperatorID, id: op.OperationID(), verb: op.Verb()}
	if on, ok := op.(AccountOperation); ok {
		_, k.account, _ = on.Target()
	}
	return k
}

type flight struct {
	landed chan struct{}
	res    Result
	err    error
}

// once runs do unless the same operation is under way; then it waits for that one. A result handed to the second caller carries no password.
func (f *flights) once(ctx context.Context, k flightKey, do func() (Result, error)) (Result, error) {
	f.mu.Lock()
	if first, ok := f.open[k]; ok {
		f.mu.Unlock()
		return first.wait(ctx)
	}
	// What a panic leaves behind is told to those who wait: nobody knows.
	mine := &flight{landed: make(chan struct{}), err: Fail(CodeInternal, sentence.Of("error.internal")).After(ChangeUnknown)}
	if f.open == nil {
		f.open = map[flightKey]*flight{}
	}
	f.open[k] = mine
	f.mu.Unlock()

	defer func() {
		f.mu.Lock()
		delete(f.open, k)
		f.mu.Unlock()
		close(mine.landed)
	}()
	mine.res, mine.err = do()
	return mine.res, mine.err
}

// has reports whether an operation with this id is under way here, whoever's it is.
func (f *flights) has(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for k := range f.open {
		if k.id == id {
			return true
		}
	}
	return false
}

func (f *flight) wait(ctx context.Context) (Result, error) {
	select {
	case <-f.landed:
		res := f.res
		res.Password, res.Repeated = nil, true
		return res, f.err
	case <-ctx.Done(): // the first one goes on: what it changes is not known here
		return Result{}, Fail(CodeConflict, sentence.Of("conflict.still_open")).After(ChangeUnknown).Because(ctx.Err())
	}
}
