package kit

import "github.com/sspr-tui/sspr-tui/internal/ui/theme"

// pointerWidth is the room in front of every row, in cells.
const pointerWidth = 2

// tableFrame is how the lines of a table are shared out.
type tableFrame struct {
	head  bool
	rows  int // lines for rows
	space bool
	note  bool
}

func (t *Table) frame(h int) tableFrame {
	f := tableFrame{head: t.titled() && h > 2, rows: h}
	if f.head {
		f.rows--
	}
	if n := t.Len(); t.note() != "" && n > 0 {
		f.note = f.rows > 2 || n < f.rows
		f.space = f.rows > 4 || n+1 < f.rows
	}
	if f.note {
		f.rows--
	}
	if f.space {
		f.rows--
	}
	return f
}

// Height returns the lines all rows, the head and the note take.
func (t *Table) Height(int) int {
	h := max(1, t.Len())
	if t.titled() {
		h++
	}
	if t.Len() > 0 && t.note() != "" {
		h += 2
	}
	return h
}

// View draws the visible rows.
func (t *Table) View(w, h int) []string {
	f := t.frame(h)
	t.page = max(0, f.rows)
	p := theme.NewPen(t.Theme, w, h)
	columns := t.Columns[:min(len(t.Columns), maxColumns)]
	v := tableView{t: t, p: p, columns: columns, glyphs: t.Theme.Glyphs()}
	v.widths = layoutColumns(columns, w-2*Margin-t.indent()-t.markWidth())
	if f.head {
		v.head()
	}
	if t.Len() == 0 {
		v.placeholder()
		return p.Lines()
	}
	v.rows(f)
	if f.space {
		p.Newline()
	}
	if f.note {
		p.Skip(Margin + t.indent())
		p.Put(theme.Dim, t.note())
	}
	return p.Lines()
}

func (t *Table) indent() int {
	if t.Static {
		return 0
	}
	return pointerWidth
}

// markWidth is the room kept between the last column and the mark of more
// rows, whether there are more or not: nothing moves when they come.
func (t *Table) markWidth() int {
	if t.Static {
		return 0
	}
	return 1
}

// tableView is one drawing of a table.
type tableView struct {
	t       *Table
	p       *theme.Pen
	columns []Column
	widths  columnWidths
	glyphs  theme.Glyphs
}

func (v *tableView) head() {
	v.p.Skip(Margin + v.t.indent())
	v.line(func(i int, c Column) {
		if c.Align == AlignRight {
			v.p.FitRight(theme.Heading, c.Title, v.widths[i])
			return
		}
		v.p.Fit(theme.Heading, c.Title, v.widths[i])
	})
}

// placeholder stands where the first row will be.
func (v *tableView) placeholder() {
	v.p.Skip(Margin + v.t.indent())
	if v.t.Loading != "" {
		v.p.Put(theme.Placeholder, v.t.note())
		return
	}
	v.p.Put(theme.Dim, v.t.Empty)
}

func (v *tableView) rows(f tableFrame) {
	n, top := v.t.Len(), v.t.scrolled(f.rows)
	if v.t.Static {
		top = 0
	}
	for line := range min(f.rows, n-top) {
		more := line == 0 && top > 0 || line == f.rows-1 && top+line < n-1
		v.row(top+line, more)
	}
}

// row draws row i; more marks it as the edge of what is shown of the list.
func (v *tableView) row(i int, more bool) {
	selected, ok := v.t.Selected()
	v.p.Skip(Margin)
	if ok && i == selected {
		v.point()
	}
	v.p.To(Margin + v.t.indent())
	cells := v.t.Rows.Row(i)
	if len(cells) == 0 {
		v.p.Put(theme.Placeholder, v.glyphs.Ellipsis)
	}
	v.cells(cells)
	if more {
		v.p.To(v.p.Width() - Margin)
		v.p.Put(theme.Dim, v.glyphs.More)
	}
	v.p.Newline()
}

// point marks the selected row.
func (v *tableView) point() {
	if v.t.Blurred {
		v.p.Put(theme.Dim, v.glyphs.Pointer)
		return
	}
	v.p.On(theme.GroundSelected)
	v.p.Put(theme.Accent, v.glyphs.Pointer)
}

func (v *tableView) cells(cells []Cell) {
	first := true
	for i := range v.columns {
		if v.widths[i] < 0 || i >= len(cells) {
			continue
		}
		if !first {
			v.p.Skip(gap)
		}
		first = false
		cells[i].draw(v.p, v.t.Theme, v.widths[i], v.columns[i].Align)
	}
}

// line calls draw for every column that is shown and ends the line.
func (v *tableView) line(draw func(i int, c Column)) {
	first := true
	for i, c := range v.columns {
		if v.widths[i] < 0 {
			continue
		}
		if !first {
			v.p.Skip(gap)
		}
		first = false
		draw(i, c)
	}
	v.p.Newline()
}
