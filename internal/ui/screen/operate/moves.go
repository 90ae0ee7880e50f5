package operate

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// move is what can be done after a result.
type move string

// The moves.
const (
	moveClose   move = "close"   // the case, with the proposed outcome code
	moveCaller  move = "caller"  // the same, ready for the next caller
	moveOther   move = "other"   // close it with another outcome code
	moveAgain   move = "again"   // the same as a new operation
	moveReread  move = "reread"  // from the beginning: nothing could be read
	moveAnew    move = "anew"    // from the beginning: what was proved is spent
	moveChannel move = "channel" // back to the confirmation, to choose another way for the password
	moveProve   move = "prove"
	moveHand    move = "hand"
	moveLook    move = "look" // at the card
	moveCheck   move = "check"
)

// letter is the key of a move where Enter does something else.
func (m move) letter() string {
	switch m {
	case moveCaller:
		return "n"
	case moveOther:
		return "o"
	case moveChannel:
		return "c"
	case moveHand:
		return "h"
	case moveAnew:
		return "r"
	case moveClose, moveAgain, moveReread, moveProve, moveLook, moveCheck: // always Enter's
		return ""
	default:
		return ""
	}
}

// binding is the key of a move.
func (o *Operate) binding(m move, key string) kit.Binding {
	said := sentence.Of("operate.move." + string(m))
	switch m {
	case moveClose:
		said = sentence.Of("operate.move.close", sentence.Word("code", phrase.Code(o.env, o.verdict.res.Proposed)))
	case moveHand:
		said = sentence.Of("operate.move.hand", sentence.Word("who", phrase.Role(o.env, o.handTo())))
	case moveAgain:
		said = sentence.Of(o.goal("operate.move.again"))
	case moveCaller, moveOther, moveReread, moveAnew, moveChannel, moveProve, moveLook, moveCheck:
	}
	return kit.Binding{ID: string(m), Keys: []string{key}, Label: o.env.Say(said)}
}

// do makes a move.
func (o *Operate) do(m move) tea.Cmd {
	if o.closing {
		return nil
	}
	switch m {
	case moveClose, moveCaller:
		return o.close(o.verdict.res.Proposed)
	case moveOther:
		o.phase, o.codes = choosing, act.NewCodes(o.env, o.verdict.res.Proposed)
	case moveAgain:
		return o.repeat()
	case moveReread, moveAnew, moveProve:
		return o.restart()
	case moveChannel:
		o.op, o.version, o.phase = o.env.NewID(), "", looking
		return o.entry.Again()
	case moveHand:
		return o.hand()
	case moveLook:
		return o.exit.Take(screen.Do(screen.Pop{}))
	case moveCheck:
		return o.checkAgain()
	}
	return nil
}

// restart goes through everything again as a new operation. After a change of our own, the account as it is now is what the operator saw.
func (o *Operate) restart() tea.Cmd {
	o.op, o.phase = o.env.NewID(), looking
	if o.verdict.ours {
		o.version = ""
	}
	return o.entry.Again()
}

func (o *Operate) close(code core.OutcomeCode) tea.Cmd {
	o.closing, o.verdict.notClosed = true, nil
	return act.Close(o.env, o.life, o.entry.Number(), code)
}

// hand hands the case to those who can go on with it. About an account that may not be touched at all, only help is asked for.
func (o *Operate) hand() tea.Cmd {
	wanted := o.with.Goal
	if strings.HasPrefix(o.verdict.said.ID, "class.") {
		wanted = ""
	}
	return o.exit.Take(screen.Do(screen.Replace{To: screen.HandOff, With: screen.HandOffParams{
		Account: o.account(), Case: o.entry.Number(), Wanted: wanted, To: string(o.handTo()),
	}}))
}

// handTo is the weakest role above the operator's that can do it.
func (o *Operate) handTo() rbac.Role {
	who := o.env.May[act.Permission(o.with.Goal)].WhoCan
	if len(o.st.May.WhoCan) > 0 {
		who = o.st.May.WhoCan
	}
	mine := o.env.Operator.Level()
	if mine < rbac.UserAdministrator.Level() && slices.Contains(who, rbac.UserAdministrator) {
		return rbac.UserAdministrator
	}
	for _, r := range who {
		if r.Level() > mine {
			return r
		}
	}
	return rbac.GlobalAdministrator
}

// account is the account as it was read last.
func (o *Operate) account() core.Account {
	if o.st.Account.ID.IsZero() {
		return o.with.Account
	}
	return o.st.Account
}
