package verify

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// The ids of the keys.
const (
	keyEnter  = "prove.enter"
	keyOther  = "prove.other"
	keyAgain  = "prove.again"
	keyCannot = "prove.cannot"
	keyHand   = "prove.hand"
	keyClose  = "prove.close"
	keyFraud  = "prove.fraud"
	keyRetry  = "prove.retry"
)

// Keys implements screen.Screen.
func (v *Verify) Keys() kit.KeyMap {
	if v.stuck {
		return v.stuckKeys()
	}
	if v.failed != nil {
		return kit.KeyMap{act.Bind(v.env, keyEnter, "enter", "act.again")}
	}
	keys := kit.KeyMap{{ID: keyEnter, Keys: []string{"enter"}, Label: v.enterLabel()}}
	if v.ways.next(1) != v.ways.at || v.ways.next(-1) != v.ways.at {
		keys = append(keys, kit.Binding{ID: keyOther, Keys: []string{"down", "up"}, Label: v.env.Label("prove.other")})
	}
	if again, ok := v.again(); ok {
		keys = append(keys, again)
	}
	if v.ways.known {
		keys = append(keys, act.Bind(v.env, keyCannot, "ctrl+n", "prove.cannot"))
	}
	return keys
}

// enterLabel says what Enter does now, in a word for the footer.
func (v *Verify) enterLabel() string {
	w := v.ways.chosen()
	switch {
	case w == nil || w.live(v.env.Now):
		return v.env.Label("prove.check")
	case sends(w.Offer):
		return v.env.Label("prove.send")
	default:
		return v.env.Label("prove.begin")
	}
}

// again is the key that sends another code; it says from when on.
func (v *Verify) again() (kit.Binding, bool) {
	w := v.ways.chosen()
	if w == nil || !sends(w.Offer) || !w.live(v.env.Now) {
		return kit.Binding{}, false
	}
	b := act.Bind(v.env, keyAgain, "ctrl+r", "prove.again")
	if from := v.sendFrom(w); v.env.Now.Before(from) {
		b.Disabled = v.env.Say(sentence.Of("prove.again_from", sentence.Time("at", from)))
	}
	return b, true
}

func (v *Verify) sendFrom(w *way) time.Time {
	return w.challenge.CreatedAt.Add(v.env.Desk.Settings().Proof.SendSpacing)
}

// stuckKeys are what can be done with a caller who cannot be proved. The first one is Enter's.
func (v *Verify) stuckKeys() kit.KeyMap {
	hand := act.Bind(v.env, keyHand, "h", "prove.hand")
	hand.Keys = []string{"enter", "h"}
	keys := kit.KeyMap{hand, act.Bind(v.env, keyClose, "x", "prove.close"), act.Bind(v.env, keyFraud, "f", "prove.fraud")}
	if v.ways.best() >= 0 {
		keys = append(keys, act.Bind(v.env, keyRetry, "t", "prove.retry"))
	}
	return keys
}

// stuckChoices are the same in full words.
func (v *Verify) stuckChoices() kit.KeyMap {
	keys := v.stuckKeys()
	for i := range keys {
		switch keys[i].ID {
		case keyHand:
			keys[i].Label = v.env.Say(sentence.Of("prove.hand_to", sentence.Word("who", phrase.Role(v.env, v.handTo()))))
		case keyClose:
			keys[i].Label = v.env.Label("prove.close_case")
		case keyFraud:
			keys[i].Label = v.env.Label("prove.close_fraud")
		}
	}
	return keys
}

// handTo is the role that a case with an unproved caller is handed to.
func (v *Verify) handTo() rbac.Role {
	if v.with.To != "" {
		return rbac.Role(v.with.To)
	}
	return rbac.UserAdministrator
}

// Key implements screen.Screen.
func (v *Verify) Key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	if v.exit.Taken() {
		return true, nil
	}
	if !v.ways.known && k.String() == "esc" { // whoever goes back at once does not want to hear that a look was cancelled
		return true, v.exit.Take(screen.Do(screen.Pop{}))
	}
	if !v.Typing() {
		if early, cmd := v.grace.Swallows(v.env, v.life, k); early {
			return true, cmd
		}
	}
	if b, ok := v.Keys().Match(k, v.Typing()); ok {
		return true, v.do(b, k)
	}
	if v.Typing() && !v.waiting && k.String() != "tab" && k.String() != "shift+tab" {
		return v.code.Update(k) != kit.FormIgnored, nil
	}
	return false, nil
}

func (v *Verify) do(b kit.Binding, k tea.KeyPressMsg) tea.Cmd {
	if !b.Enabled() || v.waiting {
		return nil
	}
	switch b.ID {
	case keyEnter:
		return v.next()
	case keyOther:
		if k.String() == "up" {
			return v.move(-1)
		}
		return v.move(1)
	case keyAgain:
		return v.start()
	case keyCannot:
		v.told = nil
		return v.cannot()
	case keyHand:
		return v.exit.Take(screen.Do(screen.Replace{To: screen.HandOff, With: screen.HandOffParams{
			Account: v.with.Account, Case: v.with.Case, Wanted: v.with.For, To: string(v.handTo()), Unproved: true,
		}}))
	case keyClose:
		return v.close(core.RefusedUnverified)
	case keyFraud:
		return v.close(core.FraudSuspected)
	case keyRetry:
		v.stuck, v.told = false, nil
		return v.look()
	}
	return nil
}

// next is what Enter does.
func (v *Verify) next() tea.Cmd {
	if v.failed != nil {
		return v.look()
	}
	return v.enter()
}

func (v *Verify) close(code core.OutcomeCode) tea.Cmd {
	v.waiting = true
	return act.Close(v.env, v.life, v.with.Case, code)
}
