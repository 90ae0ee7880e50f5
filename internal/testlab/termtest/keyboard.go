package termtest

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Keyboard types into a program.
type Keyboard struct {
	w io.Writer
}

// NewKeyboard returns a keyboard whose keys go to w.
func NewKeyboard(w io.Writer) *Keyboard { return &Keyboard{w: w} }

// Type types texts as they are, one write for each.
func (k *Keyboard) Type(texts ...string) error {
	for _, text := range texts {
		if _, err := io.WriteString(k.w, text); err != nil {
			return fmt.Errorf("typing: %w", err)
		}
	}
	return nil
}

// Press presses keys by name: a letter ("u", "?"), a named key ("enter", "esc",
// "f10", "pgdown") or either with "ctrl+", "alt+" or "shift+" before it.
func (k *Keyboard) Press(keys ...string) error {
	for _, key := range keys {
		sequence, err := Sequence(key)
		if err != nil {
			return err
		}
		if err := k.Type(sequence); err != nil {
			return err
		}
	}
	return nil
}

// Paste pastes a text, as a terminal does that was asked for bracketed paste.
func (k *Keyboard) Paste(text string) error {
	return k.Type("\x1b[200~" + text + "\x1b[201~")
}

// Sequence is what a terminal sends for a key; see Keyboard.Press.
//
// "esc" is sent in the form of the kitty protocol. A bare ESC is told from the
// beginning of another sequence by the silence after it, so a key pressed right
// behind it would become alt+key. Type("\x1b") sends a bare one.
func Sequence(key string) (string, error) {
	modifiers, base := splitKey(key)
	if sequence, ok := specialKey(base, modifiers); ok {
		return sequence, nil
	}
	if utf8.RuneCountInString(base) != 1 {
		return "", fmt.Errorf("there is no key named %q", key)
	}
	return letterKey(key, base, modifiers)
}

// modifier is a bit as xterm counts them: 1 + the sum is the parameter.
type modifier int

const (
	shift modifier = 1 << iota
	alt
	ctrl
)

func splitKey(key string) (modifier, string) {
	var modifiers modifier
	for {
		name, rest, found := strings.Cut(key, "+")
		m, known := map[string]modifier{"shift": shift, "alt": alt, "ctrl": ctrl}[name]
		if !found || !known || rest == "" {
			return modifiers, key
		}
		modifiers, key = modifiers|m, rest
	}
}

func letterKey(key, letter string, modifiers modifier) (string, error) {
	prefix := ""
	if modifiers&alt != 0 {
		prefix = "\x1b"
	}
	switch others := modifiers &^ alt; {
	case others == 0:
		return prefix + letter, nil
	case others == shift:
		return prefix + strings.ToUpper(letter), nil
	case others == ctrl:
		if c := strings.ToUpper(letter)[0]; c >= '@' && c <= '_' {
			return prefix + string(rune(c-'@')), nil
		}
	}
	return "", fmt.Errorf("a terminal has no sequence for %q", key)
}

// specialKey is the sequence of a key that has a name, in the form of xterm.
func specialKey(name string, modifiers modifier) (string, bool) {
	if plain, ok := plainKeys()[name]; ok && modifiers == 0 {
		return plain, true
	}
	switch {
	case name == "tab" && modifiers == shift:
		return "\x1b[Z", true
	case name == "space" && modifiers == ctrl:
		return "\x00", true
	}
	parameter := int(modifiers) + 1
	if final, ok := cursorKeys()[name]; ok {
		if modifiers == 0 {
			return "\x1b[" + final, true
		}
		return fmt.Sprintf("\x1b[1;%d%s", parameter, final), true
	}
	if number, ok := numberedKeys()[name]; ok {
		if modifiers == 0 {
			return fmt.Sprintf("\x1b[%d~", number), true
		}
		return fmt.Sprintf("\x1b[%d;%d~", number, parameter), true
	}
	return "", false
}

func plainKeys() map[string]string {
	return map[string]string{
		"enter": "\r", "tab": "\t", "space": " ", "backspace": "\x7f", "esc": "\x1b[27u",
		"f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS",
	}
}

func cursorKeys() map[string]string {
	return map[string]string{
		"up": "A", "down": "B", "right": "C", "left": "D", "end": "F", "home": "H",
		"f1": "P", "f2": "Q", "f3": "R", "f4": "S",
	}
}

func numberedKeys() map[string]int {
	return map[string]int{
		"insert": 2, "delete": 3, "pgup": 5, "pgdown": 6, "f5": 15, "f6": 17, "f7": 18,
		"f8": 19, "f9": 20, "f10": 21, "f11": 23, "f12": 24,
	}
}
