package handoff

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// What work is called in screen.Failed.
const (
	workRoles = "roles"
	workHand  = "hand"
)

// HandOff is the screen.
type HandOff struct {
	env  *screen.Env
	life *screen.Life
	with screen.HandOffParams

	entry   *act.Entry
	st      core.ProofState
	known   bool // what has been proved was read
	roles   roles
	table   kit.Table
	form    kit.Form
	touched bool // the operator wrote the reason: it is not replaced
	proving bool // the caller is being proved on top
	asked   bool // and has been: it is not asked for twice
	handing string
	waiting bool
	failed  *core.Error
	done    *core.Result
	grace   act.Grace
	exit    act.Exit
}

// New makes the screen for screen.HandOffParams.
func New(env *screen.Env, life *screen.Life, with any) screen.Screen {
	params, _ := with.(screen.HandOffParams)
	s := &HandOff{env: env, life: life, with: params, handing: env.NewID()}
	s.entry = act.NewEntry(env, life, params.Account.ID, params.Case, params.Wanted)
	s.roles = newRoles(env, params)
	s.table = kit.Table{Theme: env.Theme, Rows: &s.roles, Columns: []kit.Column{{Min: 9}, {Min: 20, Flex: 1, Max: 40}, {Min: 18}}}
	s.table.Select(s.roles.proposed)
	s.form = kit.Form{Theme: env.Theme, Fields: []kit.Field{{ID: reasonField, Label: env.Label("hand.reason"), Input: kit.Input{Max: maxReason}}}}
	return s
}

// Title implements screen.Screen.
func (s *HandOff) Title() string { return s.env.Label("hand.title") }

// Typing implements screen.Screen.
func (s *HandOff) Typing() bool { return s.done == nil && s.failed == nil }

// Init implements screen.Screen.
func (s *HandOff) Init() tea.Cmd { return tea.Batch(s.entry.Start(), s.countRoles()) }

// countRoles reads how many of each role are signed in, the operator apart.
func (s *HandOff) countRoles() tea.Cmd {
	desk, list, me := s.env.Desk, s.roles.list, s.env.Actor.OperatorID
	return s.life.Aside(workRoles, func(ctx context.Context) (tea.Msg, error) {
		out := present{}
		for _, r := range list {
			others := slices.DeleteFunc(desk.Available(ctx, r), func(id string) bool { return id == me })
			out[r] = len(others)
		}
		return out, nil
	})
}

// Update implements screen.Screen.
func (s *HandOff) Update(msg tea.Msg) tea.Cmd {
	if s.exit.Taken() {
		return nil
	}
	switch msg := msg.(type) {
	case act.Looked:
		return s.arrive(msg)
	case present:
		return s.counted(msg)
	case handed:
		return s.finish(msg)
	case screen.Resumed:
		return s.resume(msg)
	case screen.Failed:
		return s.fail(msg)
	case tea.PasteMsg:
		s.paste(msg.Content)
	}
	return nil
}

// arrive goes on when both are known: what has been proved, and who is there.
func (s *HandOff) arrive(l act.Looked) tea.Cmd {
	s.entry.Opened(l)
	s.st, s.known, s.failed = l.ProofState, true, nil
	return s.goOn()
}

func (s *HandOff) counted(p present) tea.Cmd {
	s.roles.present = p
	return s.goOn()
}

// goOn proves the caller where something is wanted that needs it; that nobody is there to do it is said before. Then the form is shown.
func (s *HandOff) goOn() tea.Cmd {
	if !s.known || s.done != nil || s.proving {
		return nil
	}
	if s.roles.present == nil { // nothing is ready before both are known
		return s.grace.Begin(s.env, s.life)
	}
	if s.needsProof() {
		s.proving, s.asked = true, true
		return screen.Do(screen.Push{To: screen.Verify, With: screen.VerifyParams{
			Account: s.with.Account, Case: s.entry.Number(), For: s.with.Wanted, Note: s.nobody(), To: string(s.roles.at(s.roles.proposed)),
		}})
	}
	s.propose()
	return s.grace.Begin(s.env, s.life)
}

func (s *HandOff) needsProof() bool {
	wanted := s.with.Wanted == core.VerbReset || s.with.Wanted == core.VerbUnlock
	return wanted && !s.st.Enough && !s.with.Unproved && !s.asked
}

// nobody says that nobody of the chosen role is signed in; zero when somebody is.
func (s *HandOff) nobody() sentence.Sentence {
	r := s.roles.at(s.selected())
	if s.roles.present[r] > 0 {
		return sentence.Sentence{}
	}
	return sentence.Of("hand.nobody", sentence.Word("who", phrase.Role(s.env, r)))
}

func (s *HandOff) selected() int {
	i, _ := s.table.Selected()
	return i
}

// resume goes on after the proof; without one the operator went back, and so does this screen.
func (s *HandOff) resume(r screen.Resumed) tea.Cmd {
	if !s.proving {
		return nil
	}
	s.proving = false
	if _, ok := r.Result.(core.Evidence); !ok {
		return s.exit.Take(act.Leave(s.entry.Number()))
	}
	s.known = false // what stands there was true before the proof
	return s.entry.Again()
}

type handed struct{ res core.Result }

// hand moves the case. A second Enter is the same operation.
func (s *HandOff) hand() tea.Cmd {
	s.waiting, s.failed = true, nil
	desk, actor := s.env.Desk, s.env.Actor
	op := core.HandOff{
		ID: s.handing, Case: s.entry.Number(), To: s.roles.at(s.selected()), Wanted: s.with.Wanted,
		Reason: untrusted.New(s.form.Value(reasonField)),
	}
	said := sentence.Of("hand.handing", sentence.Word("who", phrase.Role(s.env, op.To)))
	return s.life.Change(workHand, said, func(ctx context.Context) (tea.Msg, error) {
		res, err := desk.Perform(ctx, actor, op)
		return handed{res}, err
	})
}

func (s *HandOff) finish(h handed) tea.Cmd {
	s.waiting, s.done = false, &h.res
	return s.grace.Begin(s.env, s.life)
}

func (s *HandOff) fail(f screen.Failed) tea.Cmd {
	s.waiting = false
	switch {
	case f.Of == workRoles:
		return s.counted(present{}) // that nobody is there is the careful answer
	case f.Of == act.WorkLook && s.entry.Refused(f.Err):
		return nil
	case f.Err.Said.ID == "handoff.reason":
		s.form.SetProblem(reasonField, s.env.Say(f.Err.Said))
		return nil
	}
	s.failed = f.Err
	return s.grace.Begin(s.env, s.life)
}

func (s *HandOff) paste(text string) {
	switch ask := s.entry.Asks(); {
	case ask != nil:
		ask.Paste(text)
	case s.Typing() && s.known && !s.waiting:
		s.touched = true
		s.form.Paste(text)
	}
}

// proved is the evidence that travels with the case, zero when none does.
func (s *HandOff) proved() core.Evidence {
	if len(s.st.Counted) == 0 {
		return core.Evidence{}
	}
	return s.st.Counted[0]
}

// Ages implements screen.Fast: the proof expires while the case is open.
func (s *HandOff) Ages() bool { return s.done == nil && len(s.st.Counted) > 0 }
