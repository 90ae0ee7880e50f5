package handoff

import (
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// View implements screen.Screen.
func (s *HandOff) View(w, h int) screen.Frame {
	p := act.NewPage(s.env)
	p.Call(s.st, s.env.Label("prove.hand"), s.stage())
	switch {
	case s.done != nil:
		s.drawDone(p)
	case s.failed != nil:
		p.State(phrase.Failure(s.env, s.failed))
		p.Next(s.grace.Over(s.env.Now), s.Keys()[0])
	case s.entry.Asks() != nil:
		p.State(s.question())
		p.Form(s.entry.Asks())
		p.Next(true, s.Keys()[0])
		p.Close()
	default:
		s.drawForm(p)
	}
	return p.Frame(w, h)
}

func (s *HandOff) stage() act.Stage {
	switch {
	case s.done != nil:
		return act.StageDone
	case !s.known:
		return act.StageProof
	default:
		return act.StageAsk
	}
}

// question names the person in full.
func (s *HandOff) question() *kit.Statement {
	said := sentence.Of(act.Goal("hand.question", s.with.Wanted), sentence.Word("person", act.Person(s.with.Account)))
	return &kit.Statement{Theme: s.env.Theme, Text: s.env.Say(said)}
}

func (s *HandOff) drawForm(p *act.Page) {
	head := s.question()
	if s.known {
		head.Details = append(head.Details, s.env.Say(s.proof()))
	} else {
		head.Details = append(head.Details, s.env.Theme.Glyphs().Ellipsis)
	}
	p.State(head)
	if nobody := s.nobody(); s.roles.present != nil && !nobody.IsZero() {
		p.State(&kit.Statement{Theme: s.env.Theme, State: theme.StateWarn, Text: s.env.Say(nobody)})
	}
	p.Block(&s.table, s.plainRoles()...)
	if !s.known {
		return
	}
	p.Form(&s.form)
	next := kit.Binding{Keys: []string{"enter"}, Label: s.handLabel()}
	if s.waiting {
		next.Label = s.env.Theme.Glyphs().Ellipsis
	}
	p.Next(!s.waiting && s.grace.Over(s.env.Now), next)
	p.Close() // below a field stands a line for its problem
}

func (s *HandOff) plainRoles() []string {
	out := make([]string, 0, s.roles.Len())
	for i := range s.roles.list {
		cells := s.roles.Row(i)
		out = append(out, cells[0].Text+", "+cells[1].Text+", "+cells[2].Text)
	}
	return out
}

// proof says what goes with the case.
func (s *HandOff) proof() sentence.Sentence {
	e := s.proved()
	switch {
	case e.ID == "":
		return sentence.Of("hand.without_proof")
	case s.expired():
		return sentence.Of("hand.proof_expired", sentence.Time("at", e.ExpiresAt))
	default:
		return sentence.Of("hand.with_proof", sentence.Time("at", e.ObtainedAt),
			sentence.Word("how", act.Way(s.env, e.Kind)), sentence.Time("until", e.ExpiresAt))
	}
}

// expired reports that what was proved counts no more.
func (s *HandOff) expired() bool {
	e := s.proved()
	return e.ID != "" && !s.env.Now.Before(e.ExpiresAt)
}

// drawDone says to whom the case went, what went with it, and what to tell the caller.
func (s *HandOff) drawDone(p *act.Page) {
	c := s.done.Case
	who := sentence.Word("who", phrase.Role(s.env, c.Handoff.To))
	out := &kit.Statement{Theme: s.env.Theme, State: theme.StateGood, Code: act.Marks(s.env, s.done.Seq, c)}
	out.Text = s.env.Say(sentence.Of("hand.done_unproved", who))
	if !c.Handoff.Evidence.IsZero() {
		out.Text = s.env.Say(sentence.Of("hand.done_proved", who, sentence.Time("until", c.Handoff.Evidence)))
	}
	there := s.roles.present[c.Handoff.To] > 0
	words := "hand.words.waiting"
	if there {
		words = "hand.words.there"
		out.Details = append(out.Details, s.env.Say(sentence.Of("hand.waits", who)))
	} else {
		out.Details = append(out.Details, s.env.Say(sentence.Of("hand.waits_alone", who)))
	}
	p.State(out)
	p.Next(s.grace.Over(s.env.Now), kit.Binding{Keys: []string{"enter"}, Label: s.env.Label("hand.next_caller")})
	p.Pairs(0, kit.Pair{Label: s.env.Label("prove.say"), Value: kit.Cell{Text: act.Quoted(s.env, sentence.Of(words)), Token: theme.Strong}, Lines: 3})
}
