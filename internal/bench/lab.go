package bench

import (
	"fmt"
	"runtime"
	"testing"
)

// lab is what the servers of testlab take for a test: they were made for tests, and benchmarks are none. It implements the few methods that
// they use; any other would be a nil dereference, which a trial of the benchmarks finds at once.
type lab struct {
	testing.TB // nil: closes the set of methods
	cleanups   []func()
	why        string // why nothing can be measured, once known
}

// Helper implements testing.TB.
func (*lab) Helper() {}

// Cleanup implements testing.TB.
func (l *lab) Cleanup(f func()) { l.cleanups = append(l.cleanups, f) }

// Fatal implements testing.TB.
func (l *lab) Fatal(args ...any) { l.stop(fmt.Sprint(args...)) }

// Fatalf implements testing.TB.
func (l *lab) Fatalf(format string, args ...any) { l.stop(fmt.Sprintf(format, args...)) }

// Skipf implements testing.TB.
func (l *lab) Skipf(format string, args ...any) { l.stop(fmt.Sprintf(format, args...)) }

func (l *lab) stop(why string) {
	l.why = why
	runtime.Goexit()
}

// attempt runs do, which may stop, and returns why it did; "" when it did not.
func (l *lab) attempt(do func()) string {
	ended := make(chan struct{})
	go func() { // ends with do
		defer close(ended)
		do()
	}()
	<-ended
	return l.why
}

// close undoes everything, the last first.
func (l *lab) close() {
	for i := len(l.cleanups) - 1; i >= 0; i-- {
		l.cleanups[i]()
	}
	l.cleanups = nil
}
