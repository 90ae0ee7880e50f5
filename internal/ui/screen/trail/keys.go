package trail

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// The ids of the keys.
const (
	keyOpen    = "trail.open"
	keyKinds   = "trail.kinds"
	keyAccount = "trail.account"
	keyCase    = "trail.case"
	keyAll     = "trail.everything"
	keyAgain   = "trail.again"
)

// Keys implements screen.Screen.
func (t *Trail) Keys() kit.KeyMap {
	r, _ := t.selected()
	open, account, kase, all := t.key(keyOpen, "enter"), t.key(keyAccount, "a"), t.key(keyCase, "c"), t.key(keyAll, "x")
	if ok, who := t.env.Allowed(rbac.Find); !ok {
		open.Disabled = who
	}
	none := t.env.Label("word.none")
	if r.Subject.IsZero() {
		open.Disabled, account.Disabled = none, none
		open.Hidden, account.Hidden = true, true
	}
	if r.Case == 0 {
		kase.Disabled, kase.Hidden = none, true
	}
	all.Hidden = t.about == (screen.TrailParams{})
	account.Hidden = account.Hidden || !t.about.Account.IsZero()
	kase.Hidden = kase.Hidden || t.about.Case != 0
	again := t.key(keyAgain, "ctrl+r")
	again.Hidden = !t.fresh && t.failed == nil
	return kit.KeyMap{open, t.key(keyKinds, "right", "left"), account, kase, all, again}
}

func (t *Trail) key(id string, strokes ...string) kit.Binding {
	return kit.Binding{ID: id, Keys: strokes, Label: t.env.Label(id)}
}

// Key implements screen.Screen.
func (t *Trail) Key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	if t.table.Update(k) {
		return true, t.more()
	}
	b, ok := t.Keys().Match(k, false)
	if !ok || !t.mayRead() {
		return ok, nil
	}
	if !b.Enabled() {
		return true, nil
	}
	return true, t.press(b.ID, k)
}

func (t *Trail) press(id string, k tea.KeyPressMsg) tea.Cmd {
	r, chosen := t.selected()
	switch {
	case id == keyKinds && t.kinds.Update(k), id == keyAgain:
		return t.begin()
	case id == keyAll:
		t.about = screen.TrailParams{}
		return t.begin()
	case id == keyAccount && chosen:
		t.about.Account = r.Subject
		return t.begin()
	case id == keyCase && chosen:
		t.about.Case = r.Case
		return t.begin()
	case id == keyOpen && chosen:
		return screen.Do(screen.Push{To: screen.Account, With: screen.AccountParams{Person: person(r)}})
	default:
		return nil
	}
}

// person is the subject of a record, as far as the record still names them.
func person(r core.Record) core.Person {
	return core.Person{
		ID: r.Subject, Login: untrusted.New(r.Personal["login"]), DisplayName: untrusted.New(r.Personal["name"]),
		Department: untrusted.New(r.Personal["department"]),
	}
}
