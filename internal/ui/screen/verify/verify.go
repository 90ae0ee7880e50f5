package verify

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// What work is called in screen.Failed.
const (
	workLook  = "look"
	workStart = "start"
	workCheck = "check"
)

// Verify is the screen.
type Verify struct {
	env  *screen.Env
	life *screen.Life
	with screen.VerifyParams

	st      core.ProofState
	ways    ways
	table   kit.Table
	code    kit.Form
	told    *kit.Statement // what happened last; nil for nothing
	failed  *core.Error    // why nothing could be read
	waiting bool           // a check, or a start, is under way: another key must not begin a second one
	stuck   bool           // the caller cannot be proved: what now?
	grace   act.Grace
	exit    act.Exit
}

// New makes the screen for screen.VerifyParams.
func New(env *screen.Env, life *screen.Life, with any) screen.Screen {
	params, _ := with.(screen.VerifyParams)
	v := &Verify{env: env, life: life, with: params, ways: ways{env: env, at: -1}}
	v.table = kit.Table{Theme: env.Theme, Rows: &v.ways, Columns: []kit.Column{{Min: 17}, {Min: 6}, {Min: 8, Flex: 1}}}
	v.code = kit.Form{Theme: env.Theme, Fields: []kit.Field{{ID: codeField, Label: env.Label("prove.code"), Input: kit.Input{Mode: kit.InputCode, Max: longest}}}}
	return v
}

// Title implements screen.Screen.
func (v *Verify) Title() string { return v.env.Label("prove.title") }

// Init implements screen.Screen.
func (v *Verify) Init() tea.Cmd { return v.look() }

// Typing implements screen.Screen: digits that come before the ways are known belong to the code.
func (v *Verify) Typing() bool {
	return !v.stuck && v.failed == nil && (!v.ways.known || v.ways.live(v.env.Now))
}

// Ages implements screen.Fast: a code expires.
func (v *Verify) Ages() bool { return v.ways.live(v.env.Now) }

// looked is what has been proved, and the proof that was begun because beginning it sends nothing.
type looked struct {
	st      core.ProofState
	started *started
}

// look reads the ways, and begins with the best one if that sends nothing: the caller only has to read out a code.
func (v *Verify) look() tea.Cmd {
	v.failed = nil
	desk, actor, with, op := v.env.Desk, v.env.Actor, v.with, v.env.NewID()
	return v.life.Run(workLook, act.Asking(with.Account.ID), func(ctx context.Context) (tea.Msg, error) {
		st, err := desk.ProofState(ctx, actor, with.Case, with.For)
		out := looked{st: st}
		if err != nil || st.Enough || len(st.Offers) == 0 || !st.Offers[0].Usable || sends(st.Offers[0]) {
			return out, err
		}
		s := started{way: st.Offers[0]}
		res, err := desk.Perform(ctx, actor, start(op, with.Case, st.Offers[0]))
		s.challenge, s.err = res.Challenge, err
		out.started = &s
		return out, nil
	})
}

// Update implements screen.Screen.
func (v *Verify) Update(msg tea.Msg) tea.Cmd {
	if v.exit.Taken() {
		return nil
	}
	switch msg := msg.(type) {
	case looked:
		return v.arrive(msg)
	case started:
		return v.begun(msg)
	case checked:
		return v.proved(msg)
	case screen.Failed:
		return v.fail(msg)
	case act.Closed:
		return v.exit.Take(msg.Home(v.env))
	case tea.PasteMsg:
		v.paste(msg.Content)
	}
	return nil
}

func (v *Verify) paste(s string) {
	if v.Typing() && !v.waiting {
		v.code.Paste(s)
	}
}

// arrive shows the ways. Where enough is proved already there is nothing to ask.
func (v *Verify) arrive(l looked) tea.Cmd {
	v.st = l.st
	if l.st.Enough {
		return v.leave(l.st.Counted)
	}
	v.ways.take(l.st)
	if v.ways.at < 0 {
		return v.cannot()
	}
	v.choose(v.ways.at)
	if l.started != nil {
		return v.begun(*l.started)
	}
	return v.grace.Begin(v.env, v.life)
}

// leave closes the screen with what was proved; the terminal may lock again as usual.
func (v *Verify) leave(counted []core.Evidence) tea.Cmd {
	var result any
	if len(counted) > 0 {
		result = counted[0]
	}
	return v.exit.Take(tea.Batch(screen.Do(screen.Hold{Until: v.env.Now}), screen.Do(screen.Pop{Result: result})))
}

// cannot says that the caller cannot be proved, and what can be done then.
func (v *Verify) cannot() tea.Cmd {
	v.stuck = true
	v.code.Clear()
	return v.grace.Begin(v.env, v.life)
}
