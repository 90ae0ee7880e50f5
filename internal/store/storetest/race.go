package storetest

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// race lets n do the same at once and returns how many succeeded. The others must fail with one of the codes.
func (d *desk) race(n int, do func(i int) error, codes ...core.Code) int {
	d.Helper()
	var won atomic.Int32
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			err := do(i)
			if err == nil {
				won.Add(1)
			} else if !slices.Contains(codes, core.CodeOf(err)) {
				d.Error(err)
			}
		})
	}
	close(start)
	all.Wait()
	return int(won.Load())
}

// many makes n of something, one after the other.
func many[T any](n int, one func() T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = one()
	}
	return out
}
