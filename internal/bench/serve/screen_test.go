package serve

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/bench/load"
	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// marked says when a piece of output had the end of a frame.
type marked chan struct{}

// Write implements [io.Writer].
func (m marked) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(load.FrameEnd)) {
		m <- struct{}{}
	}
	return len(p), nil
}

// BenchmarkKey is one key in the search box with its whole answer, from the input to the output of a terminal: everything of the desk's screen but SSH. It
// is there for profiles (-cpuprofile); the figures are made by the command.
func BenchmarkKey(b *testing.B) {
	desk, err := stage.OpenDesk(b.Context(), filepath.Join(testlab.ScratchDir(b), "desk.db"), stage.NewMemory(stage.TypingPeople))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = desk.Close() }()
	op, may, err := desk.WhoAmI(b.Context(), stage.Actor())
	if err != nil {
		b.Fatal(err)
	}
	look, err := theme.New(theme.Options{Name: theme.Dark, Depth: theme.Depth256})
	if err != nil {
		b.Fatal(err)
	}
	root := ui.NewRoot(b.Context(), ui.Options{Clock: stage.Clock{}, Since: time.Now(), Env: &screen.Env{
		Desk: desk.Desk, Actor: stage.Actor(), Operator: op, May: may, Theme: look, Lang: text.English, Zone: time.UTC,
		Log: slog.New(slog.DiscardHandler), NewID: rand.Text,
	}})
	ctx, stop := context.WithCancel(b.Context())
	in, keys := io.Pipe()
	frames, ended := make(marked, 64), make(chan struct{})
	go func() { // ends with ctx
		defer close(ended)
		_ = lineterm.Run(ctx, root, lineterm.Terminal{
			In: in, Out: frames, Term: "xterm-256color", Size: lineterm.Size{Cols: load.Columns, Rows: load.Rows},
		}, lineterm.Options{})
	}()
	<-frames
	next := stage.Keys(0)
	press := func() { _, _ = keys.Write([]byte{next()}) }
	for range stage.Stem {
		press()
		time.Sleep(100 * time.Millisecond) // some letters of the stem change one row only
	}
	for len(frames) > 0 {
		<-frames
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		press()
		<-frames
	}
	b.StopTimer()
	stop()
	_ = keys.Close()
	<-ended
}
