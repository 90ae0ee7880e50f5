package lineterm

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

const (
	escape     = 0x1b
	resetStyle = "\x1b[m"
	// replacement stands for a byte that is not UTF-8; it is one cell wide.
	replacement = '�'
)

// cell is one place of a line. Cells compare with ==, unless a line is vague.
type cell struct {
	glyph rune  // or rightHalf, or less: a cluster of several runes
	pen   int32 // of the palette
}

const (
	// rightHalf is the glyph of the second cell of a wide glyph.
	rightHalf rune = -1
	// firstCluster is the glyph of the first of a line's clusters; the next is one less.
	firstCluster rune = -2
)

// blank is what a row holds where nothing was written.
func blank() cell { return cell{glyph: ' '} }

// line is one line of a view as cells: graphemes that have a width, and styles
// of the terminal's colour profile, nothing else. Every other control sequence
// is dropped, so text that slipped past the sanitisers cannot move the cursor,
// set a link or read the clipboard.
//
// Every line begins with the default pen; a style that is left open ends with
// the line. Blanks at the end are not part of it.
type line struct {
	styles   *palette
	cols     int
	cells    []cell
	clusters []string
	pen      int32
	// vague tells that terminals disagree about the width of something in the line.
	vague bool
}

// fit makes the line that of a text, cut to cols cells.
func (l *line) fit(text string, cols int) {
	l.cols, l.cells, l.clusters, l.pen, l.vague = cols, slices.Grow(l.cells[:0], cols), l.clusters[:0], 0, false
	for i := 0; i < len(text); {
		n, fits := l.next(text[i:])
		if !fits {
			break
		}
		i += n
	}
	for n := len(l.cells); n > 0 && l.cells[n-1] == blank(); n-- {
		l.cells = l.cells[:n-1]
	}
}

// next consumes the first token of text and says whether there was room for it.
func (l *line) next(text string) (int, bool) {
	if n := asciiRun(text); n > 0 {
		return n, l.ascii(text[:n])
	}
	switch c := text[0]; {
	case c == escape:
		return l.sequence(text), true
	case c == '\t':
		return 1, l.ascii(" ")
	case c < ' ' || c == 0x7f:
		return 1, true
	default:
		return l.grapheme(text)
	}
}

// asciiRun counts the bytes at the start of text that are printable ASCII and
// cannot be joined by what follows: the last one before a byte above 0x7f may
// be the base of a combining mark.
func asciiRun(text string) int {
	i := 0
	for i < len(text) && text[i] >= ' ' && text[i] < 0x7f {
		i++
	}
	if i > 0 && i < len(text) && text[i] >= utf8.RuneSelf {
		i--
	}
	return i
}

func (l *line) ascii(run string) bool {
	fitting := min(len(run), l.cols-len(l.cells))
	for i := range fitting {
		l.cells = append(l.cells, cell{glyph: rune(run[i]), pen: l.pen})
	}
	return fitting == len(run)
}

func (l *line) grapheme(text string) (int, bool) {
	r, size := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError && size == 1 {
		return size, l.print(replacement, 1)
	}
	cluster, width := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
	if !utf8.ValidString(cluster) {
		cluster = text[:size]
		width = ansi.StringWidth(cluster)
	}
	if width <= 0 || strings.ContainsFunc(cluster, isControl) {
		return size, true // a stray joiner, a direction mark, a C1 control
	}
	if len(cluster) > size {
		l.clusters = append(l.clusters, cluster)
		r = firstCluster - rune(len(l.clusters)-1)
	}
	l.vague = l.vague || disputed(r, width)
	return len(cluster), l.print(r, width)
}

func isControl(r rune) bool { return r < ' ' || (r >= 0x7f && r < 0xa0) }

// disputed reports that terminals disagree about the width of a glyph: joined
// runes, and symbols that became wide when they became emoji.
func disputed(glyph rune, width int) bool {
	symbol := glyph >= 0x1f000 || (glyph >= 0x2300 && glyph < 0x2c00)
	return glyph < 0 || (width > 1 && symbol)
}

func (l *line) print(glyph rune, width int) bool {
	if len(l.cells)+width > l.cols {
		return false
	}
	l.cells = append(l.cells, cell{glyph: glyph, pen: l.pen})
	for range width - 1 {
		l.cells = append(l.cells, cell{glyph: rightHalf, pen: l.pen})
	}
	return true
}

// sequence consumes one escape sequence and changes the pen if it sets a style.
func (l *line) sequence(text string) int {
	n := styleLength(text)
	if n == 0 {
		_, _, n, _ = ansi.DecodeSequence(text, ansi.NormalState, nil)
		return max(n, 1)
	}
	l.pen = l.styles.change(l.pen, text[:n])
	return n
}

// styleLength is the length of the "ESC [ numbers m" that text begins with, or 0.
func styleLength(text string) int {
	if len(text) < 3 || text[1] != '[' {
		return 0
	}
	for i := 2; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= ';': // digits, colon and semicolon
		case c == 'm':
			return i + 1
		default:
			return 0
		}
	}
	return 0
}

// at is the cell in a column; what is not written is blank.
func (l *line) at(x int) cell {
	if x < len(l.cells) {
		return l.cells[x]
	}
	return blank()
}

// append writes the cells of some columns, the pen being the default one before
// and after.
func (l *line) append(buf []byte, from, to int) []byte {
	pen := int32(0)
	for _, c := range l.cells[from:to] {
		if c.pen != pen {
			buf = l.styles.append(buf, pen, c.pen)
			pen = c.pen
		}
		switch {
		case c.glyph >= 0:
			buf = utf8.AppendRune(buf, c.glyph)
		case c.glyph <= firstCluster:
			buf = append(buf, l.clusters[firstCluster-c.glyph]...)
		}
	}
	return l.styles.append(buf, pen, 0)
}
