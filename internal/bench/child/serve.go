package child

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"
)

// Answer writes hello and answers questions until the input ends.
func Answer(in io.Reader, out io.Writer, hello Hello) (err error) {
	w := json.NewEncoder(out)
	if err := w.Encode(hello); err != nil {
		return fmt.Errorf("child: %w", err)
	}
	a := &answerer{}
	defer func() { err = errors.Join(err, a.stop()) }()
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		verb, argument, _ := strings.Cut(lines.Text(), " ")
		state, err := a.answer(Verb(verb), argument)
		if err != nil {
			state.Error = err.Error()
		}
		if err := w.Encode(state); err != nil {
			return fmt.Errorf("child: %w", err)
		}
	}
	return lines.Err()
}

// answerer holds the profile under way.
type answerer struct{ profile *os.File }

func (a *answerer) answer(v Verb, argument string) (State, error) {
	switch v {
	case Usage:
		return State{CPU: used(), Goroutines: runtime.NumGoroutine()}, nil
	case Memory:
		return live(), nil
	case Profile:
		return State{}, a.start(argument)
	case Stop:
		return State{}, a.stop()
	case Heap:
		return State{}, writeHeap(argument)
	}
	return State{}, fmt.Errorf("unknown question %q", string(v))
}

func (a *answerer) start(path string) (err error) {
	if a.profile, err = os.Create(path); err != nil {
		return err
	}
	return pprof.StartCPUProfile(a.profile)
}

func (a *answerer) stop() error {
	if a.profile == nil {
		return nil
	}
	pprof.StopCPUProfile()
	err := a.profile.Close()
	a.profile = nil
	return err
}

func writeHeap(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	runtime.GC()
	if err := pprof.WriteHeapProfile(f); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// used is the time of the processor that this process has had.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// live is the state after garbage is gone. The first collection runs finalizers, the second frees what they held.
func live() State {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return State{CPU: used(), Heap: int64(m.HeapAlloc), Stack: int64(m.StackInuse), Goroutines: runtime.NumGoroutine()}
}
