package account

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// guide is what the operator reads to a caller who can help themselves. Its operation ids are made when it opens: a second Enter closes
// nothing twice.
type guide struct{ open, shut string }

func (c *Card) openGuide() {
	c.guide = &guide{open: c.env.NewID(), shut: c.env.NewID()}
}

func (c *Card) guideKey(k tea.KeyPressMsg) (bool, tea.Cmd) {
	switch k.String() {
	case "esc":
		c.guide = nil
		return true, nil
	case "enter":
		if c.busy {
			return true, nil
		}
		return true, c.withTicket(c.closeAsSelfService)
	default:
		return false, nil
	}
}

type closed struct{ kase core.Case }

// closeAsSelfService opens a case, unless one is open, and closes it: the caller got in by themselves.
func (c *Card) closeAsSelfService(ticket untrusted.Text) tea.Cmd {
	desk, actor, g, number := c.env.Desk, c.env.Actor, *c.guide, c.caseNumber()
	op := core.OpenCase{ID: g.open, Account: c.person.ID, Ticket: ticket}
	return c.life.Change(workClose, sentence.Of("card.closing"), func(ctx context.Context) (tea.Msg, error) {
		if number == 0 {
			res, err := desk.Perform(ctx, actor, op)
			if err != nil {
				return nil, err
			}
			number = res.Case.Number
		}
		res, err := desk.Perform(ctx, actor, core.CloseCase{ID: g.shut, Case: number, Code: core.ResolvedSelfService})
		return closed{res.Case}, err
	})
}

// leave says that the case is closed and goes home, ready for the next caller.
func (c *Card) leave(msg closed) tea.Cmd {
	c.busy, c.guide = false, nil
	said := sentence.Of("card.closed", sentence.Count("case", int(msg.kase.Number)), sentence.Word("code", phrase.Code(c.env, msg.kase.Code)))
	return tea.Batch(screen.Do(screen.Toast{State: theme.StateGood, Said: said}), screen.Do(screen.GoHome{}))
}

// guideBlock is what is read out. It names kinds of methods, never their values: the caller is not proved.
func (c *Card) guideBlock() kit.Block {
	a := c.read.card.Account
	login := a.UPN
	if login.IsZero() {
		login = a.Login
	}
	lines := []string{
		c.quoted(sentence.Of("card.guide.open", sentence.Word("portal", c.env.Desk.Settings().Self.Portal))),
		c.quoted(sentence.Of("card.guide.login", sentence.Text("login", login))),
	}
	for _, m := range a.Methods {
		if m.Usable {
			lines = append(lines, c.quoted(sentence.Of("card.guide."+string(m.Kind))))
		}
	}
	lines = append(lines, c.quoted(sentence.Of("card.guide.done")))
	return &kit.Stack{Theme: c.env.Theme, Blocks: []kit.Block{
		&kit.Lines{Theme: c.env.Theme, Lines: []kit.Line{kit.Styled(theme.Heading, c.env.Label("card.say"))}},
		&kit.Statement{Theme: c.env.Theme, Details: lines},
	}}
}

func (c *Card) quoted(s sentence.Sentence) string {
	return c.env.Say(sentence.Of("word.quoted", sentence.Nested("words", s)))
}
