package verify

import (
	"slices"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// View implements screen.Screen.
func (v *Verify) View(w, h int) screen.Frame {
	p := act.NewPage(v.env)
	p.Call(v.st, phrase.Wanted(v.env, v.with.For), act.StageProof)
	switch {
	case v.failed != nil:
		p.State(phrase.Failure(v.env, v.failed))
		p.Next(v.grace.Over(v.env.Now), v.Keys()[0])
	case v.stuck:
		v.drawStuck(p)
	default:
		v.drawWays(p)
	}
	return p.Frame(w, h)
}

// drawWays is the question, the ways, and what to do with the chosen one.
func (v *Verify) drawWays(p *act.Page) {
	p.Block(&act.Ends{Theme: v.env.Theme, Left: v.question(), Right: v.needed()}, v.question(), v.needed())
	if !v.with.Note.IsZero() {
		p.State(&kit.Statement{Theme: v.env.Theme, State: theme.StateWarn, Text: v.env.Say(v.with.Note)})
	}
	if v.told != nil {
		p.State(v.told)
	}
	if !v.ways.known {
		p.Say(theme.Placeholder, v.env.Theme.Glyphs().Ellipsis)
		v.drawCode(p)
		return
	}
	v.drawTable(p)
	if v.spoils() {
		p.State(&kit.Statement{Theme: v.env.Theme, State: theme.StateWarn, Text: v.env.Label("prove.spoils")})
	}
	chosen := v.ways.chosen()
	p.Pairs(v.labels(), v.pairs(chosen)...)
	if !chosen.live(v.env.Now) {
		p.Next(!v.waiting && v.grace.Over(v.env.Now), kit.Binding{Keys: []string{"enter"}, Label: v.nextLabel(chosen)})
		return
	}
	v.drawCode(p)
	p.Close()
	p.Say(theme.Dim, v.env.Label("prove.not_why"))
}

// drawTable lists the ways; several say in which order they were tried.
func (v *Verify) drawTable(p *act.Page) {
	plain := make([]string, 0, len(v.ways.list))
	for i := range v.ways.list {
		cells := v.ways.Row(i)
		plain = append(plain, cells[0].Text+", "+cells[1].Text+". "+cells[2].Text)
	}
	p.Block(&v.table, plain...)
}

// drawCode is the field for the code.
func (v *Verify) drawCode(p *act.Page) {
	form := v.code
	form.Fields = slices.Clone(form.Fields) // drawing changes nothing
	if w := v.ways.chosen(); w != nil && w.live(v.env.Now) {
		form.Fields[0].Hint = v.env.Say(sentence.Of("prove.left", sentence.Count("left", w.challenge.TriesLeft)))
	}
	p.Form(&form)
}

func (v *Verify) question() string {
	return v.env.Say(sentence.Of(act.Goal("prove.question", v.with.For), sentence.Text("name", v.with.Account.DisplayName)))
}

// needed says how far the proof is.
func (v *Verify) needed() string {
	if !v.ways.known {
		return ""
	}
	if have := len(v.st.Counted); have > 0 {
		return v.env.Say(sentence.Of("prove.more", sentence.Count("have", have), sentence.Count("count", v.st.Needed)))
	}
	return v.env.Say(sentence.Of("prove.needed", sentence.Count("count", v.st.Needed)))
}

// spoils reports that after this proof the new password has no way to its owner.
func (v *Verify) spoils() bool {
	w := v.ways.chosen()
	return w != nil && v.with.For == core.VerbReset && !v.st.OnScreen && len(v.st.Reach) == 1 && v.st.Reach[0].ID == w.Method.ID
}

// labels is the width of the labels of the pairs and the field together.
func (v *Verify) labels() int {
	return max(theme.Width(v.env.Label("prove.say")), theme.Width(v.env.Label("prove.sent")), theme.Width(v.env.Label("prove.code")))
}

// pairs are the words for the caller, and where a code went.
func (v *Verify) pairs(w *way) []kit.Pair {
	out := []kit.Pair{{Label: v.env.Label("prove.say"), Value: kit.Cell{Text: act.Quoted(v.env, v.words(w)), Token: theme.Strong}, Lines: 3}}
	if w.live(v.env.Now) && w.challenge.SentTo != "" {
		sent := sentence.Of("prove.sent_to", sentence.Word("to", w.challenge.SentTo),
			sentence.Time("at", w.challenge.CreatedAt), sentence.Time("until", w.challenge.ExpiresAt))
		out = append(out, kit.Pair{Label: v.env.Label("prove.sent"), Value: kit.Cell{Text: v.env.Say(sent)}, Lines: 2})
	}
	return out
}

// words are what to say to the caller. They never say what was wrong.
func (v *Verify) words(w *way) sentence.Sentence {
	all, _ := v.digits(w.Kind)
	count := sentence.Count("digits", all)
	switch {
	case !w.live(v.env.Now) && w.Method.Kind == core.MethodAlternate:
		return sentence.Of("prove.words.sending_alternate")
	case !w.live(v.env.Now) && sends(w.Offer):
		return sentence.Of("prove.words.sending")
	case v.code.Fields[0].Problem != "" && w.challenge.TriesLeft < v.env.Desk.Settings().Proof.Tries:
		return sentence.Of("prove.words.again")
	case w.Kind == core.ProofTOTP:
		return sentence.Of("prove.words.totp", count)
	default:
		return sentence.Of("prove.words.sent", count)
	}
}

// nextLabel says in full what Enter does.
func (v *Verify) nextLabel(w *way) string {
	switch {
	case v.waiting:
		return v.env.Theme.Glyphs().Ellipsis
	case sends(w.Offer):
		return v.env.Say(sentence.Of("prove.send_to", sentence.Word("to", w.Method.Masked())))
	default:
		return v.env.Label("prove.begin")
	}
}

// drawStuck is what can be done with a caller who cannot be proved.
func (v *Verify) drawStuck(p *act.Page) {
	s := &kit.Statement{Theme: v.env.Theme, State: theme.StateBad, Text: v.env.Say(v.why())}
	s.Details = []string{v.env.Label("prove.nothing_changed")}
	if v.told != nil {
		s = v.told
	}
	p.State(s)
	p.Choices(!v.waiting && v.grace.Over(v.env.Now), v.stuckChoices())
	p.Pairs(0, kit.Pair{Label: v.env.Label("prove.say"), Value: kit.Cell{Text: act.Quoted(v.env, sentence.Of("prove.words.cannot")), Token: theme.Strong}, Lines: 3})
	if len(v.ways.list) > 0 && v.ways.best() < 0 { // why none of them can be used
		table := v.table
		table.Static = true
		p.Inset(&table)
	}
}

// why says why the caller cannot be proved.
func (v *Verify) why() sentence.Sentence {
	name := sentence.Text("name", v.with.Account.DisplayName)
	switch {
	case len(v.ways.list) == 0:
		return sentence.Of("prove.no_method", name)
	case v.ways.best() < 0:
		return sentence.Of("prove.none_usable", name)
	default:
		return sentence.Of("prove.not_proved", name)
	}
}
