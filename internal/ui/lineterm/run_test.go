package lineterm_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/google/go-cmp/cmp"
	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
)

func TestWhatIsTypedIsShownAndQuittingRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	s := start(t, &notepad{}, lineterm.Options{})
	s.see("note:")
	s.press("h", "i", "space", "ü", "漢")
	if f := s.see("note: hi ü漢"); !f.AltScreen || f.Cursor.Visible {
		t.Errorf("alternate screen %v, cursor %+v", f.AltScreen, f.Cursor)
	}
	s.press("ctrl+c")
	if err := s.end(); err != nil {
		t.Errorf("Run: %v", err)
	}
	if err := s.Oracle(); err != nil {
		t.Error(err)
	}
}

func TestTheModelKnowsItsTerminalBeforeItsFirstView(t *testing.T) {
	t.Parallel()
	var seen []tea.Msg
	viewed := false
	m := &model{
		update: func(msg tea.Msg) tea.Cmd {
			if !viewed {
				seen = append(seen, msg)
			}
			return tea.Quit
		},
		view: func() tea.View {
			viewed = true
			return tea.NewView("")
		},
	}
	s := start(t, m, lineterm.Options{}, func(t *lineterm.Terminal) { t.Environ = []string{"LANG=C"} })
	if err := s.end(); err != nil {
		t.Fatal(err)
	}
	want := []tea.Msg{
		tea.EnvMsg{"TERM=xterm-256color", "LANG=C"}, tea.ColorProfileMsg{Profile: colorprofile.ANSI256}, tea.WindowSizeMsg{Width: 40, Height: 8},
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
}

func TestAnExplicitProfileWins(t *testing.T) {
	t.Parallel()
	red := &model{view: func() tea.View { return tea.NewView("\x1b[31mred\x1b[m") }}
	s := start(t, red, lineterm.Options{}, func(t *lineterm.Terminal) { t.Profile = colorprofile.ASCII })
	if cell := s.see("red").CellAt(0, 0); cell.Style.Foreground != "" {
		t.Errorf("the cell is %+v", cell)
	}
}

func TestWhyRunEnded(t *testing.T) {
	t.Parallel()
	reason := errors.New("the server stops")
	for name, c := range map[string]struct {
		do   func(s *session)
		want error
	}{
		"end of input": {func(s *session) { _ = s.input.Close() }, lineterm.ErrInputClosed},
		"broken input": {func(s *session) { _ = s.input.CloseWithError(io.ErrUnexpectedEOF) }, io.ErrUnexpectedEOF},
		"cancelled":    {func(s *session) { s.cancel(reason) }, reason},
		"interrupted":  {func(s *session) { s.press("i") }, tea.ErrInterrupted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &notepad{bindings: map[string]tea.Cmd{"i": tea.Interrupt}}, lineterm.Options{})
			s.see("note:")
			c.do(s)
			if err := s.end(); !errors.Is(err, c.want) {
				t.Errorf("Run returned %v, want %v", err, c.want)
			}
		})
	}
}

func TestWhatWasTypedBeforeTheEndOfInputCounts(t *testing.T) {
	t.Parallel()
	var keys []string
	m := &model{update: func(msg tea.Msg) tea.Cmd {
		if key, ok := msg.(tea.KeyPressMsg); ok {
			keys = append(keys, key.String())
		}
		return nil
	}}
	s := start(t, m, lineterm.Options{}, func(t *lineterm.Terminal) { t.In = strings.NewReader("ab\x1b") })
	if err := s.end(); !errors.Is(err, lineterm.ErrInputClosed) {
		t.Errorf("Run returned %v", err)
	}
	if want := []string{"a", "b", "esc"}; !slices.Equal(keys, want) {
		t.Errorf("keys were %q, want %q", keys, want)
	}
}

func TestAPanicEndsOnlyThisProgram(t *testing.T) {
	t.Parallel()
	boom := func() tea.Msg { panic("boom") }
	for name, m := range map[string]*model{
		"in Init":     {init: func() tea.Cmd { panic("boom") }},
		"in Update":   {update: func(tea.Msg) tea.Cmd { panic("boom") }},
		"in View":     {view: func() tea.View { panic("boom") }},
		"in command":  {init: func() tea.Cmd { return boom }},
		"in batch":    {init: func() tea.Cmd { return tea.Batch(say("x"), boom) }},
		"in sequence": {init: func() tea.Cmd { return tea.Sequence(say("x"), boom) }},
		"in tick":     {init: func() tea.Cmd { return lineterm.Tick(0, func(time.Time) tea.Msg { panic("boom") }) }},
		"guarded":     {init: func() tea.Cmd { return lineterm.Guard(boom) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var value any
			var stack []byte
			s := start(t, m, lineterm.Options{OnPanic: func(v any, s []byte) { value, stack = v, s }})
			err := s.end()
			var bad *lineterm.PanicError
			if !errors.As(err, &bad) || bad.Value != "boom" || strings.Contains(err.Error(), "boom") {
				t.Errorf("Run returned %v", err)
			}
			if value != "boom" || !strings.Contains(string(stack), "_test.go") {
				t.Errorf("OnPanic got %v with the stack\n%s", value, stack)
			}
		})
	}
}

