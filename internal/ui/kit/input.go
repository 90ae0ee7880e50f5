package kit

import (
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// InputMode says what is typed into an input.
type InputMode string

// The modes.
const (
	// InputText takes any printable text.
	InputText InputMode = ""
	// InputPassword shows a mask and wipes what it forgets.
	InputPassword InputMode = "password"
	// InputCode takes Max decimal digits, of any script, and shows a slot for
	// each one that is missing.
	InputCode InputMode = "code"
)

// maxInput is the length of an input that names none, in characters.
const maxInput = 256

// Input is a text field of one line.
type Input struct {
	Theme *theme.Theme
	Mode  InputMode
	// Max is the most characters (Unicode code points) it takes; 0 means 256,
	// which is also the bound.
	Max int
	// Group is how many digits of a code stand together; 0 means all.
	Group int
	// Placeholder stands in the empty field.
	Placeholder string
	// Blurred is a field that does not have the focus.
	Blurred bool

	value []rune
	at    int // the cursor stands before value[at]
}

// Limit returns the most characters the field takes.
func (in *Input) Limit() int {
	if in.Max <= 0 || in.Max > maxInput {
		return maxInput
	}
	return in.Max
}

// Value returns what was typed.
func (in *Input) Value() string { return string(in.value) }

// Len returns how many characters were typed.
func (in *Input) Len() int { return len(in.value) }

// Full reports whether no more characters fit; a complete code is full.
func (in *Input) Full() bool { return len(in.value) >= in.Limit() }

// Set replaces the text, cleaned and cut like typed text, and puts the cursor
// at its end.
func (in *Input) Set(s string) {
	in.Clear()
	in.Insert(s)
}

// Clear empties the field and overwrites what was in it.
func (in *Input) Clear() {
	clear(in.value[:cap(in.value)])
	in.value, in.at = in.value[:0], 0
}

// Insert puts text at the cursor, as typing or pasting does: characters that
// the field does not take are left out, and so is what exceeds the limit. It
// reports whether the text changed.
func (in *Input) Insert(s string) bool {
	room := in.Limit() - len(in.value)
	taken := accepted(in.Mode, s, room)
	if len(taken) == 0 {
		return false
	}
	if in.value == nil {
		// All the room at once: growing would leave copies of a password behind.
		in.value = make([]rune, 0, in.Limit())
	}
	in.value = slices.Insert(in.value, in.at, taken...)
	in.at += len(taken)
	clear(taken)
	return true
}

// String tells how much was typed, never what: an input may hold a password.
func (in Input) String() string {
	return "input of " + strconv.Itoa(len(in.value)) + " characters"
}

// GoString is String.
func (in Input) GoString() string { return in.String() }

// Update takes a key and reports whether it used it. Keys that neither write
// nor edit (enter, tab, up, esc, ctrl+k ...) are left to the screen.
func (in *Input) Update(msg tea.KeyPressMsg) bool {
	if msg.Text != "" && msg.Mod&^(tea.ModShift|tea.ModCapsLock|tea.ModNumLock) == 0 {
		in.Insert(msg.Text)
		return true
	}
	if in.move(msg.String()) {
		return true
	}
	return in.erase(msg.String())
}

func (in *Input) move(stroke string) bool {
	switch stroke {
	case "left", "ctrl+b":
		in.at -= in.before()
	case "right", "ctrl+f":
		in.at += in.after()
	case "home", "ctrl+a":
		in.at = 0
	case "end", "ctrl+e":
		in.at = len(in.value)
	case "ctrl+left", "alt+left", "alt+b":
		in.at = wordStart(in.value, in.at)
	case "ctrl+right", "alt+right", "alt+f":
		in.at = wordEnd(in.value, in.at)
	default:
		return false
	}
	return true
}

func (in *Input) erase(stroke string) bool {
	switch stroke {
	case "backspace", "ctrl+h", "shift+backspace":
		in.cut(in.at-in.before(), in.at)
	case "delete", "ctrl+d":
		in.cut(in.at, in.at+in.after())
	case "ctrl+w", "alt+backspace", "ctrl+backspace":
		in.cut(wordStart(in.value, in.at), in.at)
	case "alt+d", "ctrl+delete", "alt+delete":
		in.cut(in.at, wordEnd(in.value, in.at))
	case "ctrl+u":
		in.cut(0, in.at)
	default:
		return false
	}
	return true
}

// cut removes value[from:to] and leaves the cursor there. slices.Delete zeroes
// what becomes free.
func (in *Input) cut(from, to int) {
	in.value = slices.Delete(in.value, from, to)
	in.at = from
}

// after returns the length of the grapheme cluster behind the cursor.
func (in *Input) after() int {
	if in.at == len(in.value) {
		return 0
	}
	return clusterLength(in.value[in.at:])
}

// before returns the length of the grapheme cluster in front of the cursor.
func (in *Input) before() int {
	n := 0
	for i := 0; i < in.at; i += n {
		n = clusterLength(in.value[i:])
	}
	return min(n, in.at)
}

func clusterLength(r []rune) int {
	cluster, _ := ansi.FirstGraphemeCluster(string(r), ansi.GraphemeWidth)
	return max(1, len([]rune(cluster)))
}
