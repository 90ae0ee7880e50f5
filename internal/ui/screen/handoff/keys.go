package handoff

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// The ids of the keys.
const (
	keyHand  = "hand.hand"
	keyRole  = "hand.role"
	keyHome  = "hand.home"
	keyAgain = "hand.again"
	keyProve = "hand.prove"
)

// Keys implements screen.Screen.
func (s *HandOff) Keys() kit.KeyMap {
	switch {
	case s.entry.Asks() != nil:
		return kit.KeyMap{act.Bind(s.env, keyHand, "enter", "act.go_on")}
	case s.done != nil:
		return kit.KeyMap{act.Bind(s.env, keyHome, "enter", "hand.next_caller")}
	case s.failed != nil:
		return kit.KeyMap{act.Bind(s.env, keyAgain, "enter", s.afterFailure())}
	case !s.known:
		return nil
	}
	keys := kit.KeyMap{{ID: keyHand, Keys: []string{"enter"}, Label: s.handLabel()}}
	if s.roles.Len() > 1 {
		keys = append(keys, kit.Binding{ID: keyRole, Keys: []string{"down", "up"}, Label: s.env.Label("hand.other_role")})
	}
	if s.expired() && !s.with.Unproved {
		keys = append(keys, act.Bind(s.env, keyProve, "ctrl+r", "hand.prove_again"))
	}
	return keys
}

func (s *HandOff) handLabel() string {
	return s.env.Say(sentence.Of("hand.to", sentence.Word("who", phrase.Role(s.env, s.roles.at(s.selected())))))
}

// afterFailure is the label of Enter after a failure.
func (s *HandOff) afterFailure() string {
	switch s.failed.Code {
	case core.CodeUnavailable, core.CodeAuditUnavailable:
		return "act.again"
	case core.CodeDenied, core.CodeNotFound, core.CodeConflict, core.CodeInvalid, core.CodePolicy, core.CodeUnverified, core.CodeThrottled,
		core.CodePending, core.CodeUnknown, core.CodeInternal:
		return "act.look_again"
	default:
		return "act.look_again"
	}
}

// Key implements screen.Screen.
func (s *HandOff) Key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	if s.exit.Taken() || s.proving {
		return true, nil
	}
	if k.String() == "esc" {
		return true, s.exit.Take(s.back())
	}
	if s.entry.Asks() != nil {
		return s.entry.Key(k)
	}
	if s.known && !s.typed(k) {
		if early, cmd := s.grace.Swallows(s.env, s.life, k); early {
			return true, cmd
		}
	}
	if b, ok := s.Keys().Match(k, s.Typing()); ok {
		return true, s.do(b, k)
	}
	if !s.Typing() || !s.known || s.waiting {
		return false, nil
	}
	used := s.form.Update(k) != kit.FormIgnored
	s.touched = s.touched || used
	return used, nil
}

// back leaves at once, also while the case opens: nobody wants to hear then that a look was cancelled. A case that was handed off is done with.
func (s *HandOff) back() tea.Cmd {
	if s.done != nil {
		return screen.Do(screen.GoHome{})
	}
	return act.Leave(s.entry.Number())
}

// typed reports whether a key writes into the reason: that is never too early.
func (s *HandOff) typed(k tea.KeyPressMsg) bool { return s.Typing() && k.String() != "enter" }

func (s *HandOff) do(b kit.Binding, k tea.KeyPressMsg) tea.Cmd {
	if s.waiting {
		return nil
	}
	switch b.ID {
	case keyHand:
		return s.enter()
	case keyRole:
		s.table.Update(k)
	case keyHome:
		return s.exit.Take(screen.Do(screen.GoHome{}))
	case keyAgain:
		return s.again()
	case keyProve:
		s.asked = false
		return s.entry.Again()
	}
	return nil
}

func (s *HandOff) enter() tea.Cmd {
	if !s.written() {
		s.form.SetProblem(reasonField, s.env.Label("hand.reason_needed"))
		return nil
	}
	return s.hand()
}

// again tries once more what can work the second time; everything else is looked at on the card.
func (s *HandOff) again() tea.Cmd {
	retry := s.afterFailure() == "act.again"
	switch {
	case retry && s.known:
		s.handing = s.env.NewID()
		return s.hand()
	case retry:
		s.failed = nil
		return s.entry.Again()
	default:
		return s.exit.Take(screen.Do(screen.Pop{}))
	}
}
