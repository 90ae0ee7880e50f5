package screen

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// GoOn is where work on a taken case goes on: with the operation it waits for, on the card where only help is wanted, and in the case itself
// where the account cannot be read now. It reads the account, so it belongs into the work of Life.Change.
func GoOn(ctx context.Context, desk *core.Desk, actor core.Actor, c core.Case) Push {
	if c.Handoff.Wanted != core.VerbUnlock && c.Handoff.Wanted != core.VerbReset {
		return Push{To: Account, With: AccountParams{Person: c.Person}}
	}
	card, err := desk.Again(ctx, actor, c.Person.ID)
	if err != nil {
		return Push{To: Case, With: CaseParams{Number: c.Number}}
	}
	return Push{To: Operate, With: OperateParams{Goal: c.Handoff.Wanted, Account: card.Account, Case: c.Number}}
}
