package lineterm

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
)

// modes are the private modes a view asks for. The zero value is a terminal as
// it was found.
type modes struct {
	paste bool
	focus bool
	mouse tea.MouseMode
}

const (
	pasteOn, pasteOff = "\x1b[?2004h", "\x1b[?2004l"
	focusOn, focusOff = "\x1b[?1004h", "\x1b[?1004l"
	// Mouse reports are asked for in the SGR form, which has no limit of 223 columns.
	mouseCells = "\x1b[?1003l\x1b[?1002h\x1b[?1006h"
	mouseAll   = "\x1b[?1002l\x1b[?1003h\x1b[?1006h"
	mouseOff   = "\x1b[?1002l\x1b[?1003l\x1b[?1006l"
)

func newModes(v tea.View) modes {
	return modes{paste: !v.DisableBracketedPasteMode, focus: v.ReportFocus, mouse: v.MouseMode}
}

// change appends what turns the modes m into the wanted ones.
func (m modes) change(buf []byte, wanted modes) []byte {
	if m.paste != wanted.paste {
		buf = append(buf, choose(wanted.paste, pasteOn, pasteOff)...)
	}
	if m.focus != wanted.focus {
		buf = append(buf, choose(wanted.focus, focusOn, focusOff)...)
	}
	if m.mouse != wanted.mouse {
		buf = append(buf, mouseSequence(wanted.mouse)...)
	}
	return buf
}

func choose(on bool, yes, no string) string {
	if on {
		return yes
	}
	return no
}

func mouseSequence(m tea.MouseMode) string {
	switch m {
	case tea.MouseModeCellMotion:
		return mouseCells
	case tea.MouseModeAllMotion:
		return mouseAll
	case tea.MouseModeNone:
	}
	return mouseOff
}

// maxTitle is the length of a window title, in runes.
const maxTitle = 120

// cleanTitle makes a text fit for a window title: some terminals write the
// title back on request, so it must not hold anything that could be a command.
func cleanTitle(title string) string {
	var out strings.Builder
	n := 0
	for _, r := range strings.ToValidUTF8(title, "") {
		if n == maxTitle {
			break
		}
		if !unicode.IsGraphic(r) {
			continue
		}
		out.WriteRune(r)
		n++
	}
	return out.String()
}

func appendTitle(buf []byte, title string) []byte {
	buf = append(buf, "\x1b]2;"...)
	buf = append(buf, title...)
	return append(buf, '\a')
}
