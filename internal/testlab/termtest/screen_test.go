package termtest_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
)

func newScreen(t *testing.T, cols, rows int, text string) *termtest.Screen {
	t.Helper()
	s := termtest.NewScreen(cols, rows)
	t.Cleanup(func() { _ = s.Close() })
	_, _ = io.WriteString(s, text)
	return s
}

func TestTextIsWhatCanBeRead(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 20, 4, "\x1b[2;3Hgrün  \x1b[31m漢字\x1b[m   ")
	if got, want := s.Text(), "\n  grün  漢字"; got != want {
		t.Errorf("Text() = %q, want %q", got, want)
	}
	if got, want := s.Row(1), "  grün  漢字"; got != want {
		t.Errorf("Row(1) = %q, want %q", got, want)
	}
	if got := s.Row(7); got != "" {
		t.Errorf("a row outside the screen is %q", got)
	}
}

func TestFindReturnsTheCellNotTheByte(t *testing.T) {
	t.Parallel()
	f := newScreen(t, 20, 4, "\x1b[3;1Hgrün 漢字 here").Frame()
	for text, want := range map[string]int{"grün": 0, "漢": 5, "字": 7, "here": 10} {
		if x, y, ok := f.Find(text); !ok || x != want || y != 2 {
			t.Errorf("Find(%q) = %d, %d, %v; want %d, 2", text, x, y, ok, want)
		}
	}
	if f.Contains("there") {
		t.Error("it found what is not there")
	}
}

func TestCellsKnowTheirStyle(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 10, 2, "\x1b[1;4;31;48;5;200ma\x1b[m\x1b[38;2;1;2;3mb\x1b[m漢")
	want := []termtest.Cell{
		{Text: "a", Width: 1, Style: termtest.Style{Bold: true, Underline: 1, Foreground: "1", Background: "200"}},
		{Text: "b", Width: 1, Style: termtest.Style{Foreground: "#010203"}},
		{Text: "漢", Width: 2},
		{},
		{Text: " ", Width: 1},
	}
	for x, cell := range want {
		if got := s.CellAt(x, 0); got != cell {
			t.Errorf("cell %d is %+v, want %+v", x, got, cell)
		}
	}
	if got := s.CellAt(99, 0); got != (termtest.Cell{}) {
		t.Errorf("a cell outside the screen is %+v", got)
	}
}

func TestTheCursorAndTheTitleAreSeen(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 10, 5, "\x1b]2;desk; 3 calls\a\x1b[6 q\x1b[3;4H")
	want := termtest.Cursor{X: 3, Y: 2, Visible: true, Shape: termtest.Bar, Steady: true}
	if got := s.Cursor(); got != want {
		t.Errorf("cursor is %+v, want %+v", got, want)
	}
	if got := s.Frame().Title; got != "desk; 3 calls" {
		t.Errorf("title is %q", got)
	}
	_, _ = io.WriteString(s, "\x1b[?25l\x1b[?1049h")
	if f := s.Frame(); f.Cursor.Visible || !f.AltScreen {
		t.Errorf("cursor visible %v, alternate screen %v", f.Cursor.Visible, f.AltScreen)
	}
}

func TestASynchronisedUpdateIsShownAtOnce(t *testing.T) {
	t.Parallel()
	stream := "old\x1b[?2026h\rnew\x1b[2;1Hrow\x1b[?2026l"
	s := newScreen(t, 10, 3, "")
	for i := range len(stream) {
		_, _ = io.WriteString(s, stream[i:i+1])
		got := s.Text()
		if whole := i == len(stream)-1; whole != (got == "new\nrow") {
			t.Fatalf("after %q the screen shows %q", stream[:i+1], got)
		}
	}
}

func TestAnUpdateThatIsNeverEndedIsShownSometime(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 10, 3, "\x1b[?2026h"+strings.Repeat("x", 1<<20)+"\rend")
	if !s.Frame().Contains("end") {
		t.Errorf("the screen shows %q", s.Text())
	}
}

func TestWaitForIsWokenByTheWriteItWaitsFor(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 20, 3, "")
	go func() {
		for _, word := range []string{"one ", "two ", "three "} {
			_, _ = io.WriteString(s, word)
		}
	}()
	f, err := s.WaitFor(context.Background(), "three", func(f termtest.Frame) bool { return f.Contains("three") })
	if err != nil || f.Row(0) != "one two three" {
		t.Errorf("the frame shows %q, error %v", f.Row(0), err)
	}
}

func TestAWaitInVainTellsWhatTheScreenShowed(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 20, 3, "something else")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := s.WaitFor(ctx, "the list", func(termtest.Frame) bool { return false })
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "the list") || !strings.Contains(err.Error(), "something else") {
		t.Errorf("the error is %v", err)
	}
}

func TestAnswersGoToTheProgram(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 20, 3, "")
	in, answers := io.Pipe()
	s.AnswerTo(answers)
	_, _ = io.WriteString(s, "\x1b[2;5H\x1b[6n\x1b[6n")
	buf := make([]byte, 12)
	if _, err := io.ReadFull(in, buf); err != nil || string(buf) != "\x1b[2;5R\x1b[2;5R" {
		t.Errorf("the program got %q, %v", buf, err)
	}
	_ = in.Close()
}

func TestAProgramThatDoesNotReadAnswersDoesNotBlockItsScreen(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 20, 3, strings.Repeat("\x1b[6n", 1000)+"still here")
	if !s.Frame().Contains("still here") {
		t.Errorf("the screen shows %q", s.Text())
	}
}

func TestAResizeWakesAndKeepsTheText(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 20, 3, "text")
	go s.Resize(40, 10)
	ctx, cancel := context.WithTimeout(context.Background(), termtest.DefaultTimeout)
	defer cancel()
	f, err := s.WaitFor(ctx, "the new size", func(f termtest.Frame) bool { return f.Cols == 40 && f.Rows == 10 })
	if err != nil || f.Row(0) != "text" || len(f.Cells) != 10 || len(f.Cells[0]) != 40 {
		t.Errorf("the frame shows %q, error %v", f.Text(), err)
	}
}

func TestRawIsEveryByte(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 20, 3, "a\x1b[mb")
	if got := string(s.Raw()); got != "a\x1b[mb" {
		t.Errorf("Raw() = %q", got)
	}
}

func TestWritersAndReadersMayMeet(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 20, 3, "")
	stop := time.AfterFunc(termtest.DefaultTimeout, func() { panic("the screen hangs") })
	defer stop.Stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 200 {
			_, _ = io.WriteString(s, "\x1b[Hx\x1b[6n")
		}
	}()
	for range 200 {
		_ = s.Text()
	}
	<-done
}
