package lists

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// The ids of the keys.
const (
	keyOpen   = "lists.open"
	keyState  = "lists.state"
	keyPlace  = "lists.place"
	keyExport = "lists.export"
	keyAgain  = "lists.again"
)

// Keys implements screen.Screen.
func (l *Lists) Keys() kit.KeyMap {
	open := l.key(keyOpen, "enter")
	if len(l.rows) == 0 {
		open.Hidden, open.Disabled = true, l.env.Label("word.none")
	}
	place := l.key(keyPlace, "d")
	if len(l.places.Items) < 2 {
		place.Hidden, place.Disabled = true, l.env.Label("lists.only_one")
	}
	again := l.key(keyAgain, "ctrl+r")
	again.Hidden = !l.stale && l.failed == nil
	return kit.KeyMap{open, l.key(keyState, "right", "left"), place, l.key(keyExport, "x"), again}
}

func (l *Lists) key(id string, strokes ...string) kit.Binding {
	return kit.Binding{ID: id, Keys: strokes, Label: l.env.Label(id)}
}

// Key implements screen.Screen.
func (l *Lists) Key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	if l.table.Update(k) {
		return true, l.more()
	}
	b, ok := l.Keys().Match(k, false)
	if !ok {
		return false, nil
	}
	if !b.Enabled() {
		return true, nil
	}
	switch b.ID {
	case keyOpen:
		return true, l.open()
	case keyState:
		if l.states.Update(k) {
			return true, l.begin()
		}
	case keyPlace:
		l.places.Chosen = (l.places.Chosen + 1) % len(l.places.Items)
		return true, l.begin()
	case keyExport:
		l.export = !l.export
	case keyAgain:
		return true, l.again()
	}
	return true, nil
}

func (l *Lists) open() tea.Cmd {
	i, ok := l.table.Selected()
	if !ok {
		return nil
	}
	return screen.Do(screen.Push{To: screen.Account, With: screen.AccountParams{Person: l.rows[i].Person}})
}
