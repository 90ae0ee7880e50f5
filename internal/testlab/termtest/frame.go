package termtest

import "strings"

// CursorShape is what a text cursor looks like.
type CursorShape string

// The shapes of a cursor.
const (
	Block     CursorShape = "block"
	Underline CursorShape = "underline"
	Bar       CursorShape = "bar"
)

// Cursor is the text cursor of a Frame.
type Cursor struct {
	X, Y    int // cells, from the top left
	Visible bool
	Shape   CursorShape
	Steady  bool
}

// Frame is what a Screen showed at one moment.
type Frame struct {
	Cols, Rows int      // cells
	Cells      [][]Cell // by row, then column
	Cursor     Cursor
	Title      string
	// AltScreen tells that the frame is that of a full-screen program.
	AltScreen bool
}

// Text is what is to be read: one line per row, without the blanks at the end
// of each and without the empty rows at the bottom.
func (f Frame) Text() string {
	rows := make([]string, f.Rows)
	for y := range rows {
		rows[y] = f.Row(y)
	}
	return strings.TrimRight(strings.Join(rows, "\n"), "\n")
}

// Row is the text of one row, without the blanks at its end; "" outside the screen.
func (f Frame) Row(y int) string {
	if y < 0 || y >= len(f.Cells) {
		return ""
	}
	var row strings.Builder
	for _, cell := range f.Cells[y] {
		row.WriteString(cell.Text)
	}
	return strings.TrimRight(row.String(), " ")
}

// Contains reports that a row holds the text.
func (f Frame) Contains(text string) bool {
	_, _, ok := f.Find(text)
	return ok
}

// Find returns the cell where the text first begins.
func (f Frame) Find(text string) (x, y int, ok bool) {
	for y := range f.Cells {
		if x, ok := f.findInRow(y, text); ok {
			return x, y, true
		}
	}
	return 0, 0, false
}

func (f Frame) findInRow(y int, text string) (int, bool) {
	var row strings.Builder
	columns := make([]int, 0, f.Cols) // the column in which each byte was
	for x, cell := range f.Cells[y] {
		row.WriteString(cell.Text)
		for range len(cell.Text) {
			columns = append(columns, x)
		}
	}
	i := strings.Index(row.String(), text)
	if i < 0 || len(columns) == 0 {
		return 0, i >= 0
	}
	return columns[min(i, len(columns)-1)], true
}

// CellAt is one cell; the zero Cell outside the screen.
func (f Frame) CellAt(x, y int) Cell {
	if y < 0 || y >= len(f.Cells) || x < 0 || x >= len(f.Cells[y]) {
		return Cell{}
	}
	return f.Cells[y][x]
}
