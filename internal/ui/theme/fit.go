package theme

import "strings"

// cut returns how many bytes and cells of s fit into w cells. If all of s does
// not fit, room for a tail of tw cells is left.
func cut(s string, w, tw int) (bytes, cells int, whole bool) {
	var keep, keepCells, at int
	for at < len(s) {
		if run := plainRun(s[at:]); run > 0 {
			if fits := min(run, w-tw-cells); fits > 0 {
				keep, keepCells = at+fits, cells+fits
			}
			if cells+run > w {
				return keep, keepCells, false
			}
			at += run
			cells += run
			continue
		}
		n, c := step(s[at:])
		if cells+c > w {
			return keep, keepCells, false
		}
		at += n
		cells += c
		if cells <= w-tw {
			keep, keepCells = at, cells
		}
	}
	return at, cells, true
}

// clipTail shortens the tail of a cut so that it never is wider than the room.
func clipTail(tail string, w int) (string, int) {
	tw := Width(tail)
	if tw <= w {
		return tail, tw
	}
	n, c, _ := cut(tail, w, 0)
	return tail[:n], c
}

// Truncate returns s in at most w cells; a text that is cut ends in tail.
// Escape sequences behind the cut are kept, so that styles still end.
func Truncate(s string, w int, tail string) string {
	if w <= 0 {
		return escapesOf(s)
	}
	if len(s) <= w && isPlainASCII(s) {
		return s
	}
	tail, tw := clipTail(tail, w)
	n, _, whole := cut(s, w, tw)
	if whole {
		return s
	}
	return s[:n] + tail + escapesOf(s[n:])
}

// Cut splits s behind its first w cells. A single character wider than w goes
// into the head, so that head is empty only if s is.
func Cut(s string, w int) (head, rest string) {
	n, _, _ := cut(s, w, 0)
	if n == 0 && s != "" {
		n, _ = step(s)
	}
	return s[:n], s[n:]
}

// escapesOf returns the escape sequences of s without its text.
func escapesOf(s string) string {
	if strings.IndexByte(s, 0x1b) < 0 {
		return ""
	}
	var b strings.Builder
	for len(s) > 0 {
		n, _ := step(s)
		if s[0] == 0x1b {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}

// blanks is what padding is cut from; wider paddings are made on demand.
const blanks = "                                                                                                                                "

func spaces(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(blanks) {
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}

// PadRight returns s with blanks behind it up to w cells. A wider s is left
// alone.
func PadRight(s string, w int) string {
	if n := w - Width(s); n > 0 {
		return s + spaces(n)
	}
	return s
}

// PadLeft returns s with blanks in front of it up to w cells. A wider s is
// left alone.
func PadLeft(s string, w int) string {
	if n := w - Width(s); n > 0 {
		return spaces(n) + s
	}
	return s
}

// Fit returns s in exactly w cells: cut with an ellipsis or padded on the
// right. A wide character that would be halved becomes a blank.
func Fit(s string, w int) string {
	return PadRight(Truncate(s, w, "…"), w)
}
