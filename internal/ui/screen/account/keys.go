package account

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// action is a key of the card.
type action struct {
	id, key string
	label   string
	hidden  bool
	short   string            // why it cannot be used, for the footer: "Level 2"; "" when it can
	why     sentence.Sentence // the same as a sentence
	do      func() tea.Cmd    // nil: the key only says why
}

// Keys implements screen.Screen.
func (c *Card) Keys() kit.KeyMap {
	switch {
	case c.prompt != nil:
		return kit.KeyMap{c.bind("card.next", "enter", "card.go_on")}
	case c.guide != nil:
		next, leave := c.bind("card.next", "enter", "card.close_guide"), c.bind("card.leave", "esc", "card.leave_guide")
		next.Hidden, leave.Hidden = true, true // both stand beside the guide
		return kit.KeyMap{next, leave}
	}
	var out kit.KeyMap
	for _, a := range c.actions() {
		out = append(out, kit.Binding{ID: a.id, Keys: []string{a.key}, Label: a.label, Disabled: a.short, Hidden: a.hidden})
	}
	return append(out, kit.Binding{ID: "card.scroll", Keys: []string{"down", "up"}, Label: c.env.Label("card.scroll"), Hidden: true})
}

func (c *Card) bind(id, key, label string) kit.Binding {
	return kit.Binding{ID: id, Keys: []string{key}, Label: c.env.Label(label)}
}

// Key implements screen.Screen.
func (c *Card) Key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	if c.prompt != nil {
		return c.promptKey(k)
	}
	if c.guide != nil {
		return c.guideKey(k)
	}
	b, ok := c.Keys().Match(k, false)
	if !ok || b.ID == "card.scroll" {
		return c.scroll.Update(k), nil
	}
	for _, a := range c.actions() {
		if a.id == b.ID {
			return true, c.press(a)
		}
	}
	return false, nil
}

func (c *Card) press(a action) tea.Cmd {
	switch {
	case a.do != nil && !c.busy:
		return a.do()
	case a.do == nil && !a.why.IsZero():
		return say(a.why)
	default:
		return nil
	}
}

// actions are the keys in the order of the footer.
func (c *Card) actions() []action {
	again := action{id: "card.again", key: "ctrl+r", label: c.env.Label("card.again"), hidden: true, do: c.readAgain}
	next := action{id: "card.next", key: "enter", label: c.nextLabel(), hidden: true, do: c.next}
	if c.read == nil {
		return []action{next, again}
	}
	return []action{next, c.resetKey(), c.unlockKey(), c.verifyKey(), c.handOffKey(), c.trailKey(), c.caseKey(), c.revealKey(), again}
}

// refuse dims a key for which the decision says no. What is said fits on one line: the reason, and who can.
func (c *Card) refuse(a action, p rbac.Permission) action {
	d := c.read.card.May[p]
	if d.Allowed {
		return a
	}
	_, who := c.env.Decided(d)
	why := core.WhyClass(c.read.card.Class)
	a.do = nil
	switch d.Rule {
	case rbac.RuleForbidden, rbac.RuleUnknownRole:
		a.short, a.why = c.env.Label("card.short."+string(c.read.card.Class.Reason)), why
	case rbac.RuleSecondOperator:
		a.short, a.why = c.env.Label("card.short."+string(c.read.card.Class.Reason)), sentence.Of("card.second", sentence.Nested("why", why))
	case rbac.RuleAllowed, rbac.RuleNoRole, rbac.RuleNotGranted, rbac.RuleTargetRole:
		a.short, a.why = who, sentence.Of("card.who_can", sentence.Word("who", who))
	default:
		a.short, a.why = who, core.WhyNot(d, c.read.card.Class)
	}
	return a
}

func (c *Card) resetKey() action {
	a := action{id: "card.reset", key: "r", label: c.env.Label("card.reset"), do: func() tea.Cmd { return c.operate(core.VerbReset) }}
	return c.unlessOpen(c.refuse(a, rbac.ResetPassword))
}

// unlockKey unlocks; where that is not permitted it says who can, and leads to the handoff.
func (c *Card) unlockKey() action {
	a := action{id: "card.unlock", key: "u", label: c.env.Label("card.unlock"), do: c.unlock}
	if !c.read.card.Account.State.Locked {
		a.do, a.hidden, a.short, a.why = nil, true, c.env.Label("card.short.not_locked"), sentence.Of("card.not_locked")
		return a
	}
	a = c.refuse(a, rbac.Unlock)
	if c.read.card.May[rbac.Unlock].Rule == rbac.RuleNotGranted && c.mayWork() {
		a.do = c.unlock
	}
	return c.unlessOpen(a)
}

// unlessOpen dims a change while the outcome of an earlier one is not known.
func (c *Card) unlessOpen(a action) action {
	if len(c.read.card.Open) > 0 {
		a.do, a.short, a.why = nil, c.env.Label("card.short.open"), sentence.Of("card.open_intent")
	}
	return a
}

func (c *Card) mayWork() bool { return c.read.card.May[rbac.CaseWork].Allowed }

func (c *Card) verifyKey() action {
	a := action{id: "card.verify", key: "v", label: c.env.Label("card.verify"), do: c.verify}
	usable := false
	for _, o := range c.read.card.Offers {
		usable = usable || o.Usable
	}
	switch {
	case !usable:
		a.do, a.short, a.why = nil, c.env.Label("card.short.no_method"), sentence.Of("card.no_proof")
	case c.read.card.Class.Class == rbac.Forbidden:
		a.do, a.short, a.why = nil, c.env.Label("card.short."+string(c.read.card.Class.Reason)), core.WhyClass(c.read.card.Class)
	case !c.read.card.LockedFor.IsZero():
		a.do, a.short = nil, c.env.Label("card.short.verify_locked")
		a.why = sentence.Of("verify.locked", sentence.Time("until", c.read.card.LockedFor))
	}
	return a
}

func (c *Card) handOffKey() action {
	a := action{id: "card.hand_off", key: "h", label: c.env.Label("card.hand_off"), do: c.handOffAny}
	if ok, who := c.env.Allowed(rbac.CaseWork); !ok {
		a.do, a.short = nil, who
	}
	return a
}

func (c *Card) trailKey() action {
	return action{id: "card.trail", key: "t", label: c.env.Label("card.trail"), do: func() tea.Cmd {
		return c.push(screen.Trail, screen.TrailParams{Account: c.person.ID})
	}}
}

// caseKey opens the open case about this account.
func (c *Card) caseKey() action {
	a := action{id: "card.case", key: "c", label: c.env.Label("card.case"), hidden: true}
	n := c.caseNumber()
	if n == 0 {
		a.short, a.why = c.env.Label("word.none"), sentence.Of("card.no_case")
		return a
	}
	a.do = func() tea.Cmd { return c.push(screen.Case, screen.CaseParams{Number: n}) }
	return a
}

func (c *Card) revealKey() action {
	a := action{id: "card.reveal", key: "e", label: c.env.Label("card.reveal"), do: c.reveal}
	if len(c.revealable()) == 0 {
		a.do, a.short, a.why = nil, c.env.Label("card.short.no_contact"), sentence.Of("card.no_contact")
		return a
	}
	if class := c.read.card.Class; class.Class == rbac.Forbidden && class.Reason != core.ReasonSelf {
		a.do, a.short, a.why = nil, c.env.Label("card.short."+string(class.Reason)), core.WhyClass(class)
		return a
	}
	return c.refuse(a, rbac.Reveal)
}
