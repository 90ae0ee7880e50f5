package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Binding is a key and what it does, as data: the footer, the help and the
// palette are made from it.
type Binding struct {
	// ID says what is to be done, for the screen that owns the key.
	ID string
	// Keys are keystrokes as Bubble Tea names them ("enter", "ctrl+k", "r",
	// "?"). The first one is shown.
	Keys []string
	// Label is the ready word for the footer.
	Label string
	// Disabled is why the key cannot be used now and who can ("Level 2");
	// empty when it can.
	Disabled string
	// Hidden keys work but stand in the help only.
	Hidden bool
	// Pinned keys stay in the footer however narrow it is.
	Pinned bool
}

// Enabled reports whether the key can be used now.
func (b Binding) Enabled() bool { return b.Disabled == "" }

// Matches reports whether the key belongs to the binding. A disabled binding
// matches too, so that the screen can say why nothing happens.
func (b Binding) Matches(msg tea.KeyPressMsg) bool { return b.has(msg.String()) }

func (b Binding) has(stroke string) bool {
	for _, k := range b.Keys {
		if k == stroke {
			return true
		}
	}
	return false
}

// key returns the name of the key as it is shown.
func (b Binding) key(g theme.Glyphs) string {
	if len(b.Keys) == 0 {
		return ""
	}
	return keyName(b.Keys[0], g)
}

// keyName returns a keystroke as people know it.
func keyName(stroke string, g theme.Glyphs) string {
	switch stroke {
	case "up":
		return g.Up
	case "down":
		return g.Down
	case "left":
		return g.Left
	case "right":
		return g.Right
	}
	if len(stroke) > 1 && stroke[0] == 'f' && stroke[1] >= '0' && stroke[1] <= '9' {
		return strings.ToUpper(stroke)
	}
	return stroke
}

// KeyMap is an ordered list of bindings: the most important first.
type KeyMap []Binding

// Match returns the binding of a key. While somebody is typing, keys that write
// a character belong to the text field and match nothing. A capital letter that
// has no binding of its own counts as its small one (Caps Lock).
func (m KeyMap) Match(msg tea.KeyPressMsg, typing bool) (Binding, bool) {
	if typing && msg.Text != "" {
		return Binding{}, false
	}
	stroke := msg.String()
	if b, ok := m.find(stroke); ok {
		return b, true
	}
	if r, n := utf8.DecodeRuneInString(stroke); n == len(stroke) && unicode.IsUpper(r) {
		return m.find(string(unicode.ToLower(r)))
	}
	return Binding{}, false
}

func (m KeyMap) find(stroke string) (Binding, bool) {
	for _, b := range m {
		if b.has(stroke) {
			return b, true
		}
	}
	return Binding{}, false
}

// Find returns the binding of an id.
func (m KeyMap) Find(id string) (Binding, bool) {
	for _, b := range m {
		if b.ID == id {
			return b, true
		}
	}
	return Binding{}, false
}
