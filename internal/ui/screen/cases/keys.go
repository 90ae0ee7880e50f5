package cases

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// The ids of the keys.
const (
	keyOpen  = "cases.open"
	keyView  = "cases.view"
	keyNext  = "cases.next"
	keyClose = "cases.close"
	keyShut  = "cases.shut"
	keyMove  = "cases.move"
	keyTake  = "cases.take"
	keyGo    = "cases.go"
	keyCard  = "cases.card"
	keyTrail = "cases.trail"
	keyAgain = "cases.again"
)

// Keys implements screen.Screen.
func (c *Cases) Keys() kit.KeyMap {
	if c.chooser != nil {
		return c.chooser.keys()
	}
	open, shut := key(c.env, keyOpen, "enter"), key(c.env, keyClose, "c")
	if len(c.rows) == 0 {
		open.Hidden, open.Disabled = true, c.env.Label("word.none")
	}
	if len(c.rows) == 0 || c.read != core.CasesMine {
		shut.Hidden, shut.Disabled = true, c.env.Label("cases.not_yours")
	}
	return kit.KeyMap{open, key(c.env, keyView, "right", "left"), key(c.env, keyNext, "n"), shut}
}

func key(env *screen.Env, id string, strokes ...string) kit.Binding {
	return kit.Binding{ID: id, Keys: strokes, Label: env.Label(id)}
}

// Key implements screen.Screen.
func (c *Cases) Key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	if c.chooser != nil {
		return c.chooserKey(k)
	}
	if c.of != workList {
		c.failed = nil
	}
	if c.table.Update(k) {
		return true, nil
	}
	b, ok := c.Keys().Match(k, false)
	if !ok || !b.Enabled() || c.busy {
		return ok, nil
	}
	i, _ := c.table.Selected()
	switch b.ID {
	case keyOpen:
		return true, screen.Do(screen.Push{To: screen.Case, With: screen.CaseParams{Number: c.rows[i].Number}})
	case keyView:
		if c.views.Update(k) {
			c.rows, c.read, c.failed = nil, "", nil
			return true, c.list()
		}
	case keyNext:
		c.busy = true
		return true, take(c.env, c.life, 0)
	case keyClose:
		c.chooser = newChooser(c.env, c.rows[i])
	}
	return true, nil
}

func (c *Cases) chooserKey(k tea.KeyPressMsg) (bool, tea.Cmd) {
	used, chosen, left := c.chooser.key(k)
	switch {
	case left:
		c.chooser = nil
	case chosen && !c.busy:
		c.busy = true
		return true, shut(c.env, c.life, c.chooser.id, c.chooser.kase.Number, c.chooser.chosen())
	}
	return used, nil
}

// refused tells why a key does nothing.
func refused(said sentence.Sentence) tea.Cmd {
	return screen.Do(screen.Toast{State: theme.StateOff, Said: said})
}
