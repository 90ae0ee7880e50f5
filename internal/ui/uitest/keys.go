package uitest

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Key is the key press of a keystroke as Bubble Tea names it: "a", "enter", "ctrl+n", "f3".
func Key(name string) tea.KeyPressMsg {
	rest, ctrl := strings.CutPrefix(name, "ctrl+")
	rest, shift := strings.CutPrefix(rest, "shift+")
	k := tea.KeyPressMsg{}
	if code, ok := named()[rest]; ok {
		k.Code = code
	} else {
		k.Code = []rune(rest)[0]
		k.Text = rest
	}
	if ctrl {
		k.Mod |= tea.ModCtrl
		k.Text = ""
	}
	if shift {
		k.Mod |= tea.ModShift
	}
	if rest == "space" {
		k.Text = " "
	}
	return k
}

func named() map[string]rune {
	return map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "space": tea.KeySpace, "backspace": tea.KeyBackspace,
		"delete": tea.KeyDelete, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
		"home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
		"f1": tea.KeyF1, "f2": tea.KeyF2, "f3": tea.KeyF3, "f4": tea.KeyF4, "f5": tea.KeyF5, "f10": tea.KeyF10,
	}
}
