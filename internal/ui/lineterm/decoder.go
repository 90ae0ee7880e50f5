package lineterm

import (
	"bytes"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
)

const (
	// maxPaste bounds one paste, in bytes; the rest of a longer one is lost.
	maxPaste = 64 << 10
	// maxSequence bounds one escape sequence, in bytes; a longer one is lost.
	maxSequence = 4 << 10

	pasteBegin = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// decoder turns the bytes a terminal sends into messages.
type decoder struct {
	keys    uv.EventDecoder
	rest    []byte // came, but is not decoded yet
	pasting bool
	paste   []byte
	out     []tea.Msg
}

// feed decodes what has come. The messages are valid until the next call.
func (d *decoder) feed(chunk []byte) []tea.Msg {
	d.rest = append(d.rest, chunk...)
	return d.decode(false)
}

// expire decodes what was held back in case more of it would come.
func (d *decoder) expire() []tea.Msg { return d.decode(true) }

// waiting reports that something is held back and expire is to be called.
func (d *decoder) waiting() bool { return len(d.rest) > 0 && !d.pasting }

func (d *decoder) decode(expired bool) []tea.Msg {
	d.out = d.out[:0]
	used := 0
	for used < len(d.rest) {
		n := d.next(d.rest[used:], expired)
		if n == 0 {
			break
		}
		used += n
	}
	d.rest = append(d.rest[:0], d.rest[used:]...)
	if len(d.rest) > maxSequence {
		d.rest = nil
	}
	return d.out
}

// next decodes what buf begins with and returns its length, or 0 to wait for more.
func (d *decoder) next(buf []byte, expired bool) int {
	switch {
	case d.pasting:
		return d.pasted(buf)
	case bytes.HasPrefix(buf, []byte(pasteBegin)):
		d.pasting = true
		return len(pasteBegin)
	case !expired && beginning(buf):
		return 0
	}
	if key, ok := consoleKey(buf); ok {
		d.out = append(d.out, key)
		return 4
	}
	n, event := d.keys.Decode(buf)
	if n <= 0 {
		return 1
	}
	if !expired && n == len(buf) && buf[0] == escape && unknown(event) {
		return 0
	}
	d.emit(event)
	return n
}

// beginning reports that buf may well be the start of something longer.
func beginning(buf []byte) bool {
	switch {
	case buf[0] != escape:
		return !utf8.FullRune(buf)
	case len(buf) == 1:
		return true
	case strings.IndexByte("[O\x1b", buf[1]) >= 0:
		return len(buf) == 2 || string(buf) == "\x1b[["
	case strings.IndexByte("]P_^X", buf[1]) >= 0:
		return !terminated(buf[2:])
	}
	return false
}

// terminated reports that a string (ECMA-48 section 8.3.143) has its end; BEL is
// how many terminals end theirs.
func terminated(text []byte) bool {
	return bytes.Contains(text, []byte("\x1b\\")) || bytes.IndexByte(text, '\a') >= 0
}

// consoleKey is a function key of the Linux console, F1 to F5: ESC [ [ A to E.
func consoleKey(buf []byte) (tea.KeyPressMsg, bool) {
	if len(buf) < 4 || buf[0] != escape || buf[1] != '[' || buf[2] != '[' || buf[3] < 'A' || buf[3] > 'E' {
		return tea.KeyPressMsg{}, false
	}
	return tea.KeyPressMsg{Code: tea.KeyF1 + rune(buf[3]-'A')}, true
}

func unknown(event uv.Event) bool {
	_, is := event.(uv.UnknownEvent)
	return is
}

// pasted collects pasted text up to the mark of its end. Nothing in it is a key
// or a command.
func (d *decoder) pasted(buf []byte) int {
	end := bytes.Index(buf, []byte(pasteEnd))
	if end < 0 {
		n := len(buf) - min(len(buf), len(pasteEnd)-1) // the mark may be cut in two
		d.keep(buf[:n])
		return n
	}
	d.keep(buf[:end])
	d.out = append(d.out, tea.PasteMsg{Content: strings.ToValidUTF8(string(d.paste), string(replacement))})
	d.pasting, d.paste = false, nil
	return end + len(pasteEnd)
}

func (d *decoder) keep(text []byte) {
	d.paste = append(d.paste, text[:min(len(text), maxPaste-len(d.paste))]...)
}

func (d *decoder) emit(event uv.Event) {
	if several, ok := event.(uv.MultiEvent); ok {
		for _, e := range several {
			d.emit(e)
		}
		return
	}
	if msg := translate(event); msg != nil {
		d.out = append(d.out, msg)
	}
}

// translate names an event as Bubble Tea does. Only what an operator does is
// let through, and the one answer that is asked for: sizes come from the
// session, not from bytes a client may send.
func translate(event uv.Event) tea.Msg {
	switch e := event.(type) {
	case uv.KeyPressEvent:
		return tea.KeyPressMsg(e)
	case uv.MouseClickEvent:
		return tea.MouseClickMsg(e)
	case uv.MouseMotionEvent:
		return tea.MouseMotionMsg(e)
	case uv.MouseReleaseEvent:
		return tea.MouseReleaseMsg(e)
	case uv.MouseWheelEvent:
		return tea.MouseWheelMsg(e)
	case uv.FocusEvent:
		return tea.FocusMsg(e)
	case uv.BlurEvent:
		return tea.BlurMsg(e)
	case uv.BackgroundColorEvent:
		return tea.BackgroundColorMsg(e)
	}
	return nil
}
