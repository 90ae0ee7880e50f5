package cases

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Case is the screen of one case.
type Case struct {
	env     *screen.Env
	life    *screen.Life
	number  int64
	read    *reading
	failed  *core.Error
	busy    bool
	chooser *chooser
	scroll  kit.Scroll
}

// reading is a case as it was read.
type reading struct {
	kase     core.Case
	evidence []core.Evidence
	history  []core.Record // as far as the operator's role reaches
	names    map[string]string
}

// NewCase makes the screen for screen.CaseParams.
func NewCase(env *screen.Env, life *screen.Life, with any) screen.Screen {
	params, _ := with.(screen.CaseParams)
	return &Case{env: env, life: life, number: params.Number, scroll: kit.Scroll{Theme: env.Theme}}
}

// Title implements screen.Screen.
func (c *Case) Title() string {
	return c.env.Say(sentence.Of("screen.case", sentence.Count("case", int(c.number))))
}

// Init implements screen.Screen.
func (c *Case) Init() tea.Cmd { return c.again() }

// Typing implements screen.Screen.
func (c *Case) Typing() bool { return false }

// Ages implements screen.Fast: proofs expire.
func (c *Case) Ages() bool {
	return c.read != nil && c.read.kase.Status != core.CaseClosed && len(c.read.evidence) > 0
}

// Beside implements screen.Wide.
func (c *Case) Beside() bool { return true }

// historyRows is how many records of a case are read.
const historyRows = 50

// again reads the case, its proofs and its history.
func (c *Case) again() tea.Cmd {
	desk, actor, number := c.env.Desk, c.env.Actor, c.number
	return c.life.Run(workCase, sentence.Of("cases.reading"), func(ctx context.Context) (tea.Msg, error) {
		k, evidence, err := desk.CaseOf(ctx, actor, number)
		if err != nil {
			return nil, err
		}
		out := &reading{kase: k, evidence: evidence, names: map[string]string{}}
		// Who may see a case need not be able to read the trail: the history is then empty.
		if history, err := desk.ReadTrail(ctx, actor, core.TrailFilter{Case: number, Kinds: tellingKinds(), Limit: historyRows}); err == nil {
			out.history = history
		}
		for _, id := range []string{k.OpenedBy, k.AssignedTo, k.Handoff.By, k.Handoff.TakenBy} {
			name(ctx, desk, out.names, id)
		}
		for _, e := range evidence {
			name(ctx, desk, out.names, e.Operator)
			name(ctx, desk, out.names, e.ReboundFrom)
		}
		for _, r := range out.history {
			name(ctx, desk, out.names, r.Actor.OperatorID)
		}
		return out, nil
	})
}

// tellingKinds are the kinds of records that tell the story of a case.
func tellingKinds() []core.RecordKind {
	return []core.RecordKind{core.KindOutcome, core.KindReconciled, core.KindDenied, core.KindDesk}
}

// Update implements screen.Screen.
func (c *Case) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case *reading:
		c.read, c.failed = msg, nil
	case taken:
		c.busy = false
		return tea.Batch(screen.Do(screen.Toast{State: theme.StateGood, Said: msg.said}), screen.Do(msg.next))
	case done:
		c.busy, c.chooser = false, nil
		return tea.Batch(sayClosed(c.env, msg.kase), c.again())
	case screen.Failed:
		c.busy, c.chooser, c.failed = false, nil, msg.Err
	case screen.Resumed:
		return c.again()
	case screen.Event:
		if msg.Case == c.number {
			return c.again()
		}
	}
	return nil
}

// yours reports whether the case is open and the operator's.
func (c *Case) yours() bool {
	return c.read != nil && c.read.kase.Status == core.CaseOpen && c.read.kase.AssignedTo == c.env.Actor.OperatorID
}

func (c *Case) waits() bool { return c.read != nil && c.read.kase.Status == core.CaseWaiting }

// Keys implements screen.Screen.
func (c *Case) Keys() kit.KeyMap {
	if c.chooser != nil {
		return c.chooser.keys()
	}
	next := key(c.env, keyGo, "enter")
	next.Label, next.Hidden = c.nextLabel(), true
	shut := key(c.env, keyClose, "c")
	if !c.yours() {
		shut.Disabled = c.env.Label("cases.not_yours")
		if c.waits() {
			shut.Disabled = c.env.Label("cases.take_first")
		}
	}
	card, trail := key(c.env, keyCard, "p"), key(c.env, keyTrail, "t")
	if c.read == nil {
		card.Hidden, shut.Hidden, trail.Hidden = true, true, true
	} else if c.read.kase.Status == core.CaseClosed {
		shut.Hidden = true
	}
	again := key(c.env, keyAgain, "ctrl+r")
	again.Hidden = true
	return kit.KeyMap{next, card, shut, trail, again}
}

// Key implements screen.Screen.
func (c *Case) Key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	if c.chooser != nil {
		used, chosen, left := c.chooser.key(k)
		switch {
		case left:
			c.chooser = nil
		case chosen && !c.busy:
			c.busy = true
			return true, shut(c.env, c.life, c.chooser.id, c.number, c.chooser.chosen())
		}
		return used, nil
	}
	b, ok := c.Keys().Match(k, false)
	if !ok {
		return c.scroll.Update(k), nil
	}
	if c.read == nil && b.ID != keyGo && b.ID != keyAgain || c.busy {
		return true, nil
	}
	return true, c.press(b)
}

func (c *Case) press(b kit.Binding) tea.Cmd {
	switch b.ID {
	case keyGo:
		return c.goOn()
	case keyCard:
		return c.card()
	case keyClose:
		if !b.Enabled() {
			return refused(sentence.Of("cases.cannot_close", sentence.Word("why", b.Disabled)))
		}
		c.chooser = newChooser(c.env, c.read.kase)
		return nil
	case keyTrail:
		return screen.Do(screen.Push{To: screen.Trail, With: screen.TrailParams{Case: c.number}})
	case keyAgain:
		return c.again()
	default:
		return nil
	}
}

// goOn does what comes next in this case: take it, go on with it, or look at the account.
func (c *Case) goOn() tea.Cmd {
	switch {
	case c.read == nil && c.failed != nil:
		c.failed = nil
		return c.again()
	case c.read == nil:
		return nil
	case c.waits():
		c.busy = true
		return take(c.env, c.life, c.number)
	case c.yours() && c.read.kase.Handoff.TakenBy == c.env.Actor.OperatorID:
		desk, actor, k := c.env.Desk, c.env.Actor, c.read.kase
		return c.life.Run(workCase, sentence.Of("cases.reading"), func(ctx context.Context) (tea.Msg, error) {
			return taken{sentence.Of("cases.goes_on"), screen.GoOn(ctx, desk, actor, k)}, nil
		})
	default:
		return c.card()
	}
}

func (c *Case) card() tea.Cmd {
	return screen.Do(screen.Push{To: screen.Account, With: screen.AccountParams{Person: c.read.kase.Person}})
}

// nextLabel says what Enter does.
func (c *Case) nextLabel() string {
	switch {
	case c.read == nil && c.failed != nil:
		return c.env.Label("card.try_again")
	case c.read == nil:
		return c.env.Theme.Glyphs().Ellipsis
	case c.waits():
		return c.env.Label("cases.take_it")
	case c.yours():
		return c.env.Label("cases.go_on")
	default:
		return c.env.Label("cases.look")
	}
}
