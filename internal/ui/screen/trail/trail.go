package trail

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

const (
	// pageSize is how many records are asked for at once.
	pageSize = 100
	// ahead is how near to the end of the rows the next page is asked for.
	ahead = 20
	// maxRows is how many records a terminal holds.
	maxRows = 5_000
)

const workPage = "page"

// Trail is the screen.
type Trail struct {
	env    *screen.Env
	life   *screen.Life
	kinds  kit.Tabs
	about  screen.TrailParams // the account or case the records are about; zero for all
	rows   []core.Record
	names  map[string]string // of operators, by id
	whole  bool              // the oldest record is there
	read   bool
	round  int // stamps answers: those of an older filter are dropped
	going  bool
	fresh  bool // something was recorded since
	failed *core.Error
	table  kit.Table
}

// page is an answer.
type page struct {
	round   int
	records []core.Record
	names   map[string]string
}

// New makes the screen for screen.TrailParams, or for everything.
func New(env *screen.Env, life *screen.Life, with any) screen.Screen {
	about, _ := with.(screen.TrailParams)
	t := &Trail{env: env, life: life, about: about, names: map[string]string{}}
	t.kinds = kit.Tabs{Theme: env.Theme}
	for _, f := range filters() {
		t.kinds.Items = append(t.kinds.Items, kit.Tab{ID: f.id, Label: env.Label("trail.tab." + f.id)})
	}
	t.table = kit.Table{Theme: env.Theme, Rows: records{t}, Columns: []kit.Column{
		{Min: 7},
		{Min: 12, Flex: 1, Max: 22},
		{Min: 27, Flex: 6, Max: 48},
		{Min: 14, Flex: 2, Max: 26, Priority: 1},
		{Min: 6, Align: kit.AlignRight, Priority: 2},
	}}
	return t
}

// filter is a choice of kinds of records.
type filter struct {
	id    string
	kinds []core.RecordKind
}

func filters() []filter {
	return []filter{
		{"all", nil},
		{"changes", []core.RecordKind{core.KindIntent, core.KindOutcome, core.KindReconciled}},
		{"cases", []core.RecordKind{core.KindDesk}},
		{"refused", []core.RecordKind{core.KindDenied}},
		{"looks", []core.RecordKind{core.KindLook}},
		{"system", []core.RecordKind{core.KindSystem}},
	}
}

// Title implements screen.Screen.
func (t *Trail) Title() string { return t.env.Label("screen.trail") }

// Init implements screen.Screen.
func (t *Trail) Init() tea.Cmd { return t.begin() }

// Typing implements screen.Screen.
func (t *Trail) Typing() bool { return false }

// mayRead reports whether the operator may read anything at all.
func (t *Trail) mayRead() bool { return t.reach() != "" }

// reach is how far the operator's role reaches, as the id of a sentence.
func (t *Trail) reach() string {
	for _, p := range []struct {
		may rbac.Permission
		id  string
	}{{rbac.TrailAll, "trail.reach.all"}, {rbac.TrailHanded, "trail.reach.handed"}, {rbac.TrailOwn, "trail.reach.own"}} {
		if ok, _ := t.env.Allowed(p.may); ok {
			return p.id
		}
	}
	return ""
}

// begin reads from the newest record on.
func (t *Trail) begin() tea.Cmd {
	t.round++
	t.rows, t.whole, t.read, t.fresh, t.failed = nil, false, false, false, nil
	t.table.Select(0)
	return t.ask(0)
}

func (t *Trail) ask(before int64) tea.Cmd {
	t.going = true
	desk, actor, round := t.env.Desk, t.env.Actor, t.round
	f := core.TrailFilter{
		Account: t.about.Account, Case: t.about.Case, Kinds: filters()[t.kinds.Chosen].kinds, BeforeSeq: before, Limit: pageSize,
	}
	return t.life.Run(workPage, sentence.Of("trail.reading"), func(ctx context.Context) (tea.Msg, error) {
		list, err := desk.ReadTrail(ctx, actor, f)
		if ctx.Err() != nil {
			return nil, nil // another filter is being read
		}
		return page{round, list, names(ctx, desk, list)}, err
	})
}

// names are what colleagues call the operators of these records.
func names(ctx context.Context, desk *core.Desk, list []core.Record) map[string]string {
	out := map[string]string{}
	for _, r := range list {
		if id := r.Actor.OperatorID; id != "" && out[id] == "" {
			out[id] = desk.Operators.Name(ctx, id).String()
		}
	}
	return out
}

// Update implements screen.Screen.
func (t *Trail) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case page:
		t.take(msg)
	case screen.Failed:
		t.going, t.failed = false, msg.Err
	case screen.Event:
		t.fresh = t.fresh || msg.Kind != core.EventHealth
	}
	return nil
}

func (t *Trail) take(p page) {
	if p.round != t.round {
		return
	}
	t.going, t.read, t.failed = false, true, nil
	t.rows = append(t.rows, p.records...)
	t.whole = len(p.records) < pageSize
	for id, name := range p.names {
		t.names[id] = name
	}
	t.table.Refresh()
}

// more asks for older records when the end of the rows comes near.
func (t *Trail) more() tea.Cmd {
	at, _ := t.table.Selected()
	if t.whole || t.going || !t.read || at < len(t.rows)-ahead || len(t.rows) >= maxRows {
		return nil
	}
	return t.ask(t.rows[len(t.rows)-1].Seq)
}

// selected is the chosen record.
func (t *Trail) selected() (core.Record, bool) {
	i, ok := t.table.Selected()
	if !ok {
		return core.Record{}, false
	}
	return t.rows[i], true
}
