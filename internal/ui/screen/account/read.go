package account

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// The names of the work this screen starts.
const (
	workCard     = "card"
	workSameName = "same name"
	workOpen     = "open"
	workClose    = "close"
	workCheck    = "check"
)

// reading is an account as it was read, with the names of the colleagues in it.
type reading struct {
	card   core.Card
	names  map[string]string // by operator id
	nobody bool              // nobody is signed in who holds the role of the first proposed handoff
}

// sameName is whether another account has the same name.
type sameName struct {
	known bool
	other []core.Person
}

// readCard opens the card, which is counted and recorded.
func (c *Card) readCard() tea.Cmd {
	desk, actor, id := c.env.Desk, c.env.Actor, c.person.ID
	return c.life.Run(workCard, c.asking(), func(ctx context.Context) (tea.Msg, error) {
		card, err := desk.Card(ctx, actor, id)
		if err != nil {
			return nil, err
		}
		return complete(ctx, desk, card), nil
	})
}

// readAgain reads the account once more without counting.
func (c *Card) readAgain() tea.Cmd {
	if c.read == nil {
		return c.readCard()
	}
	desk, actor, id := c.env.Desk, c.env.Actor, c.person.ID
	return c.life.Run(workCard, c.asking(), func(ctx context.Context) (tea.Msg, error) {
		card, err := desk.Again(ctx, actor, id)
		if err != nil {
			return nil, err
		}
		return complete(ctx, desk, card), nil
	})
}

func (c *Card) asking() sentence.Sentence {
	return sentence.Of("card.asking", sentence.Word("directory", c.person.ID.Directory))
}

// complete adds what the card needs beyond the account: names, and whether somebody is there to hand it to.
func complete(ctx context.Context, desk *core.Desk, card core.Card) *reading {
	r := &reading{card: card, names: map[string]string{}}
	name := func(id string) {
		if id != "" && r.names[id] == "" {
			r.names[id] = desk.Operators.Name(ctx, id).String()
		}
	}
	for _, rec := range card.Recent {
		name(rec.Actor.OperatorID)
	}
	for _, k := range card.Cases {
		name(k.AssignedTo)
	}
	if next := card.Diagnosis.Next; len(next) > 0 && next[0].To != "" {
		r.nobody = len(desk.Available(ctx, next[0].To)) == 0
	}
	return r
}

// changedSince is the colleague who changed the account after an earlier reading, and when; "" when nobody did. Work that changed nothing,
// such as an opened case, is no change.
func (r *reading) changedSince(before *reading, me string) (string, time.Time) {
	if before == nil {
		return "", time.Time{}
	}
	known := int64(0)
	if len(before.card.Recent) > 0 {
		known = before.card.Recent[0].Seq
	}
	for _, rec := range r.card.Recent {
		changed := rec.Kind == core.KindOutcome && (rec.Outcome == core.Done || rec.Outcome == core.Unknown)
		if rec.Seq > known && changed && rec.Actor.OperatorID != me {
			return r.names[rec.Actor.OperatorID], rec.At
		}
	}
	return "", time.Time{}
}

// mine is the number of the operator's own open case about this account, 0 without one.
func (r *reading) mine(me string) int64 {
	for _, k := range r.card.Cases {
		if k.Status == core.CaseOpen && k.AssignedTo == me {
			return k.Number
		}
	}
	return 0
}

// lookForSameName looks for other people with exactly this name: the caller may be one of them.
func (c *Card) lookForSameName() tea.Cmd {
	desk, actor, person := c.env.Desk, c.env.Actor, c.person
	if strings.TrimSpace(person.DisplayName.Raw()) == "" {
		c.same.known = true
		return nil
	}
	return c.life.Aside(workSameName, func(ctx context.Context) (tea.Msg, error) {
		var found core.SearchResult
		if err := desk.Search(ctx, actor, person.DisplayName, func(r core.SearchResult) { found = r }); err != nil {
			return nil, err
		}
		out := sameName{known: true}
		for _, row := range found.Rows {
			if row.ID != person.ID && row.DisplayName.EqualFold(person.DisplayName) {
				out.other = append(out.other, row.Person)
			}
		}
		return out, nil
	})
}
