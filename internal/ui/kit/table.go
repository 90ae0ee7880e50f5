package kit

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Rows is where a table gets its rows from. Only visible rows are asked for.
type Rows interface {
	// Len returns how many rows there are.
	Len() int
	// Row returns the cells of row i. It may return the same slice every time.
	// No cells mean that the row has not arrived yet: its place is kept.
	Row(i int) []Cell
}

// KeyedRows are rows with an identity. A table follows the selected one when
// rows arrive above it, so that Enter never hits somebody else.
type KeyedRows interface {
	Rows
	// Key returns the identity of row i.
	Key(i int) string
	// Find returns the row of that identity, and whether there is one.
	Find(key string) (int, bool)
}

// Table is a list of rows in columns with one of them selected.
type Table struct {
	Theme   *theme.Theme
	Columns []Column
	Rows    Rows
	// Static is a table to be read only: no row is selected.
	Static bool
	// Blurred draws the selection quietly: the focus is elsewhere.
	Blurred bool
	// Empty is the sentence shown when there are no rows.
	Empty string
	// Loading says what is being waited for; empty when nothing is.
	Loading string
	// Note stands below the rows, for example "4 of 200".
	Note string

	selected int
	key      string // identity of the selected row
	top      int    // first row shown
	page     int    // rows shown by the last View
}

// Len returns how many rows there are.
func (t *Table) Len() int {
	if t.Rows == nil {
		return 0
	}
	return t.Rows.Len()
}

// Selected returns the number of the selected row, and whether there is one.
func (t *Table) Selected() (int, bool) {
	n := t.Len()
	if n == 0 || t.Static {
		return 0, false
	}
	return min(t.selected, n-1), true
}

// Select selects row i, or the nearest there is.
func (t *Table) Select(i int) {
	t.selected = max(0, min(i, t.Len()-1))
	t.top = t.scrolled(t.page)
	t.key = ""
	if rows, ok := t.Rows.(KeyedRows); ok && t.Len() > 0 {
		t.key = rows.Key(t.selected)
	}
}

// Refresh is to be called after the rows changed. The selected row is followed
// and stays on its line of the screen where that is possible. It reports
// whether the row that was selected is still there; if not, or if the rows have
// no identity, the row that took its place is selected.
func (t *Table) Refresh() bool {
	rows, ok := t.Rows.(KeyedRows)
	if !ok || t.key == "" {
		t.Select(t.selected)
		return false
	}
	i, found := rows.Find(t.key)
	if !found {
		t.Select(t.selected)
		return false
	}
	t.top = max(0, t.top+i-t.selected)
	t.Select(i)
	return true
}

// Update moves the selection and reports whether it used the key.
func (t *Table) Update(msg tea.KeyPressMsg) bool {
	if t.Static {
		return false
	}
	at, ok := moved(msg, min(t.selected, max(0, t.Len()-1)), t.page, t.Len())
	if ok {
		t.Select(at)
	}
	return ok
}

// scrolled returns the first row to be shown so that the selected one is among
// the rows of a page, moving as little as possible.
func (t *Table) scrolled(page int) int {
	n := t.Len()
	sel := max(0, min(t.selected, n-1))
	top := max(sel-max(1, page)+1, min(t.top, sel))
	return max(0, min(top, n-page))
}

// titled reports whether the table has a line of column heads.
func (t *Table) titled() bool {
	for _, c := range t.Columns {
		if c.Title != "" {
			return true
		}
	}
	return false
}

// note returns the quiet line below the rows.
func (t *Table) note() string {
	if t.Loading != "" {
		return t.Theme.Glyphs().Ellipsis + " " + t.Loading
	}
	return t.Note
}
