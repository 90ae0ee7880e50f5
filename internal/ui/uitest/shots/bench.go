package main

import (
	"context"
	"fmt"
	"testing"
)

// bench stands in for a test where there is none: what would fail the test ends the drawing.
type bench struct {
	testing.TB
	context context.Context
	cleanup []func()
}

func newBench() *bench {
	ctx, cancel := context.WithCancel(context.Background())
	return &bench{context: ctx, cleanup: []func(){cancel}}
}

// Helper implements testing.TB.
func (b *bench) Helper() {}

// Context implements testing.TB.
func (b *bench) Context() context.Context { return b.context }

// Cleanup implements testing.TB.
func (b *bench) Cleanup(do func()) { b.cleanup = append(b.cleanup, do) }

// Fatalf implements testing.TB.
func (b *bench) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// Errorf implements testing.TB.
func (b *bench) Errorf(format string, args ...any) { b.Fatalf(format, args...) }

// end does what was to be done at the end, the last first.
func (b *bench) end() {
	for i := len(b.cleanup) - 1; i >= 0; i-- {
		b.cleanup[i]()
	}
}
