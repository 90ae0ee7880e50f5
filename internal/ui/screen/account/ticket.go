package account

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// ticketPrompt asks for the ticket reference at a desk that needs one, and goes on with it.
type ticketPrompt struct {
	input kit.Input
	then  func(untrusted.Text) tea.Cmd
}

// maxTicket is the longest ticket reference, in characters.
const maxTicket = 64

// withTicket goes on at once, or asks for the ticket reference where this desk needs one and no case is open.
func (c *Card) withTicket(then func(untrusted.Text) tea.Cmd) tea.Cmd {
	if !c.env.Desk.Settings().Case.RequireTicket || c.caseNumber() != 0 {
		c.busy = true
		return then(untrusted.Text{})
	}
	c.prompt = &ticketPrompt{then: then, input: kit.Input{Theme: c.env.Theme, Max: maxTicket, Placeholder: c.env.Label("card.ticket")}}
	return nil
}

func (c *Card) promptKey(k tea.KeyPressMsg) (bool, tea.Cmd) {
	switch k.String() {
	case "esc":
		c.prompt = nil
		return true, nil
	case "enter":
		if c.prompt.input.Len() == 0 {
			return true, nil
		}
		p := c.prompt
		c.prompt, c.busy = nil, true
		return true, p.then(untrusted.New(p.input.Value()))
	default:
		return c.prompt.input.Update(k), nil
	}
}
