package kit

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Button is one answer of a dialog.
type Button struct {
	ID    string
	Label string
	// Key is a letter that presses the button.
	Key string
	// Danger is an answer that cannot be taken back.
	Danger bool
	// Disabled is why it cannot be pressed now.
	Disabled string
}

// Opening says who asked for a dialog.
type Opening string

// The openings.
const (
	// OpenedByOperator is the answer to a key: the focus is on the first
	// button, and keys count at once.
	OpenedByOperator Opening = ""
	// OpenedByItself came unasked: the focus is not on a dangerous button, and
	// keys that were meant for what was there before are swallowed.
	OpenedByItself Opening = "itself"
)

// DefaultGrace is how long it must have been quiet before a dialog that opened
// by itself takes a key.
const DefaultGrace = 400 * time.Millisecond

// DialogOptions describe a dialog. Title and body are ready sentences; the
// title names the object in full.
type DialogOptions struct {
	Theme   *theme.Theme
	Title   string
	Body    []string
	Buttons []Button
	Opening Opening
	// Now is when it opened, Grace how long it stays deaf then and after each
	// key that comes too early (0 means DefaultGrace). Both only matter for a
	// dialog that opened by itself.
	Now   time.Time
	Grace time.Duration
}

// Dialog asks one question.
type Dialog struct {
	o     DialogOptions
	focus int
	deaf  time.Time // keys before this time are swallowed
}

// NewDialog opens a dialog.
func NewDialog(o DialogOptions) *Dialog {
	d := &Dialog{o: o}
	if o.Grace <= 0 {
		d.o.Grace = DefaultGrace
	}
	if o.Opening == OpenedByItself {
		d.deaf = o.Now.Add(d.o.Grace)
	}
	d.focus = d.firstFocus()
	return d
}

// firstFocus returns the first button that may have the focus when the dialog
// opens; -1 if there is none, and then enter presses nothing.
func (d *Dialog) firstFocus() int {
	for i, b := range d.o.Buttons {
		if b.Disabled == "" && (!b.Danger || d.o.Opening != OpenedByItself) {
			return i
		}
	}
	return -1
}

// Focused returns the id of the button enter would press, empty for none.
func (d *Dialog) Focused() string {
	if d.focus < 0 {
		return ""
	}
	return d.o.Buttons[d.focus].ID
}

// Update takes a key pressed at that time. When done is true the dialog is
// over: chosen is the id of a button, or empty if it was left with esc.
func (d *Dialog) Update(msg tea.KeyPressMsg, now time.Time) (chosen string, done bool) {
	if now.Before(d.deaf) {
		d.deaf = now.Add(d.o.Grace)
		return "", false
	}
	switch stroke := msg.String(); stroke {
	case "esc":
		return "", true
	case "enter":
		return d.Focused(), d.focus >= 0
	case "right", "tab", "down":
		d.move(1)
	case "left", "shift+tab", "up":
		d.move(-1)
	default:
		return d.accelerate(msg)
	}
	return "", false
}

// move goes to the next button that can be pressed.
func (d *Dialog) move(by int) {
	n := len(d.o.Buttons)
	at := d.focus
	if at < 0 && by < 0 {
		at = 0
	}
	for range n {
		at = (at + by + n) % n
		if d.o.Buttons[at].Disabled == "" {
			d.focus = at
			return
		}
	}
}

func (d *Dialog) accelerate(msg tea.KeyPressMsg) (chosen string, done bool) {
	b, ok := d.letters().Match(msg, false)
	if !ok || !b.Enabled() {
		return "", false
	}
	return b.ID, true
}

func (d *Dialog) letters() KeyMap {
	m := make(KeyMap, 0, len(d.o.Buttons))
	for _, b := range d.o.Buttons {
		if b.Key != "" {
			m = append(m, Binding{ID: b.ID, Keys: []string{b.Key}, Label: b.Label, Disabled: b.Disabled})
		}
	}
	return m
}

// Keys returns the keys for the footer: enter for the focused button and the
// letters of all. The caller adds the words for moving and leaving.
func (d *Dialog) Keys() KeyMap {
	m := d.letters()
	if d.focus < 0 {
		return m
	}
	b := d.o.Buttons[d.focus]
	return append(KeyMap{{ID: b.ID, Keys: []string{"enter"}, Label: b.Label}}, m...)
}
