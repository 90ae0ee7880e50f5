package lineterm

// maxGap is the longest run of cells that is sent although it has not changed:
// moving over it takes about as many bytes.
const maxGap = 8

// paintRow changes a row into that of the new frame, by the shorter of two ways:
// the cells that differ, or all of them. What is not sure goes whole.
func (s *screen) paintRow(y int) {
	s.new.fit(s.row[y], s.size.Cols)
	s.old.fit(s.lines[y], s.size.Cols)
	start := len(s.buf)
	if s.new.vague || s.old.vague {
		s.paintVague(y)
		return
	}
	s.paintDifference(y)
	middle := len(s.buf)
	if middle-start <= len(s.new.cells) {
		return // all of them could not be shorter
	}
	s.paintWhole(y)
	if whole := len(s.buf) - middle; whole < middle-start {
		copy(s.buf[start:], s.buf[middle:])
		middle = start + whole
	}
	s.buf = s.buf[:middle]
}

// paintVague sends a whole row. The old one is erased first: the terminal may
// not agree about where either of them ends.
func (s *screen) paintVague(y int) {
	s.buf = append(appendMove(s.buf, 0, y), eraseLine...)
	s.buf = s.new.append(s.buf, 0, len(s.new.cells))
}

// paintWhole sends a whole row. What is left of the old one is erased last, to
// avoid a flicker.
func (s *screen) paintWhole(y int) {
	s.buf = appendMove(s.buf, 0, y)
	s.buf = s.new.append(s.buf, 0, len(s.new.cells))
	if len(s.new.cells) < len(s.old.cells) {
		s.buf = append(s.buf, eraseLine...)
	}
}

// paintDifference sends the runs of cells that differ.
func (s *screen) paintDifference(y int) {
	width, at := len(s.new.cells), -1
	for x := 0; x < width; x++ {
		if s.same(x) {
			continue
		}
		s.buf = appendMove(s.buf, x, y)
		at = s.runEnd(x)
		s.buf = s.new.append(s.buf, x, at)
		x = at
	}
	if len(s.old.cells) <= width {
		return
	}
	if at != width {
		s.buf = appendMove(s.buf, width, y)
	}
	s.buf = append(s.buf, eraseLine...)
}

func (s *screen) same(x int) bool { return s.new.at(x) == s.old.at(x) }

// runEnd is the end of the run of differing cells that begins at x. The halves of
// a wide glyph differ together, or the right ones are the same anyway.
func (s *screen) runEnd(x int) int {
	width := len(s.new.cells)
	end := x + 1
	for i := end; i < width && i-end < maxGap; i++ {
		if !s.same(i) {
			end = i + 1
		}
	}
	return end
}
