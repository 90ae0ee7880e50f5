package coretest

import (
	"context"
	"sync"
)

// Faults says which call of which method fails, and how. The zero value fails nothing.
type Faults struct {
	mu    sync.Mutex
	plans map[string][]plan
	calls map[string]int
}

type plan struct {
	nth int // 1 is the next call; 0 is every call
	do  func(context.Context) error
}

// Fail makes the nth call of a method from now on return err; n 0 means every call.
func (f *Faults) Fail(method string, n int, err error) {
	f.Do(method, n, func(context.Context) error { return err })
}

// Panic makes the nth call of a method from now on panic.
func (f *Faults) Panic(method string, n int) {
	f.Do(method, n, func(context.Context) error { panic("injected panic in " + method) })
}

// Do runs something in the nth call of a method from now on; what it returns is the method's error.
func (f *Faults) Do(method string, n int, do func(context.Context) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.plans == nil {
		f.plans, f.calls = map[string][]plan{}, map[string]int{}
	}
	if n > 0 {
		n += f.calls[method]
	}
	f.plans[method] = append(f.plans[method], plan{n, do})
}

// Heal forgets every plan.
func (f *Faults) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.plans = nil
}

// Calls is how often a method was called.
func (f *Faults) Calls(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[method]
}

// hit counts a call and does what is planned for it.
func (f *Faults) hit(ctx context.Context, method string) error {
	f.mu.Lock()
	if f.calls == nil {
		f.calls = map[string]int{}
	}
	f.calls[method]++
	var do func(context.Context) error
	for _, p := range f.plans[method] {
		if p.nth == 0 || p.nth == f.calls[method] {
			do = p.do
		}
	}
	f.mu.Unlock()
	if do == nil {
		return nil
	}
	return do(ctx)
}
