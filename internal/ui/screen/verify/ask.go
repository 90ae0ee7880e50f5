package verify

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

const (
	codeField  = "code"
	longest    = 12 // digits kept before it is known how many there are
	totpDigits = 6  // RFC 6238 with the parameters every authenticator app uses
)

// digits is how long the code of a way is, and how many of its digits stand together.
func (v *Verify) digits(k core.ProofKind) (all, group int) {
	if k == core.ProofTOTP {
		return totpDigits, totpDigits / 2
	}
	return v.env.Desk.Settings().Proof.CodeDigits, 4
}

// choose makes a way the chosen one. What was typed too early stays if it can be its code.
func (v *Verify) choose(i int) {
	v.ways.at = i
	v.table.Select(i)
	in := &v.code.Fields[0].Input
	early := in.Value()
	in.Clear()
	in.Max, in.Group = v.digits(v.ways.list[i].Kind)
	if len(early) <= in.Max {
		in.Set(early)
	}
	v.code.Fields[0].Problem = ""
}

// move chooses another way; one that sends nothing begins at once.
func (v *Verify) move(by int) tea.Cmd {
	i := v.ways.next(by)
	if i == v.ways.at || v.waiting {
		return nil
	}
	v.code.Clear()
	v.told = nil
	v.choose(i)
	if w := v.ways.chosen(); !sends(w.Offer) && !w.usedUp && !w.live(v.env.Now) {
		return v.start()
	}
	return v.grace.Begin(v.env, v.life)
}

func start(op string, number int64, o core.Offer) core.StartProof {
	return core.StartProof{ID: op, Case: number, Kind: o.Kind, Method: o.Method.ID}
}

// started is a proof that was begun, or why it was not.
type started struct {
	way       core.Offer
	challenge core.Challenge
	err       error
}

// start begins the chosen way. What is sent cannot be called back, so it is not cancelled.
func (v *Verify) start() tea.Cmd {
	w := v.ways.chosen()
	if w == nil || v.waiting {
		return nil
	}
	v.waiting, v.told = true, nil
	desk, actor, offer := v.env.Desk, v.env.Actor, w.Offer
	op := start(v.env.NewID(), v.with.Case, offer)
	said := act.Asking(v.with.Account.ID)
	if sends(offer) {
		said = sentence.Of("prove.sending", sentence.Word("to", offer.Method.Masked()))
	}
	return v.life.Change(workStart, said, func(ctx context.Context) (tea.Msg, error) {
		res, err := desk.Perform(ctx, actor, op)
		return started{way: offer, challenge: res.Challenge, err: err}, nil
	})
}

// begun takes what came of beginning a way. While the code is outstanding, the terminal does not lock itself.
func (v *Verify) begun(s started) tea.Cmd {
	v.waiting = false
	if s.err != nil {
		return v.refuse(core.AsError(s.err))
	}
	i := v.ways.find(s.way)
	if i < 0 {
		return nil
	}
	v.ways.list[i].challenge, v.ways.list[i].usedUp = s.challenge, false
	return screen.Do(screen.Hold{Until: s.challenge.ExpiresAt})
}

// enter checks a complete code, or begins the chosen way.
func (v *Verify) enter() tea.Cmd {
	w := v.ways.chosen()
	if w == nil || v.waiting {
		return nil
	}
	if !w.live(v.env.Now) {
		return v.start()
	}
	if in := &v.code.Fields[0].Input; !in.Full() {
		all, _ := v.digits(w.Kind)
		v.code.SetProblem(codeField, v.env.Say(sentence.Of("prove.incomplete", sentence.Count("digits", all))))
		return nil
	}
	return v.check(w)
}

// checked is an accepted code, and whether anything is still to be proved.
type checked struct {
	evidence core.Evidence
	st       core.ProofState
	known    bool // st could be read
}

// check has the code compared. The try is counted before that, so it is not cancelled.
func (v *Verify) check(w *way) tea.Cmd {
	v.waiting, v.told = true, nil
	code := secret.FromString(v.code.Value(codeField))
	v.code.Clear()
	desk, actor, with := v.env.Desk, v.env.Actor, v.with
	op := core.ConfirmProof{ID: v.env.NewID(), Challenge: w.challenge.ID, Code: code}
	return v.life.Change(workCheck, sentence.Of("prove.checking"), func(ctx context.Context) (tea.Msg, error) {
		defer code.Destroy()
		res, err := desk.Perform(ctx, actor, op)
		if err != nil {
			return nil, err
		}
		st, err := desk.ProofState(ctx, actor, with.Case, with.For)
		return checked{res.Evidence, st, err == nil}, nil
	})
}

// proved closes the screen, or asks for the next proof where one is not enough.
func (v *Verify) proved(c checked) tea.Cmd {
	v.waiting = false
	if !c.known || c.st.Enough {
		return v.leave([]core.Evidence{c.evidence})
	}
	return v.arrive(looked{st: c.st})
}

// fail takes the failure of any work.
func (v *Verify) fail(f screen.Failed) tea.Cmd {
	v.waiting = false
	if f.Of == workLook {
		v.failed = f.Err
		return v.grace.Begin(v.env, v.life)
	}
	return v.refuse(f.Err)
}

// refuse says what was refused, and goes where the operator can go on.
func (v *Verify) refuse(err *core.Error) tea.Cmd {
	w := v.ways.chosen()
	switch {
	case err.Said.ID == "verify.not_accepted" && w != nil:
		left, _ := err.Said.Field("left")
		w.challenge.TriesLeft = left.Count
		v.code.SetProblem(codeField, v.env.Say(err.Said))
		return nil
	case err.Said.ID == "verify.used_up" && w != nil:
		w.challenge, w.usedUp = core.Challenge{}, true
		v.choose(v.ways.best())
	case err.Said.ID == "verify.locked":
		v.told = phrase.Failure(v.env, err)
		return v.cannot()
	case err.Code == core.CodeUnverified && w != nil: // expired, or another operator's: only a new one helps
		w.challenge = core.Challenge{}
	}
	v.told = phrase.Failure(v.env, err)
	if err.Code == core.CodeThrottled || err.Code == core.CodeUnverified {
		v.told.State = theme.StateWarn
	}
	return v.grace.Begin(v.env, v.life)
}
