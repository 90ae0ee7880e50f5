package lineterm

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

const (
	escape     = 0x1b
	resetStyle = "\x1b[m"
	// replacement stands for a byte that is not UTF-8; it is one cell wide.
	replacement = "�"
)

// line rewrites one line of a view into bytes that may be sent: graphemes that
// have a width, style sequences of the terminal's colour profile, nothing
// else. Every other control sequence is dropped, so text that slipped past the
// sanitisers cannot move the cursor, set a link or read the clipboard.
type line struct {
	out   []byte
	cols  int  // room in cells
	cells int  // cells used
	dirty bool // the pen is not the default one
	vague bool // terminals disagree about the width of something in it

	// What is to be kept when the blanks at the end are cut off: they are
	// erased instead, which is shorter.
	keep      int
	keepCells int
	keepDirty bool
}

// fitLine appends text, cut to cols cells, to out. The pen is the default one
// at both ends.
func fitLine(out []byte, text string, cols int, styles *palette) line {
	l := line{out: out, cols: cols, keep: len(out)}
	for i := 0; i < len(text); {
		n, fits := l.next(text[i:], styles)
		if !fits {
			break
		}
		i += n
	}
	l.out = l.out[:l.keep]
	if l.keepDirty {
		l.out = append(l.out, resetStyle...)
	}
	l.cells = l.keepCells
	return l
}

// next consumes the first token of text and says whether there was room for it.
func (l *line) next(text string, styles *palette) (int, bool) {
	if n := asciiRun(text); n > 0 {
		return l.ascii(text[:n])
	}
	switch c := text[0]; {
	case c == escape:
		return l.sequence(text, styles), true
	case c == '\t':
		_, fits := l.ascii(" ")
		return 1, fits
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

func (l *line) ascii(run string) (int, bool) {
	room := l.cols - l.cells
	if room <= 0 {
		return 0, false
	}
	run = run[:min(len(run), room)]
	l.out = append(l.out, run...)
	l.cells += len(run)
	if l.dirty {
		l.mark(0)
		return len(run), true
	}
	if blanks := len(run) - len(strings.TrimRight(run, " ")); blanks < len(run) {
		l.mark(blanks)
	}
	return len(run), true
}

// mark keeps everything up to here but for the last blanks.
func (l *line) mark(blanks int) {
	l.keep, l.keepCells, l.keepDirty = len(l.out)-blanks, l.cells-blanks, l.dirty
}

func (l *line) grapheme(text string) (int, bool) {
	cluster, width := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
	if r, size := utf8.DecodeRuneInString(cluster); r == utf8.RuneError && size <= 1 {
		_, fits := l.print(replacement, 1)
		return 1, fits
	}
	if width <= 0 || hasControl(cluster) {
		return len(cluster), true // a stray joiner, a direction mark, a C1 control
	}
	return l.print(cluster, width)
}

func (l *line) print(cluster string, width int) (int, bool) {
	if l.cells+width > l.cols {
		return 0, false
	}
	l.out = append(l.out, cluster...)
	l.cells += width
	l.vague = l.vague || width > 1 || utf8.RuneCountInString(cluster) > 1
	l.mark(0)
	return len(cluster), true
}

// hasControl reports a C0 or C1 control inside a cluster that claims a width.
func hasControl(cluster string) bool {
	return strings.ContainsFunc(cluster, func(r rune) bool {
		return r < ' ' || (r >= 0x7f && r < 0xa0)
	})
}

// sequence consumes one escape sequence and passes it on if it sets a style.
func (l *line) sequence(text string, styles *palette) int {
	n := styleLength(text)
	if n == 0 {
		_, _, n, _ = ansi.DecodeSequence(text, ansi.NormalState, nil)
		return max(n, 1)
	}
	style := styles.style(text[:n])
	if style.text == "" || (style.plain && !l.dirty) {
		return n
	}
	l.out = append(l.out, style.text...)
	l.dirty = !style.plain
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
