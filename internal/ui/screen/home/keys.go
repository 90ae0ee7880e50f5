package home

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// The ids of the keys.
const (
	keyOpen   = "home.open"
	keyChoose = "home.choose"
	keyClear  = "home.clear"
	keyTake   = "home.take"
	keyNext   = "home.next"
	keyWaits  = "home.waits_key"
	keySearch = "home.search"
)

// Keys implements screen.Screen.
func (h *Home) Keys() kit.KeyMap {
	switch {
	case h.focus == onWaiting:
		return kit.KeyMap{
			h.key(keyTake, "enter"), h.nextKey("n", "ctrl+n"), h.key(keySearch, "/"), h.key(keyChoose, "down", "up"),
		}
	case h.focus == onMine:
		return kit.KeyMap{h.key(keyOpen, "enter"), h.nextKey("n", "ctrl+n"), h.key(keySearch, "/"), h.key(keyChoose, "down", "up")}
	case h.searching():
		next := h.nextKey("ctrl+n")
		next.Hidden = true
		return kit.KeyMap{h.key(keyOpen, "enter"), h.key(keyChoose, "down", "up"), h.key(keyClear, "esc"), next}
	default:
		waits := h.key(keyWaits, "down")
		waits.Hidden = h.queue.waiting == nil && h.queue.mine == nil
		return kit.KeyMap{h.nextKey("ctrl+n"), waits}
	}
}

func (h *Home) key(id string, strokes ...string) kit.Binding {
	return kit.Binding{ID: id, Keys: strokes, Label: h.env.Label(id)}
}

// nextKey takes the case that has waited longest.
func (h *Home) nextKey(strokes ...string) kit.Binding {
	b := h.key(keyNext, strokes...)
	if len(h.queue.waiting) == 0 {
		b.Hidden, b.Disabled = true, h.env.Label("home.nothing_waits")
	}
	return b
}

// Key implements screen.Screen.
func (h *Home) Key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	h.wrong = nil
	if h.focus != onSearch {
		return h.listKey(k)
	}
	switch k.String() {
	case "enter":
		return true, h.openFound()
	case "ctrl+n":
		return true, h.takeNext()
	case "up", "down", "pgup", "pgdown":
		return true, h.move(k)
	case "esc":
		if !h.searching() {
			return false, nil
		}
		h.clear()
		return true, nil
	}
	if !h.mayFind() || !h.input.Update(k) {
		return false, nil
	}
	return true, h.typed()
}

// move chooses a row of what was found, or goes from the empty box down to what waits.
func (h *Home) move(k tea.KeyPressMsg) tea.Cmd {
	if h.searching() {
		h.find.table.Update(k)
		h.find.drawn = drawn{}
		return nil
	}
	if s := k.String(); s == "down" || s == "pgdown" {
		h.enterList()
	}
	return nil
}

// enterList moves the focus to the first list that has rows.
func (h *Home) enterList() {
	switch {
	case len(h.queue.waiting) > 0:
		h.focus = onWaiting
		h.queue.waitingTable.Select(0)
	case len(h.queue.mine) > 0:
		h.focus = onMine
		h.queue.mineTable.Select(0)
	}
}

func (h *Home) listKey(k tea.KeyPressMsg) (bool, tea.Cmd) {
	b, ok := h.Keys().Match(k, false)
	switch {
	case k.String() == "esc" || ok && b.ID == keySearch:
		h.focus = onSearch
		return true, nil
	case ok && b.ID == keyNext:
		return true, h.takeNext()
	case ok && b.ID == keyTake:
		return true, h.takeSelected()
	case ok && b.ID == keyOpen:
		return true, h.openMine()
	}
	return h.moveInList(k), nil
}

// moveInList moves through both lists as if they were one; above the first row is the search box.
func (h *Home) moveInList(k tea.KeyPressMsg) bool {
	at, _ := h.table().Selected()
	switch s := k.String(); {
	case s == "up" && at == 0 && h.focus == onMine && len(h.queue.waiting) > 0:
		h.focus = onWaiting
		h.queue.waitingTable.Select(len(h.queue.waiting) - 1)
	case s == "up" && at == 0:
		h.focus = onSearch
	case s == "down" && h.focus == onWaiting && at == len(h.queue.waiting)-1 && len(h.queue.mine) > 0:
		h.focus = onMine
		h.queue.mineTable.Select(0)
	default:
		return h.table().Update(k)
	}
	return true
}

// table is the list with the focus.
func (h *Home) table() *kit.Table {
	if h.focus == onMine {
		return &h.queue.mineTable
	}
	return &h.queue.waitingTable
}

// settleFocus leaves a list that has become empty.
func (h *Home) settleFocus() {
	if h.focus == onWaiting && len(h.queue.waiting) == 0 || h.focus == onMine && len(h.queue.mine) == 0 {
		h.focus = onSearch
		h.enterListAgain()
	}
}

// enterListAgain goes on in the other list, so that the focus does not jump into the box under the operator's fingers.
func (h *Home) enterListAgain() {
	if !h.searching() {
		h.enterList()
	}
}

func (h *Home) openMine() tea.Cmd {
	i, ok := h.queue.mineTable.Selected()
	if !ok {
		return nil
	}
	return screen.Do(screen.Push{To: screen.Case, With: screen.CaseParams{Number: h.queue.mine[i].Number}})
}

// paste puts text into the search box, from wherever the focus is.
func (h *Home) paste(msg tea.PasteMsg) tea.Cmd {
	if !h.mayFind() {
		return nil
	}
	h.focus = onSearch
	if !h.input.Insert(msg.Content) {
		return nil
	}
	return h.typed()
}
