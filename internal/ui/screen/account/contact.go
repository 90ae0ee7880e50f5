package account

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// chosen is the method whose value is to be shown; "" for none.
type chosen struct{ method string }

// revealable are the methods with a value behind their mask.
func (c *Card) revealable() []core.Method {
	var out []core.Method
	for _, m := range c.read.card.Account.Methods {
		if !m.Destination.IsZero() {
			out = append(out, m)
		}
	}
	return out
}

// reveal opens the screen that shows one contact value; where there are several, it asks which.
func (c *Card) reveal() tea.Cmd {
	list := c.revealable()
	if len(list) == 1 {
		return c.revealChosen(chosen{list[0].ID})
	}
	title := sentence.Of("card.reveal_which", sentence.Word("person", phrase.Person(c.person)))
	ask := kit.DialogOptions{Title: c.env.Say(title)}
	for _, m := range list {
		ask.Buttons = append(ask.Buttons, kit.Button{ID: m.ID, Label: phrase.Kind(c.env, m.Kind) + " " + m.Masked()})
	}
	return screen.Do(screen.Ask{Dialog: ask, Answer: func(id string) tea.Msg { return chosen{id} }})
}

func (c *Card) revealChosen(msg chosen) tea.Cmd {
	if c.read == nil {
		return nil
	}
	for _, m := range c.revealable() {
		if m.ID == msg.method {
			return c.push(screen.Reveal, screen.RevealParams{Account: c.read.card.Account, Method: m})
		}
	}
	return nil
}
