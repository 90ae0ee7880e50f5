package lineterm

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// screen knows what the terminal shows and writes what changes it to something
// else. It has no locks and does no I/O: the output goroutine owns it.
type screen struct {
	styles *palette

	started bool
	size    Size
	content string
	lines   []string // what each row shows, as the view had it
	row     []string // scratch: the rows of the frame being drawn
	old     line     // scratch: a row as cells, before
	new     line     // scratch: and after
	cursor  cursor
	wanted  string // the title as the view has it
	title   string // and as it was sent
	modes   modes

	buf []byte
}

// keepBuffer is the largest frame buffer that is kept between frames, in bytes.
const keepBuffer = 16 << 10

const (
	enter = "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[22;2t"
	leave = "\x1b[m\x1b[?7h\x1b[?25h\x1b[23;2t\x1b[?1049l"

	clearScreen = "\x1b[2J"
	eraseLine   = "\x1b[K"
	syncBegin   = "\x1b[?2026h"
	syncEnd     = "\x1b[?2026l"
	hideCursor  = "\x1b[?25l"
	showCursor  = "\x1b[?25h"
)

// ResetSequence gives a terminal back whatever a program has left on. It is for
// whoever has to end a program that does not end by itself; Run does it alone.
const ResetSequence = syncEnd + mouseOff + focusOff + pasteOff + "\x1b[0 q" + leave

func newScreen(styles *palette) *screen {
	return &screen{styles: styles, old: line{styles: styles}, new: line{styles: styles}}
}

// frame returns the bytes that make the terminal show the view at the size;
// none if it does already. They are valid until the next call.
func (s *screen) frame(v tea.View, size Size) []byte {
	s.buf = reuse(s.buf)
	if !s.started {
		s.buf = append(s.buf, enter...)
		s.started = true
	}
	s.drawModes(v)
	drawn := s.drawRows(v.Content, size)
	s.drawCursor(newCursor(v.Cursor, size), drawn)
	return s.buf
}

// reuse empties a buffer, and lets go of one that a rare huge frame has grown.
func reuse(buf []byte) []byte {
	if cap(buf) > keepBuffer {
		return nil
	}
	return buf[:0]
}

// forget makes the next frame a full one.
func (s *screen) forget() { s.size = Size{} }

// restore returns the bytes that give the terminal back as it was found; none
// if it was never touched.
func (s *screen) restore() []byte {
	if !s.started {
		return nil
	}
	s.started = false
	s.buf = append(reuse(s.buf), syncEnd...)
	s.buf = s.modes.change(s.buf, modes{})
	if s.title != "" {
		s.buf = appendTitle(s.buf, "")
	}
	if s.cursor.style != 0 {
		s.buf = appendCursorStyle(s.buf, 0)
	}
	return append(s.buf, leave...)
}

func (s *screen) drawModes(v tea.View) {
	wanted := newModes(v)
	s.buf = s.modes.change(s.buf, wanted)
	s.modes = wanted
	if v.WindowTitle != s.wanted {
		s.wanted = v.WindowTitle
		s.drawTitle(cleanTitle(v.WindowTitle))
	}
}

func (s *screen) drawTitle(title string) {
	if title != s.title {
		s.buf = appendTitle(s.buf, title)
		s.title = title
	}
}

// drawRows draws the rows that differ and says whether there were any.
func (s *screen) drawRows(content string, size Size) bool {
	if size == s.size && content == s.content {
		return false
	}
	s.row = splitRows(s.row[:0], content, size.Rows)
	full := size != s.size
	if full {
		s.size = size
		s.lines = make([]string, size.Rows)
	}
	changed := s.changed()
	s.content = content
	if changed == 0 && !full {
		return false
	}
	s.paint(changed, full)
	return true
}

// changed counts the rows that differ from what is shown.
func (s *screen) changed() int {
	n := 0
	for i := range s.lines {
		if s.row[i] != s.lines[i] {
			n++
		}
	}
	return n
}

// paint sends the rows that differ. More than one are put between the marks of
// a synchronised update (mode 2026), with the cursor out of the way for
// terminals that do not know it.
func (s *screen) paint(changed int, full bool) {
	if full || changed > 1 {
		s.buf = append(s.buf, syncBegin...)
		s.cursor.hide(&s.buf)
	}
	if full {
		s.buf = append(s.buf, resetStyle+clearScreen...)
	}
	s.styles.trim()
	for y := range s.lines {
		if s.row[y] != s.lines[y] {
			s.paintRow(y)
		}
	}
	s.lines, s.row = s.row, s.lines
	if full || changed > 1 {
		s.buf = append(s.buf, syncEnd...)
	}
}

// splitRows cuts content into exactly n rows; missing ones are empty, those too
// many are left out.
func splitRows(rows []string, content string, n int) []string {
	for len(rows) < n && content != "" {
		row, rest, _ := strings.Cut(content, "\n")
		rows = append(rows, strings.TrimSuffix(row, "\r"))
		content = rest
	}
	for len(rows) < n {
		rows = append(rows, "")
	}
	return rows
}

// appendMove moves the cursor to a cell, counted from zero.
func appendMove(buf []byte, x, y int) []byte {
	buf = append(buf, escape, '[')
	if y > 0 || x > 0 {
		buf = strconv.AppendInt(buf, int64(y)+1, 10)
	}
	if x > 0 {
		buf = append(buf, ';')
		buf = strconv.AppendInt(buf, int64(x)+1, 10)
	}
	return append(buf, 'H')
}
