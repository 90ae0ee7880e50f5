package operate

import (
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// View implements screen.Screen.
func (o *Operate) View(w, h int) screen.Frame {
	p := act.NewPage(o.env)
	p.Call(o.st, phrase.Wanted(o.env, o.with.Goal), o.stage())
	switch o.phase {
	case looking:
		o.drawLooking(p)
	case confirming, performing:
		o.drawConfirmation(p)
	case showing:
		o.drawResult(p)
	case choosing:
		p.State(&kit.Statement{Theme: o.env.Theme, Text: o.env.Say(sentence.Of("operate.which_code", sentence.Count("case", int(o.entry.Number()))))})
		p.Block(o.codes)
	}
	return p.Frame(w, h)
}

func (o *Operate) stage() act.Stage {
	switch o.phase {
	case looking:
		return act.StageProof
	case confirming, performing:
		return act.StageAsk
	case showing, choosing:
	}
	if o.verdict.next == moveClose {
		return act.StageDone
	}
	return act.StageStuck
}

func (o *Operate) question() string {
	return o.env.Say(sentence.Of(o.goal("operate.question"), sentence.Word("person", act.Person(o.account()))))
}

func (o *Operate) drawLooking(p *act.Page) {
	head := &kit.Statement{Theme: o.env.Theme, Text: o.question()}
	if ask := o.entry.Asks(); ask != nil {
		p.State(head)
		p.Form(ask)
		p.Next(true, o.Keys()[0])
		p.Close() // below a field stands a line for its problem
		return
	}
	head.Details = []string{o.env.Theme.Glyphs().Ellipsis}
	p.State(head)
}

// drawConfirmation is the one question: who, what, and where the password goes.
func (o *Operate) drawConfirmation(p *act.Page) {
	head := &kit.Statement{Theme: o.env.Theme, Text: o.question()}
	for _, s := range o.consequences() {
		head.Details = append(head.Details, o.env.Say(s))
	}
	p.State(head)
	if warning := o.warning(); !warning.IsZero() {
		p.State(&kit.Statement{Theme: o.env.Theme, State: theme.StateWarn, Text: o.env.Say(warning)})
	}
	if o.with.Goal == core.VerbReset && o.reaches.Len() > 1 {
		p.Block(&o.reaches.table)
	}
	if o.phase == performing {
		p.Say(theme.Dim, o.env.Say(sentence.Of("operate.goes_on", sentence.Word("directory", o.with.Account.ID.Directory))))
		return
	}
	keys := o.confirmKeys()
	p.Next(o.grace.Over(o.env.Now), keys[0], keys[1:]...)
	p.Say(theme.Dim, o.env.Say(o.proof()))
}

// consequences are what will be so after it.
func (o *Operate) consequences() []sentence.Sentence {
	a := o.st.Account
	if o.with.Goal == core.VerbUnlock {
		if !a.State.Locked {
			return []sentence.Sentence{sentence.Of("operate.not_locked")}
		}
		if a.State.LockedSince.IsZero() {
			return []sentence.Sentence{sentence.Of("operate.keeps_password")}
		}
		return []sentence.Sentence{sentence.Of("operate.locked_since", sentence.Time("since", a.State.LockedSince))}
	}
	out := []sentence.Sentence{o.goes()}
	if a.State.Locked {
		out = append(out, sentence.Of("operate.unlocks_too"))
	}
	return out
}

// goes says where the new password goes, and whether it must be changed.
func (o *Operate) goes() sentence.Sentence {
	to := o.reaches.chosen()
	id := "operate.goes"
	if to.id == core.OnScreen {
		id = "operate.comes"
	}
	if o.env.Desk.Settings().Delivery.MustChange {
		id += "_must_change"
	}
	return sentence.Of(id, sentence.Word("to", to.where))
}

// warning is why the change alone will not let the person in.
func (o *Operate) warning() sentence.Sentence {
	switch st := o.st.Account.State; {
	case !st.Enabled:
		return sentence.Of("operate.disabled")
	case st.AccountExpired:
		return sentence.Of("operate.expired")
	case o.with.Goal == core.VerbUnlock && st.PasswordExpired:
		return sentence.Of("operate.password_expired")
	default:
		return sentence.Sentence{}
	}
}

// stale reports that what was proved counts no more: it would be refused.
func (o *Operate) stale() bool {
	if len(o.st.Counted) == 0 {
		return false
	}
	e := o.st.Counted[0]
	return e.SpentAt.IsZero() && !o.env.Now.Before(e.ExpiresAt)
}

// proof says what was proved and how long it counts.
func (o *Operate) proof() sentence.Sentence {
	if len(o.st.Counted) == 0 {
		return sentence.Sentence{}
	}
	e := o.st.Counted[0]
	if !e.SpentAt.IsZero() { // it counts once more, because the password did not arrive
		return sentence.Of("operate.proof_repeat", sentence.Time("until", e.RepeatUntil))
	}
	if o.stale() {
		return sentence.Of("operate.proof_expired", sentence.Time("at", e.ExpiresAt))
	}
	return sentence.Of("operate.proof", sentence.Time("at", e.ObtainedAt),
		sentence.Word("how", act.Way(o.env, e.Kind)), sentence.Time("until", e.ExpiresAt))
}

// drawResult is what came of it, where it is recorded, and the next key.
func (o *Operate) drawResult(p *act.Page) {
	v := &o.verdict
	s := &kit.Statement{Theme: o.env.Theme, State: v.mark, Text: o.env.Say(v.said), Code: o.marks()}
	for _, d := range v.details {
		s.Details = append(s.Details, o.env.Say(d))
	}
	if o.shown.spelled(o.env.Now) { // the room is for the spelling
		s.Details, s.Code = nil, ""
	}
	p.State(s)
	if v.notClosed != nil {
		p.State(phrase.Failure(o.env, v.notClosed))
	}
	if o.shown.secret != nil {
		p.Inset(o.shown.block(o.env))
	}
	next := o.binding(v.next, "enter")
	if v.checking || o.closing {
		next.Label = o.env.Theme.Glyphs().Ellipsis
	}
	p.Next(o.grace.Over(o.env.Now) && !v.checking && !o.closing, next, o.others()...)
	if !v.words.IsZero() {
		p.Pairs(0, kit.Pair{Label: o.env.Label("prove.say"), Value: kit.Cell{Text: act.Quoted(o.env, v.words), Token: theme.Strong}, Lines: 3})
	}
}

// marks are where it is recorded.
func (o *Operate) marks() string {
	c := o.verdict.res.Case
	if c.Number == 0 {
		c = o.st.Case
	}
	out := act.Marks(o.env, o.verdict.res.Seq, c)
	if o.verdict.ref != "" {
		out += "  " + o.verdict.ref
	}
	return out
}
