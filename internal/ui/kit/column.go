package kit

// Align says on which side of its column a text stands.
type Align string

// The sides. Numbers and times that are compared stand right.
const (
	AlignLeft  Align = ""
	AlignRight Align = "right"
)

// Column is one column of a table. Its width is Min plus a share of the room
// that is left over, by Flex, up to Max (0 means no limit), all in cells.
type Column struct {
	Title string
	Min   int
	Max   int
	Flex  int
	Align Align
	// Priority says which columns go first when the table is narrow: the
	// highest number. Columns of priority 0 always stay.
	Priority int
}

// maxColumns bounds the columns of a table, so that its layout needs no memory
// of its own. Further columns are not shown.
const maxColumns = 16

// columnWidths is the width of every column in cells; -1 means dropped.
type columnWidths [maxColumns]int

// layoutColumns shares out w cells.
func layoutColumns(columns []Column, w int) columnWidths {
	var l columnWidths
	for i, c := range columns {
		l[i] = c.Min
	}
	rest := w - l.total(len(columns))
	for rest < 0 && l.drop(columns) {
		rest = w - l.total(len(columns))
	}
	l.grow(columns, rest)
	return l
}

// total returns the width of what is shown, gaps included.
func (l *columnWidths) total(n int) int {
	sum := -gap
	for _, w := range l[:n] {
		if w >= 0 {
			sum += w + gap
		}
	}
	return max(0, sum)
}

// drop leaves out the column with the highest priority number, the rightmost
// of equals, and reports whether there was one.
func (l *columnWidths) drop(columns []Column) bool {
	last := -1
	for i, c := range columns {
		if l[i] >= 0 && c.Priority > 0 && (last < 0 || c.Priority >= columns[last].Priority) {
			last = i
		}
	}
	if last < 0 {
		return false
	}
	l[last] = -1
	return true
}

// grow shares rest cells among the flexible columns. A column that reaches its
// Max gives the remainder back to the others.
func (l *columnWidths) grow(columns []Column, rest int) {
	for rest > 0 {
		shares := 0
		for i := range columns {
			shares += l.share(columns, i)
		}
		if shares == 0 {
			return
		}
		rest -= l.growOnce(columns, rest, shares)
	}
}

func (l *columnWidths) growOnce(columns []Column, rest, shares int) (given int) {
	for i, c := range columns {
		share := l.share(columns, i)
		if share == 0 || given == rest {
			continue
		}
		more := min(max(1, rest*share/shares), rest-given)
		if c.Max > 0 {
			more = min(more, c.Max-l[i])
		}
		l[i] += more
		given += more
	}
	return given
}

// share returns the flex of a column that is shown and may still grow.
func (l *columnWidths) share(columns []Column, i int) int {
	c := columns[i]
	if l[i] < 0 || c.Max > 0 && l[i] >= c.Max {
		return 0
	}
	return c.Flex
}
