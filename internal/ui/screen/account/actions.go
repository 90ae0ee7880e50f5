package account

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// next does the best proposed action.
func (c *Card) next() tea.Cmd {
	if c.read == nil {
		if c.failed != nil {
			c.failed = nil
			return c.readCard()
		}
		return nil
	}
	if len(c.read.card.Diagnosis.Next) == 0 {
		return nil
	}
	return c.do(c.read.card.Diagnosis.Next[0])
}

func (c *Card) do(a core.NextAction) tea.Cmd {
	switch a.Kind {
	case core.ActSelfService:
		c.openGuide()
		return nil
	case core.ActUnlock:
		return c.operate(core.VerbUnlock)
	case core.ActReset:
		return c.operate(core.VerbReset)
	case core.ActHandUnlock:
		return c.handOff(core.VerbUnlock, a.To)
	case core.ActHandReset:
		return c.handOff(core.VerbReset, a.To)
	case core.ActHandOff:
		return c.handOff("", a.To)
	case core.ActCheckAgain:
		return c.checkAgain()
	case core.ActWatchNothing:
		return nil
	default:
		return nil
	}
}

// push opens another screen; what it changes is read when it closes.
func (c *Card) push(to screen.Route, with any) tea.Cmd {
	c.away, c.told = true, sentence.Sentence{}
	return screen.Do(screen.Push{To: to, With: with})
}

func (c *Card) operate(v core.Verb) tea.Cmd {
	return c.push(screen.Operate, screen.OperateParams{Goal: v, Account: c.read.card.Account, Case: c.caseNumber()})
}

func (c *Card) handOff(wanted core.Verb, to rbac.Role) tea.Cmd {
	return c.push(screen.HandOff, screen.HandOffParams{
		Account: c.read.card.Account, Case: c.caseNumber(), Wanted: wanted, To: string(to),
	})
}

func (c *Card) caseNumber() int64 { return c.read.mine(c.env.Actor.OperatorID) }

// unlock unlocks, or opens the handoff to those who may.
func (c *Card) unlock() tea.Cmd {
	if c.read.card.May[rbac.Unlock].Allowed {
		return c.operate(core.VerbUnlock)
	}
	return c.handOff(core.VerbUnlock, rbac.UserAdministrator)
}

// handOffAny hands the case off with what is proposed, or for help only.
func (c *Card) handOffAny() tea.Cmd {
	for _, a := range c.read.card.Diagnosis.Next {
		if a.To != "" {
			return c.do(a)
		}
	}
	return c.handOff("", rbac.UserAdministrator)
}

type opened struct{ number int64 }

// verify opens a case where there is none, and proves the caller in it.
func (c *Card) verify() tea.Cmd {
	if n := c.caseNumber(); n != 0 {
		return c.proveIn(opened{n})
	}
	return c.withTicket(func(ticket untrusted.Text) tea.Cmd {
		desk, actor := c.env.Desk, c.env.Actor
		op := core.OpenCase{ID: c.env.NewID(), Account: c.person.ID, Ticket: ticket}
		return c.life.Change(workOpen, sentence.Of("card.opening"), func(ctx context.Context) (tea.Msg, error) {
			res, err := desk.Perform(ctx, actor, op)
			return opened{res.Case.Number}, err
		})
	})
}

func (c *Card) proveIn(o opened) tea.Cmd {
	c.busy = false
	verb := core.VerbReset
	if c.read.card.Account.State.Locked {
		verb = core.VerbUnlock
	}
	return c.push(screen.Verify, screen.VerifyParams{Account: c.read.card.Account, Case: o.number, For: verb})
}

type checked struct{ outcome core.Outcome }

// checkAgain asks what became of an operation whose outcome is not known.
func (c *Card) checkAgain() tea.Cmd {
	if c.busy {
		return nil
	}
	c.busy = true
	desk, actor, id := c.env.Desk, c.env.Actor, c.person.ID
	return c.life.Change(workCheck, c.asking(), func(ctx context.Context) (tea.Msg, error) {
		o, err := desk.CheckAgain(ctx, actor, id)
		return checked{o}, err
	})
}

func (c *Card) sayChecked(msg checked) tea.Cmd {
	c.busy = false
	mark := phrase.Outcome(c.env, msg.outcome).State
	said := sentence.Of("card.checked." + string(msg.outcome))
	return tea.Batch(screen.Do(screen.Toast{State: mark, Said: said}), c.readAgain())
}

// say tells why a key does nothing.
func say(why sentence.Sentence) tea.Cmd {
	return screen.Do(screen.Toast{State: theme.StateOff, Said: why})
}
