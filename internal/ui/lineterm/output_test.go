package lineterm_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
)

// gate is a client that accepts bytes only while it is open.
type gate struct {
	out    io.Writer
	writes atomic.Int32
	open   chan struct{} // one token, or closed, lets one write pass
	shut   chan struct{} // closed by CloseOutput
}

func newGate(out io.Writer) *gate {
	return &gate{out: out, open: make(chan struct{}), shut: make(chan struct{})}
}

func (g *gate) Write(p []byte) (int, error) {
	g.writes.Add(1)
	select {
	case <-g.open:
		return g.out.Write(p)
	case <-g.shut:
		return 0, net.ErrClosed
	}
}

func (g *gate) attach(t *lineterm.Terminal) {
	g.out = t.Out
	t.Out, t.CloseOutput = g, func() { close(g.shut) }
}

func TestAClientThatDoesNotReadIsCutOffAfterTheTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(nil)
		began := time.Now()
		s := start(t, &notepad{}, lineterm.Options{}, g.attach)
		<-s.ended
		if took := time.Since(began); took != lineterm.DefaultWriteTimeout {
			t.Errorf("it took %v", took)
		}
		if !errors.Is(s.err, lineterm.ErrSlowClient) || !errors.Is(s.err, lineterm.ErrOutput) {
			t.Errorf("Run returned %v", s.err)
		}
	})
}

func TestAClientThatReadsJustInTimeIsServed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(nil)
		s := start(t, &notepad{}, lineterm.Options{WriteTimeout: time.Second}, g.attach)
		for range 5 {
			time.Sleep(999 * time.Millisecond)
			g.open <- struct{}{}
			s.press("x")
			synctest.Wait()
		}
		close(g.open)
		s.press("ctrl+c")
		if err := s.end(); err != nil {
			t.Error(err)
		}
	})
}

func TestFramesOfASlowClientAreCoalescedAndUpdateNeverWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(nil)
		n := &notepad{}
		s := start(t, n, lineterm.Options{}, g.attach)
		for range 100 {
			s.press("x")
		}
		synctest.Wait()
		if len(n.text) != 100 || g.writes.Load() != 1 {
			t.Fatalf("%d keys were handled, %d frames begun", len(n.text), g.writes.Load())
		}
		close(g.open)
		synctest.Wait()
		if writes := g.writes.Load(); writes != 2 {
			t.Errorf("it sent %d frames, want the first and the last", writes)
		}
		if want := "note: " + n.text[:34]; s.Row(0) != want {
			t.Errorf("the screen shows %q, want %q", s.Row(0), want)
		}
	})
}

func TestQuittingDoesNotWaitLongForAClientThatDoesNotRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(nil)
		s := start(t, &notepad{}, lineterm.Options{}, g.attach)
		synctest.Wait()
		s.press("x", "ctrl+c")
		began := time.Now()
		<-s.ended
		if took := time.Since(began); took != lineterm.DefaultCloseTimeout {
			t.Errorf("it took %v", took)
		}
		if !errors.Is(s.err, lineterm.ErrSlowClient) {
			t.Errorf("Run returned %v", s.err)
		}
	})
}

func TestAWriteThatCannotBeEndedIsLeftBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(io.Discard)
		s := start(t, &notepad{}, lineterm.Options{}, func(t *lineterm.Terminal) { t.Out = g })
		synctest.Wait()
		s.press("ctrl+c")
		<-s.ended
		if !errors.Is(s.err, lineterm.ErrSlowClient) {
			t.Errorf("Run returned %v", s.err)
		}
		close(g.shut) // the goroutine ends; the bubble would tell
	})
}

func TestABrokenConnectionEndsTheProgram(t *testing.T) {
	t.Parallel()
	server, client := net.Pipe()
	var seen bytes.Buffer
	read := make(chan struct{})
	go func() { // ends when it has read the first frame
		defer close(read)
		_, _ = io.CopyN(&seen, client, 8)
		_ = client.Close()
	}()
	in, keys := io.Pipe()
	defer keys.Close()
	err := lineterm.Run(context.Background(), &notepad{}, lineterm.Terminal{In: in, Out: server}, lineterm.Options{})
	<-read
	if !errors.Is(err, lineterm.ErrOutput) || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("Run returned %v", err)
	}
}