func TestAPanicOfACommandAfterTheEndIsStillReported(t *testing.T) {
	t.Parallel()
	late, told := make(chan struct{}), make(chan any)
	m := &model{init: func() tea.Cmd {
		return tea.Batch(tea.Quit, func() tea.Msg {
			<-late
			panic("late")
		})
	}}
	s := start(t, m, lineterm.Options{OnPanic: func(v any, _ []byte) { told <- v }})
	if err := s.end(); err != nil {
		t.Fatal(err)
	}
	close(late)
	if v := <-told; v != "late" {
		t.Errorf("OnPanic got %v", v)
	}
}

func TestGuardOfNothingIsNothing(t *testing.T) {
	t.Parallel()
	if lineterm.Guard(nil) != nil {
		t.Error("a command came out of nothing")
	}
	if got := lineterm.Guard(say("x"))(); got != note("x") {
		t.Errorf("a guarded command yields %v", got)
	}
}

func TestTheSizeFollowsTheWindow(t *testing.T) {
	t.Parallel()
	var size tea.WindowSizeMsg
	m := &model{
		update: func(msg tea.Msg) tea.Cmd {
			if s, ok := msg.(tea.WindowSizeMsg); ok {
				size = s
			}
			return nil
		},
		view: func() tea.View { return tea.NewView(strings.Repeat("=", size.Width) + "\n" + cmp.Diff(0, size.Height)) },
	}
	s := start(t, m, lineterm.Options{})
	for _, c := range []struct{ told, want lineterm.Size }{
		{lineterm.Size{Cols: 20, Rows: 10}, lineterm.Size{Cols: 20, Rows: 10}},
		{lineterm.Size{}, lineterm.Size{Cols: 20, Rows: 10}},
		{lineterm.Size{Cols: 30, Rows: -1}, lineterm.Size{Cols: 30, Rows: 10}},
		{lineterm.Size{Cols: 9999, Rows: 9999}, lineterm.Size{Cols: lineterm.MaxCols, Rows: lineterm.MaxRows}},
		{lineterm.Size{Cols: 1, Rows: 1}, lineterm.Size{Cols: 1, Rows: 1}},
	} {
		s.Resize(max(c.want.Cols, 30), c.want.Rows)
		s.resizes <- c.told
		s.until("a line as long as the window", func(f termtest.Frame) bool { return f.Row(0) == strings.Repeat("=", c.want.Cols) })
	}
	close(s.resizes)
	s.cancel(nil)
	if err := s.end(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAnUnknownSizeIsTheUsualOne(t *testing.T) {
	t.Parallel()
	var size tea.WindowSizeMsg
	m := &model{update: func(msg tea.Msg) tea.Cmd {
		if s, ok := msg.(tea.WindowSizeMsg); ok {
			size = s
		}
		return tea.Quit
	}}
	s := start(t, m, lineterm.Options{}, func(t *lineterm.Terminal) { t.Size = lineterm.Size{} })
	if err := s.end(); err != nil || size != (tea.WindowSizeMsg{Width: 80, Height: 24}) {
		t.Errorf("size is %+v, error %v", size, err)
	}
}

func TestAnIdleProgramSendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		views := 0
		m := &model{view: func() tea.View {
			views++
			return tea.NewView("idle")
		}}
		s := start(t, m, lineterm.Options{Mailbox: lineterm.NewMailbox(0)})
		synctest.Wait()
		before, drawn := len(s.Raw()), views
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if sent := len(s.Raw()) - before; sent != 0 || views != drawn {
			t.Errorf("in a day it sent %d bytes and looked at the model %d times", sent, views-drawn)
		}
	})
}

func TestAMessageThatChangesNothingSendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, &notepad{}, lineterm.Options{})
		synctest.Wait()
		before := len(s.Raw())
		s.press("f5", "up", "down")
		synctest.Wait()
		if sent := len(s.Raw()) - before; sent != 0 {
			t.Errorf("it sent %d bytes", sent)
		}
	})
}

func TestWhatTheModelWasNotToldIsNotDrawn(t *testing.T) {
	t.Parallel()
	var views atomic.Int64
	armed := make(chan struct{})
	m := &model{view: func() tea.View {
		views.Add(1)
		return tea.NewView("quiet")
	}}
	m.update = func(msg tea.Msg) tea.Cmd {
		key, ok := msg.(tea.KeyPressMsg)
		switch {
		case !ok:
			return nil
		case key.String() == "q":
			return tea.Quit
		}
		return tea.Sequence(lineterm.Tick(time.Microsecond, func(time.Time) tea.Msg { return nil }), func() tea.Msg {
			close(armed)
			return nil
		})
	}
	s := start(t, m, lineterm.Options{})
	s.see("quiet")
	before := views.Load()
	s.press("x")
	<-armed // the loop has taken the timer
	s.press("q")
	if err := s.end(); err != nil {
		t.Fatal(err)
	}
	if drawn := views.Load() - before; drawn != 2 {
		t.Errorf("drawn %d times, want 2: for each key, and neither for the timer that was set nor for the nothing that it said", drawn)
	}
}
