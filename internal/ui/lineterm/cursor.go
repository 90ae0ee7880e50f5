package lineterm

import (
	"strconv"

	tea "charm.land/bubbletea/v2"
)

// cursor is the text cursor: where it is, whether it is seen, what it looks like.
type cursor struct {
	visible bool
	x, y    int
	style   int // parameter of DECSCUSR; 0 is what the operator has set
}

// blinkingBlock is the look that tea.NewCursor asks for; the operator's own
// setting stands for it.
const blinkingBlock = 1

// newCursor reads the cursor of a view. One outside the window is not seen.
func newCursor(c *tea.Cursor, size Size) cursor {
	if c == nil || c.X < 0 || c.Y < 0 || c.X >= size.Cols || c.Y >= size.Rows {
		return cursor{}
	}
	style := int(c.Shape)*2 + 1
	if !c.Blink {
		style++
	}
	if style == blinkingBlock || style < 0 || style > 6 {
		style = 0
	}
	return cursor{visible: true, x: c.X, y: c.Y, style: style}
}

func (c *cursor) hide(buf *[]byte) {
	if c.visible {
		*buf = append(*buf, hideCursor...)
		c.visible = false
	}
}

// drawCursor puts the cursor where the view wants it. Drawn rows have moved it.
func (s *screen) drawCursor(wanted cursor, moved bool) {
	if !wanted.visible {
		s.cursor.hide(&s.buf)
		return
	}
	if moved || !s.cursor.visible || wanted.x != s.cursor.x || wanted.y != s.cursor.y {
		s.buf = appendMove(s.buf, wanted.x, wanted.y)
	}
	if wanted.style != s.cursor.style {
		s.buf = appendCursorStyle(s.buf, wanted.style)
	}
	if !s.cursor.visible {
		s.buf = append(s.buf, showCursor...)
	}
	s.cursor = wanted
}

func appendCursorStyle(buf []byte, style int) []byte {
	buf = append(buf, escape, '[')
	buf = strconv.AppendInt(buf, int64(style), 10)
	return append(buf, " q"...)
}