// faulty is an output that panics at one write.
type faulty struct {
	io.Writer
	at, writes int
}

func (f *faulty) Write(p []byte) (int, error) {
	if f.writes++; f.writes == f.at {
		panic("boom")
	}
	return f.Writer.Write(p)
}

func TestAPanicOfTheOutputEndsOnlyThisProgram(t *testing.T) {
	t.Parallel()
	for _, at := range []int{1, 2, 3} {
		told := make(chan any, 1)
		s := start(t, &notepad{}, lineterm.Options{OnPanic: func(v any, _ []byte) { told <- v }}, func(t *lineterm.Terminal) {
			t.Out = &faulty{Writer: t.Out, at: at}
		})
		if at > 1 {
			s.see("note:")
			s.press("x")
		}
		if at > 2 {
			s.see("note: x")
			s.press("ctrl+c")
		}
		<-s.ended
		var bad *lineterm.PanicError
		if !errors.As(s.err, &bad) || <-told != "boom" {
			t.Errorf("write %d: Run returned %v", at, s.err)
		}
		if left := modesLeftOn(s.Raw()); left != "" && at < 3 {
			t.Errorf("write %d: modes were left on: %s", at, left)
		}
	}
}

func TestMessagesFromOutsideReachTheModel(t *testing.T) {
	t.Parallel()
	mail := lineterm.NewMailbox(0)
	mail.Post(note("early "))
	s := start(t, &notepad{}, lineterm.Options{Mailbox: mail})
	s.see("note: early")
	mail.Post(note("late"))
	s.see("note: early late")
	s.press("ctrl+c")
	if err := s.end(); err != nil {
		t.Fatal(err)
	}
	if mail.Post(note("too late")) {
		t.Error("a session that has ended took a message")
	}
}

func TestEverythingAViewAsksForIsDoneAndUndone(t *testing.T) {
	t.Parallel()
	views := []tea.View{
		{Content: "one", WindowTitle: "first", MouseMode: tea.MouseModeCellMotion, Cursor: &tea.Cursor{Position: tea.Position{X: 3, Y: 2}, Shape: tea.CursorBar}},
		{Content: "two", WindowTitle: "second\x1b]52;c;?\a", MouseMode: tea.MouseModeAllMotion, ReportFocus: true, DisableBracketedPasteMode: true, Cursor: &tea.Cursor{Shape: tea.CursorUnderline, Blink: true}},
		{Content: "three", Cursor: &tea.Cursor{Position: tea.Position{X: 99}}},
	}
	at := 0
	m := &model{
		update: func(msg tea.Msg) tea.Cmd {
			if _, ok := msg.(tea.KeyPressMsg); ok {
				at++
			}
			return nil
		},
		view: func() tea.View { return views[at] },
	}
	s := start(t, m, lineterm.Options{})
	first := s.see("one")
	if want := (termtest.Cursor{X: 3, Y: 2, Visible: true, Shape: termtest.Bar, Steady: true}); first.Cursor != want || first.Title != "first" {
		t.Errorf("the title is %q, the cursor %+v", first.Title, first.Cursor)
	}
	s.press("n")
	second := s.see("two")
	if want := (termtest.Cursor{Visible: true, Shape: termtest.Underline}); second.Cursor != want || second.Title != "second]52;c;?" {
		t.Errorf("the title is %q, the cursor %+v", second.Title, second.Cursor)
	}
	s.press("n")
	if third := s.see("three"); third.Cursor.Visible || third.Title != "" {
		t.Errorf("the title is %q, the cursor %+v", third.Title, third.Cursor)
	}
	s.cancel(nil)
	_ = s.end()
	if err := s.Oracle(); err != nil {
		t.Error(err)
	}
	if left := modesLeftOn(s.Raw()); left != "" {
		t.Errorf("modes were left on: %s", left)
	}
}
