package operate

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// phase is where the screen stands.
type phase string

// The phases, in their order.
const (
	looking    phase = "looking" // the case opens, what is proved is read, the caller is being proved on top
	confirming phase = "confirming"
	performing phase = "performing"
	showing    phase = "showing"  // what came of it
	choosing   phase = "choosing" // the outcome code of the case
)

// Operate is the screen.
type Operate struct {
	env  *screen.Env
	life *screen.Life
	with screen.OperateParams

	entry   *act.Entry
	st      core.ProofState
	phase   phase
	proving bool      // the caller is being proved on top
	version string    // of the account as the operator saw it
	reaches *channels // where a new password can go
	op      string    // id of the operation that is being confirmed
	verdict verdict
	codes   *kit.Table
	closing bool
	shown   shown // a new password that the operator may see
	grace   act.Grace
	exit    act.Exit
}

// New makes the screen for screen.OperateParams.
func New(env *screen.Env, life *screen.Life, with any) screen.Screen {
	params, _ := with.(screen.OperateParams)
	o := &Operate{env: env, life: life, with: params, phase: looking, version: params.Account.Version, op: env.NewID()}
	o.entry = act.NewEntry(env, life, params.Account.ID, params.Case, params.Goal)
	o.reaches = newChannels(env)
	return o
}

// Title implements screen.Screen.
func (o *Operate) Title() string { return o.env.Label(o.goal("operate.title")) }

// goal is the id of a sentence that differs for reset and unlock.
func (o *Operate) goal(id string) string { return act.Goal(id, o.with.Goal) }

// Typing implements screen.Screen.
func (o *Operate) Typing() bool { return o.phase == looking && o.entry.Asks() != nil }

// Ages implements screen.Fast: a proof expires before it is used.
func (o *Operate) Ages() bool { return o.phase == confirming }

// Init implements screen.Screen.
func (o *Operate) Init() tea.Cmd { return o.entry.Start() }

// Update implements screen.Screen.
func (o *Operate) Update(msg tea.Msg) tea.Cmd {
	if o.exit.Taken() {
		return nil
	}
	switch msg := msg.(type) {
	case act.Looked:
		return o.arrive(msg)
	case performed:
		return o.conclude(msg)
	case rechecked:
		return o.reconciled(msg)
	case act.Closed:
		return o.exit.Take(msg.Home(o.env))
	case screen.Failed:
		return o.fail(msg)
	case screen.Resumed:
		return o.resume(msg)
	case screen.Event:
		return o.event(msg)
	case tea.PasteMsg:
		if ask := o.entry.Asks(); ask != nil {
			ask.Paste(msg.Content)
		}
	case hide:
		o.shown.tick(o.env.Now)
	}
	return nil
}

// arrive decides, from what the desk says now, what stands between the operator and the goal.
func (o *Operate) arrive(l act.Looked) tea.Cmd {
	again := o.phase == confirming
	if o.phase != looking && !again {
		return nil
	}
	o.entry.Opened(l)
	o.st = l.ProofState
	if o.version == "" {
		o.version = l.Account.Version
	}
	o.reaches.take(l.ProofState)
	switch {
	case !l.May.Allowed:
		return o.show(o.refusal(core.DeniedBy(l.May, l.Class)))
	case o.version != l.Account.Version:
		changed := sentence.Of("conflict.changed_meanwhile", sentence.Text("name", l.Account.DisplayName))
		return o.show(o.refusal(core.Fail(core.CodeConflict, changed)))
	case o.with.Goal == core.VerbReset && o.reaches.Len() == 0:
		return o.show(o.noWay())
	case !l.Enough:
		o.phase, o.proving = looking, true
		return screen.Do(screen.Push{To: screen.Verify, With: screen.VerifyParams{Account: l.Account, Case: l.Case.Number, For: o.with.Goal}})
	case again:
		return nil
	}
	o.phase = confirming
	return o.grace.Begin(o.env, o.life)
}

// resume goes on after the proof; without one the operator went back, and so does this screen.
func (o *Operate) resume(r screen.Resumed) tea.Cmd {
	if !o.proving {
		return nil
	}
	o.proving = false
	if _, ok := r.Result.(core.Evidence); !ok {
		return o.exit.Take(act.Leave(o.entry.Number()))
	}
	return o.entry.Again()
}

// event looks again when a colleague changed the account, or when an open operation may have become known.
func (o *Operate) event(e screen.Event) tea.Cmd {
	if e.Kind != core.EventAccount || e.Account != o.with.Account.ID {
		return nil
	}
	switch {
	case o.phase == confirming:
		return o.entry.Again()
	case o.phase == showing && o.verdict.unknown:
		return o.checkAgain()
	default:
		return nil
	}
}

func (o *Operate) fail(f screen.Failed) tea.Cmd {
	switch f.Of {
	case act.WorkLook:
		if o.entry.Refused(f.Err) {
			return nil
		}
		if o.phase == confirming { // the confirmation stands: performing looks again by itself
			return nil
		}
	case act.WorkClose:
		o.closing = false
		o.verdict.notClosed = f.Err
		o.phase = showing
		return o.grace.Begin(o.env, o.life)
	case workCheck:
		return o.stillUnknown(f.Err)
	}
	return o.show(o.refusal(f.Err))
}

// show shows what came of it. Keys that were meant for what stood there before do not count.
func (o *Operate) show(v verdict) tea.Cmd {
	o.phase, o.verdict = showing, v
	return o.grace.Begin(o.env, o.life)
}
