package kit_test

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// press makes the message of a keystroke such as "enter", "shift+tab",
// "ctrl+k" or "r".
func press(stroke string) tea.KeyPressMsg {
	var k tea.KeyPressMsg
	name := stroke
	for {
		mod, rest, ok := strings.Cut(name, "+")
		m, known := map[string]tea.KeyMod{"ctrl": tea.ModCtrl, "alt": tea.ModAlt, "shift": tea.ModShift}[mod]
		if !ok || !known {
			break
		}
		k.Mod |= m
		name = rest
	}
	special := map[string]rune{
		"enter": tea.KeyEnter, "tab": tea.KeyTab, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
		"right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
		"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "f10": tea.KeyF10,
	}
	if code, ok := special[name]; ok {
		k.Code = code
		return k
	}
	if name == "space" {
		name = " "
	}
	k.Code, _ = utf8.DecodeRuneInString(name)
	if k.Mod == 0 {
		k.Text = name
	}
	return k
}

// keystrokes splits "h i enter" into messages.
func keystrokes(s string) []tea.KeyPressMsg {
	var out []tea.KeyPressMsg
	for _, f := range strings.Fields(s) {
		out = append(out, press(f))
	}
	return out
}
