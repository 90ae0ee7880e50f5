package lineterm_test

import (
	"context"
	"io"
	"runtime"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
)

func TestMeasureZ(t *testing.T) {
	const n = 200
	var a, b runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&a)
	g := runtime.NumGoroutine()
	var ks []*io.PipeWriter
	for range n {
		in, keys := io.Pipe()
		out := newSink()
		go lineterm.Run(context.Background(), typed{}, lineterm.Terminal{In: in, Out: out, Term: "xterm-256color"}, lineterm.Options{})
		out.waitFor("typed:")
		io.WriteString(keys, "x")
		out.waitFor("typed: x")
		ks = append(ks, keys)
	}
	runtime.GC()
	runtime.ReadMemStats(&b)
	t.Logf("goroutines/session %.1f heap/session %d stack %d", float64(runtime.NumGoroutine()-g)/n, (b.HeapAlloc-a.HeapAlloc)/n, (b.StackInuse-a.StackInuse)/n)
	for _, k := range ks {
		io.WriteString(k, "\x03")
		k.Close()
	}
}
