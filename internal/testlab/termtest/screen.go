package termtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/charmbracelet/x/vt"
)

const (
	syncBegin = "\x1b[?2026h"
	syncEnd   = "\x1b[?2026l"
	// maxAnswers bounds the answers that the program has not read.
	maxAnswers = 256
	// maxHeld bounds what is held back of an update that is never ended, in bytes.
	maxHeld = 1 << 20
)

// Screen is a terminal emulator. Its methods may be used from several
// goroutines. Make one with NewScreen and end it with Close.
//
// It shows a synchronised update (mode 2026) at once when it is complete, as
// terminals do: a Frame never holds half of one.
type Screen struct {
	mu       sync.Mutex // guards the rest; the emulator has races of its own
	emulator *vt.Emulator
	cols     int
	rows     int
	raw      []byte
	held     []byte        // of an update that is not complete
	changed  chan struct{} // closed when something was written
	cursor   Cursor
	title    string

	answers chan []byte // of the terminal, to the program
}

// NewScreen returns an empty screen of that many cells.
func NewScreen(cols, rows int) *Screen {
	s := &Screen{
		emulator: vt.NewEmulator(cols, rows), cols: cols, rows: rows,
		changed: make(chan struct{}), answers: make(chan []byte, maxAnswers),
		cursor: Cursor{Visible: true, Shape: Block},
	}
	s.emulator.SetCallbacks(s.callbacks())
	s.emulator.RegisterOscHandler(2, s.setTitle)
	go s.collect() // ends with Close
	return s
}

// callbacks are called by the emulator from Write, which holds the lock.
func (s *Screen) callbacks() vt.Callbacks {
	return vt.Callbacks{
		CursorVisibility: func(visible bool) { s.cursor.Visible = visible },
		CursorStyle: func(style vt.CursorStyle, steady bool) {
			s.cursor.Shape = []CursorShape{Block, Underline, Bar}[style]
			s.cursor.Steady = steady
		},
	}
}

// setTitle stands in for the emulator's handler, which ignores titles with a semicolon.
func (s *Screen) setTitle(data []byte) bool {
	_, title, _ := bytes.Cut(data, []byte{';'})
	s.title = string(title)
	return true
}

// AnswerTo makes the answers of the terminal (to questions about its colours,
// its cursor) go to w, which is the input of the program. It is called once at most.
func (s *Screen) AnswerTo(w io.Writer) {
	go func() { // ends with Close, or when the program no longer reads
		for answer := range s.answers {
			if _, err := w.Write(answer); err != nil {
				return
			}
		}
	}()
}

// collect takes what the emulator answers; unread, it would block its Write.
func (s *Screen) collect() {
	defer close(s.answers)
	buf := make([]byte, 1024)
	for {
		n, err := s.emulator.Read(buf)
		if err != nil {
			return
		}
		select {
		case s.answers <- slices.Clone(buf[:n]):
		default: // nobody wants them
		}
	}
}

// Close ends the screen; it may still be looked at.
func (s *Screen) Close() error {
	// Not emulator.Close: it races with Read.
	if w, ok := s.emulator.InputPipe().(io.Closer); ok {
		_ = w.Close() // a pipe's Close does not fail
	}
	return nil
}

// Write shows what a program sends. It does not fail.
func (s *Screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.raw = append(s.raw, p...)
	s.held = append(s.held, p...)
	ready := complete(s.held)
	_, _ = s.emulator.Write(s.held[:ready]) // fails only when closed, which it never is
	s.held = append(s.held[:0], s.held[ready:]...)
	s.wake()
	return len(p), nil
}

func (s *Screen) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// complete is the length of data up to where a synchronised update begins that
// has not ended, or may begin.
func complete(data []byte) int {
	if len(data) > maxHeld {
		return len(data)
	}
	begin := bytes.LastIndex(data, []byte(syncBegin))
	if begin >= 0 && !bytes.Contains(data[begin:], []byte(syncEnd)) {
		return begin
	}
	for n := min(len(syncBegin)-1, len(data)); n > 0; n-- {
		if bytes.HasSuffix(data, []byte(syncBegin[:n])) {
			return len(data) - n
		}
	}
	return len(data)
}

// Resize changes the size of the window.
func (s *Screen) Resize(cols, rows int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emulator.Resize(cols, rows)
	s.cols, s.rows = cols, rows
	s.wake()
}

// Frame is what the screen shows now.
func (s *Screen) Frame() Frame {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.frame()
}

func (s *Screen) frame() Frame {
	f := Frame{Cols: s.cols, Rows: s.rows, Title: s.title, Cursor: s.cursor, AltScreen: s.emulator.IsAltScreen()}
	at := s.emulator.CursorPosition()
	f.Cursor.X, f.Cursor.Y = at.X, at.Y
	f.Cells = make([][]Cell, s.rows)
	for y := range f.Cells {
		f.Cells[y] = s.row(y)
	}
	return f
}

func (s *Screen) row(y int) []Cell {
	row := make([]Cell, s.cols)
	for x := range row {
		row[x] = CellOf(s.emulator.CellAt(x, y))
	}
	return row
}

// Text is the text of the screen; see Frame.Text.
func (s *Screen) Text() string { return s.Frame().Text() }

// Row is the text of one row; see Frame.Row.
func (s *Screen) Row(y int) string { return s.Frame().Row(y) }

// CellAt is one cell; see Frame.CellAt.
func (s *Screen) CellAt(x, y int) Cell { return s.Frame().CellAt(x, y) }

// Cursor is the text cursor.
func (s *Screen) Cursor() Cursor { return s.Frame().Cursor }

// Raw is a copy of every byte that was written.
func (s *Screen) Raw() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.raw)
}

// WaitFor returns the first frame for which ready is true: the one of now, or
// one after a later write. The error of a wait that was cut short by ctx tells
// what was waited for and what the screen showed.
func (s *Screen) WaitFor(ctx context.Context, what string, ready func(Frame) bool) (Frame, error) {
	for {
		s.mu.Lock()
		f, changed := s.frame(), s.changed
		s.mu.Unlock()
		if ready(f) {
			return f, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return f, fmt.Errorf("waiting for %s: %w; the screen shows:\n%s", what, ctx.Err(), f.Text())
		}
	}
}

var _ io.WriteCloser = (*Screen)(nil)
