package operate

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
)

// The ids of keys that are no moves.
const (
	keyGo      = "operate.go"
	keyChannel = "operate.choose"
	keyCancel  = "operate.cancel"
	keyShow    = "operate.show"
	keySpell   = "operate.spell"
	keyCode    = "operate.code"
)

// Keys implements screen.Screen.
func (o *Operate) Keys() kit.KeyMap {
	switch o.phase {
	case looking:
		if o.entry.Asks() != nil {
			return kit.KeyMap{act.Bind(o.env, keyGo, "enter", "act.go_on")}
		}
		return nil
	case confirming:
		return o.confirmKeys()
	case performing:
		stay := act.Bind(o.env, keyCancel, "esc", "key.back")
		stay.Disabled = o.env.Label("operate.under_way")
		return kit.KeyMap{stay}
	case showing:
		return o.resultKeys()
	case choosing:
		return kit.KeyMap{act.Bind(o.env, keyCode, "enter", "operate.close_with")}
	default:
		return nil
	}
}

func (o *Operate) confirmKeys() kit.KeyMap {
	keys := kit.KeyMap{act.Bind(o.env, keyGo, "enter", o.goal("operate.go"))}
	if o.stale() {
		keys[0] = o.binding(moveProve, "enter")
	}
	if o.with.Goal == core.VerbReset && o.reaches.Len() > 1 {
		keys = append(keys, kit.Binding{ID: keyChannel, Keys: []string{"down", "up"}, Label: o.env.Label("operate.other_way")})
	}
	return append(keys, act.Bind(o.env, keyCancel, "esc", "operate.cancel"))
}

func (o *Operate) resultKeys() kit.KeyMap {
	keys := kit.KeyMap{o.binding(o.verdict.next, "enter")}
	if o.verdict.next == moveClose {
		keys[0].Label = o.env.Label("operate.close")
	}
	if o.shown.secret != nil {
		keys = append(keys, act.Bind(o.env, keyShow, "space", "operate.show"))
	}
	if o.shown.visible(o.env.Now) {
		keys = append(keys, act.Bind(o.env, keySpell, "s", "operate.spell"))
	}
	return append(keys, o.others()...)
}

// others are the keys of the other moves.
func (o *Operate) others() kit.KeyMap {
	var keys kit.KeyMap
	for _, m := range o.verdict.more {
		keys = append(keys, o.binding(m, m.letter()))
	}
	return keys
}

// Key implements screen.Screen.
func (o *Operate) Key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	if o.exit.Taken() || o.proving {
		return true, nil
	}
	switch o.phase {
	case looking:
		return o.lookingKey(k)
	case performing: // a change under way cannot be left: its result must be read
		return k.String() == "enter" || k.String() == "esc", nil
	case choosing:
		return o.codeKey(k)
	case confirming, showing:
	}
	if early, cmd := o.grace.Swallows(o.env, o.life, k); early {
		return true, cmd
	}
	if k.String() == "esc" {
		return true, o.exit.Take(act.Leave(o.entry.Number()))
	}
	if o.shown.spelled(o.env.Now) && o.shown.scroll.Update(k) {
		return true, nil
	}
	b, ok := o.Keys().Match(k, false)
	if !ok {
		return false, nil
	}
	return true, o.press(b, k)
}

// lookingKey: whoever goes back while the case opens does not want to hear that a look was cancelled.
func (o *Operate) lookingKey(k tea.KeyPressMsg) (bool, tea.Cmd) {
	switch {
	case k.String() == "esc":
		return true, o.exit.Take(act.Leave(o.entry.Number()))
	case o.entry.Asks() != nil:
		return o.entry.Key(k)
	default:
		return k.String() == "enter", nil
	}
}

func (o *Operate) press(b kit.Binding, k tea.KeyPressMsg) tea.Cmd {
	switch b.ID {
	case keyGo:
		return o.perform()
	case keyChannel:
		o.reaches.table.Update(k)
		return nil
	case keyCancel:
		return o.exit.Take(act.Leave(o.entry.Number()))
	case keyShow:
		return o.shown.toggle(o.env, o.life)
	case keySpell:
		o.shown.spell()
		return nil
	default:
		return o.do(move(b.ID))
	}
}

// codeKey chooses the outcome code of the case.
func (o *Operate) codeKey(k tea.KeyPressMsg) (bool, tea.Cmd) {
	switch k.String() {
	case "esc":
		o.phase = showing
		return true, nil
	case "enter":
		i, ok := o.codes.Selected()
		if !ok || o.closing {
			return true, nil
		}
		return true, o.close(core.OutcomeCodes()[i])
	default:
		return o.codes.Update(k), nil
	}
}
