package act

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// WorkLook names the work of an Entry in screen.Failed.
const WorkLook = "look"

// maxTicket is the longest ticket reference that can be typed, in characters; the desk decides what a reference is.
const maxTicket = 64

// Entry opens the case of an operation by itself and looks at what has been proved in it. Where this desk needs a ticket reference for every
// case, it asks for it first.
type Entry struct {
	env     *screen.Env
	life    *screen.Life
	account core.AccountID
	verb    core.Verb // "" when nothing is to be done to the account
	number  int64     // of the case; 0 while none is open
	op      string    // id of opening it
	ask     *kit.Form // for the ticket reference; nil when it is not asked for
}

// NewEntry begins with a case, or with none when number is 0.
func NewEntry(env *screen.Env, life *screen.Life, account core.AccountID, number int64, verb core.Verb) *Entry {
	e := &Entry{env: env, life: life, account: account, verb: verb, number: number, op: env.NewID()}
	if number == 0 && env.Desk.Settings().Case.RequireTicket {
		e.askTicket("")
	}
	return e
}

func (e *Entry) askTicket(problem string) {
	in := kit.Input{Max: maxTicket}
	if e.ask != nil {
		in.Set(e.ask.Value("ticket"))
	}
	e.ask = &kit.Form{Theme: e.env.Theme, Fields: []kit.Field{{
		ID: "ticket", Label: e.env.Label("act.ticket"), Input: in, Hint: e.env.Label("act.ticket_needed"), Problem: problem,
	}}}
}

// Looked is what an Entry found.
type Looked struct{ core.ProofState }

// Start looks, unless a ticket reference is needed first.
func (e *Entry) Start() tea.Cmd {
	if e.ask != nil {
		return nil
	}
	return e.Look(untrusted.Text{})
}

// Look opens the case where there is none, and reads what has been proved. Doing it again is harmless: it is the same case.
func (e *Entry) Look(ticket untrusted.Text) tea.Cmd {
	desk, actor, number, verb := e.env.Desk, e.env.Actor, e.number, e.verb
	open := core.OpenCase{ID: e.op, Account: e.account, Ticket: ticket}
	return e.life.Run(WorkLook, Asking(e.account), func(ctx context.Context) (tea.Msg, error) {
		if number == 0 {
			res, err := desk.Perform(ctx, actor, open)
			if err != nil {
				return nil, err
			}
			number = res.Case.Number
		}
		if verb == "" {
			return lookAtCase(ctx, desk, actor, number)
		}
		st, err := desk.ProofState(ctx, actor, number, verb)
		return Looked{st}, err
	})
}

// lookAtCase is for a case in which nothing is to be done to the account: nothing is asked about it, so that a case about an account that may
// not be touched can be handed off too.
func lookAtCase(ctx context.Context, desk *core.Desk, actor core.Actor, number int64) (tea.Msg, error) {
	c, evidence, err := desk.CaseOf(ctx, actor, number)
	st := core.ProofState{Case: c}
	for _, e := range evidence {
		if e.SpentAt.IsZero() && e.Operator == actor.OperatorID && desk.Clock.Now().Before(e.ExpiresAt) {
			st.Counted = append(st.Counted, e)
		}
	}
	return Looked{st}, err
}

// Again looks once more.
func (e *Entry) Again() tea.Cmd { return e.Look(untrusted.Text{}) }

// Opened remembers the case, so that it is opened once.
func (e *Entry) Opened(l Looked) { e.number, e.ask = l.Case.Number, nil }

// Number is the case, 0 while none is open.
func (e *Entry) Number() int64 { return e.number }

// Asks is the form for the ticket reference, nil when it is not asked for.
func (e *Entry) Asks() *kit.Form { return e.ask }

// Refused takes an error that is about the ticket reference: it is shown below the field.
func (e *Entry) Refused(err *core.Error) bool {
	if e.number != 0 || !slices.Contains([]string{"case.ticket_required", "case.ticket_pattern", "case.ticket_too_long"}, err.Said.ID) {
		return false
	}
	e.askTicket(e.env.Say(err.Said))
	return true
}

// Key takes a key while the ticket reference is asked for.
func (e *Entry) Key(k tea.KeyPressMsg) (used bool, cmd tea.Cmd) {
	if e.life.Busy.Count > 0 {
		return true, nil
	}
	switch e.ask.Update(k) {
	case kit.FormSubmitted:
		return true, e.Look(untrusted.New(e.ask.Value("ticket")))
	case kit.FormEdited:
		return true, nil
	case kit.FormIgnored:
		return false, nil
	default:
		return false, nil
	}
}

// Asking is what an operator reads while a directory is asked.
func Asking(id core.AccountID) sentence.Sentence {
	return sentence.Of("act.asking", sentence.Word("directory", id.Directory))
}
