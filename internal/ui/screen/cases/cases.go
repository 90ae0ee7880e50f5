package cases

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// The names of the work the screens of this package start.
const (
	workList  = "list"
	workTake  = "take"
	workClose = "close"
	workCase  = "case"
)

// Cases is the screen with the lists.
type Cases struct {
	env     *screen.Env
	life    *screen.Life
	views   kit.Tabs
	rows    []core.Case
	names   map[string]string // of operators, by id
	read    core.CaseView     // the view the rows belong to; "" until they are there
	failed  *core.Error
	of      string // the work that failed
	busy    bool   // a case is being taken or closed
	chooser *chooser
	table   kit.Table
}

// listed is an answer.
type listed struct {
	view  core.CaseView
	rows  []core.Case
	names map[string]string
}

// done is a case that was closed.
type done struct{ kase core.Case }

// taken is a handoff that is the operator's now, and where to go on.
type taken struct {
	said sentence.Sentence
	next screen.Push
}

// New makes the screen. It has no params.
func New(env *screen.Env, life *screen.Life, _ any) screen.Screen {
	c := &Cases{env: env, life: life, names: map[string]string{}}
	c.views = kit.Tabs{Theme: env.Theme}
	for _, v := range []core.CaseView{core.CasesMine, core.CasesWaiting, core.CasesClosed} {
		c.views.Items = append(c.views.Items, kit.Tab{ID: string(v), Label: env.Label("cases.tab." + string(v))})
	}
	c.table = kit.Table{Theme: env.Theme, Rows: rows{c}}
	return c
}

// Title implements screen.Screen.
func (c *Cases) Title() string { return c.env.Label("screen.cases") }

// Init implements screen.Screen.
func (c *Cases) Init() tea.Cmd { return c.list() }

// Typing implements screen.Screen.
func (c *Cases) Typing() bool { return false }

// Ages implements screen.Fast: proofs of waiting cases expire.
func (c *Cases) Ages() bool { return c.view() == core.CasesWaiting && len(c.rows) > 0 }

func (c *Cases) view() core.CaseView { return core.CaseView(c.views.Items[c.views.Chosen].ID) }

// list reads the chosen view. The rows of before stay until the new ones are there.
func (c *Cases) list() tea.Cmd {
	desk, actor, v := c.env.Desk, c.env.Actor, c.view()
	return c.life.Run(workList, sentence.Of("home.reading"), func(ctx context.Context) (tea.Msg, error) {
		list, err := desk.ListCases(ctx, actor, v)
		if ctx.Err() != nil {
			return nil, nil // another view is being read
		}
		out := listed{view: v, rows: list, names: map[string]string{}}
		for _, k := range list {
			name(ctx, desk, out.names, k.Handoff.By)
		}
		return out, err
	})
}

func name(ctx context.Context, desk *core.Desk, names map[string]string, id string) {
	if id != "" && names[id] == "" {
		names[id] = desk.Operators.Name(ctx, id).String()
	}
}

// Update implements screen.Screen.
func (c *Cases) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case listed:
		c.show(msg)
	case taken:
		c.busy = false
		return tea.Batch(screen.Do(screen.Toast{State: theme.StateGood, Said: msg.said}), screen.Do(msg.next))
	case done:
		c.busy, c.chooser = false, nil
		return tea.Batch(sayClosed(c.env, msg.kase), c.list())
	case screen.Failed:
		return c.fail(msg)
	case screen.Resumed:
		return c.list()
	case screen.Event:
		if msg.Kind == core.EventCase || msg.Kind == core.EventHandoff {
			return c.list()
		}
	}
	return nil
}

func (c *Cases) show(msg listed) {
	if msg.view != c.view() {
		return
	}
	fresh := c.read != msg.view
	c.rows, c.names, c.read = msg.rows, msg.names, msg.view
	if c.of == workList {
		c.failed = nil // the others stay until the next key: they tell what came of one
	}
	if fresh {
		c.table.Select(0)
		return
	}
	c.table.Refresh()
}

func (c *Cases) fail(msg screen.Failed) tea.Cmd {
	c.failed, c.of = msg.Err, msg.Of
	if msg.Of == workList {
		return nil
	}
	c.busy, c.chooser = false, nil
	return c.list()
}

// sayClosed tells that a case is closed, and as what.
func sayClosed(env *screen.Env, k core.Case) tea.Cmd {
	said := sentence.Of("card.closed", sentence.Count("case", int(k.Number)), sentence.Word("code", phrase.Code(env, k.Code)))
	return screen.Do(screen.Toast{State: theme.StateGood, Said: said})
}

// take takes a handed-over case, 0 for the one that has waited longest, and goes on with what it waits for.
func take(env *screen.Env, life *screen.Life, number int64) tea.Cmd {
	desk, actor := env.Desk, env.Actor
	op := core.TakeHandoff{ID: env.NewID(), Case: number}
	return life.Change(workTake, sentence.Of("home.taking"), func(ctx context.Context) (tea.Msg, error) {
		res, err := desk.Perform(ctx, actor, op)
		if err != nil {
			return nil, err
		}
		return taken{res.Said, screen.GoOn(ctx, desk, actor, res.Case)}, nil
	})
}

// shut closes a case with an outcome code.
func shut(env *screen.Env, life *screen.Life, id string, number int64, code core.OutcomeCode) tea.Cmd {
	desk, actor := env.Desk, env.Actor
	op := core.CloseCase{ID: id, Case: number, Code: code}
	return life.Change(workClose, sentence.Of("card.closing"), func(ctx context.Context) (tea.Msg, error) {
		res, err := desk.Perform(ctx, actor, op)
		return done{res.Case}, err
	})
}
