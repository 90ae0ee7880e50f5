package act

import (
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// Stage is how far a call has come.
type Stage string

// The stages.
const (
	StageProof Stage = "proof"
	StageAsk   Stage = "ask"
	StageDone  Stage = "done"
	StageStuck Stage = "stuck"
)

// Call puts beside the page what a call goes through, for wide terminals: the case, the proof, what is wanted, the end.
func (p *Page) Call(st core.ProofState, wanted string, s Stage) {
	env := p.env
	proof, goal, end := kit.StepCurrent, kit.StepWaiting, kit.StepWaiting
	switch s {
	case StageProof:
	case StageAsk:
		proof, goal = kit.StepDone, kit.StepCurrent
	case StageDone:
		proof, goal, end = kit.StepDone, kit.StepDone, kit.StepCurrent
	case StageStuck:
		proof, goal = kit.StepDone, kit.StepFailed
	}
	if s != StageProof && len(st.Counted) == 0 {
		proof = kit.StepWaiting
	}
	p.Steps(env.Label("act.call"), []kit.Step{
		{Label: env.Label("act.step.case"), State: opened(st.Case), Word: caseWord(env, st.Case)},
		{Label: env.Label("act.step.proof"), State: proof, Word: proofWord(env, st.Counted)},
		{Label: wanted, State: goal},
		{Label: env.Label("act.step.close"), State: end},
	})
}

func opened(c core.Case) kit.StepState {
	if c.Number == 0 {
		return kit.StepCurrent
	}
	return kit.StepDone
}

// caseWord is the number of the case, and its ticket.
func caseWord(env *screen.Env, c core.Case) string {
	if c.Number == 0 {
		return ""
	}
	word := env.Text().Number(int(c.Number))
	if !c.Ticket.IsZero() {
		word += " " + env.Theme.Glyphs().Dot + " " + c.Ticket.String()
	}
	return word
}

func proofWord(env *screen.Env, counted []core.Evidence) string {
	if len(counted) == 0 {
		return ""
	}
	e := counted[0]
	return env.Say(sentence.Of("act.step.proved", sentence.Time("at", e.ObtainedAt), sentence.Word("how", Way(env, e.Kind))))
}
