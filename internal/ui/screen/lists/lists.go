package lists

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

const (
	// pageSize is how many rows are asked for at once.
	pageSize = 200
	// ahead is how near to the end of the rows the next page is asked for.
	ahead = 40
	// maxRows is how many rows a terminal holds; longer lists are for the command.
	maxRows = 10_000

	daysExpiring = 14
	daysIdle     = 90
)

const workPage = "page"

// Lists is the screen.
type Lists struct {
	env    *screen.Env
	life   *screen.Life
	states kit.Tabs
	places kit.Tabs
	rows   []core.ListRow
	next   string // cursor of the next page
	total  int
	read   bool // the first page is there
	asked  request
	failed *core.Error
	export bool
	stale  bool   // an account changed since the list was read
	keep   string // id of the row to be chosen again once the list is read anew
	table  kit.Table
}

// request is the page that is being asked for; the zero request is none. It stamps the answer.
type request struct {
	directory string
	state     core.ListState
	cursor    string
	going     bool
}

// page is an answer.
type page struct {
	of   request
	page core.Page
}

// New makes the screen. It has no params.
func New(env *screen.Env, life *screen.Life, _ any) screen.Screen {
	l := &Lists{env: env, life: life}
	l.states = kit.Tabs{Theme: env.Theme}
	for _, s := range core.ListStates() {
		l.states.Items = append(l.states.Items, kit.Tab{ID: string(s), Label: env.Label("lists.tab." + string(s))})
	}
	l.places = kit.Tabs{Theme: env.Theme, Label: env.Label("lists.in")}
	for _, d := range env.Desk.Directories {
		if in := env.Operator.Scope.Directories; len(in) == 0 || slices.Contains(in, d.Name()) {
			l.places.Items = append(l.places.Items, kit.Tab{ID: d.Name(), Label: d.Name()})
		}
	}
	l.table = kit.Table{Theme: env.Theme, Rows: people{l}, Columns: []kit.Column{
		{Min: 14, Flex: 3, Max: 34},
		{Min: 11, Flex: 2, Max: 24},
		{Min: 10, Flex: 2, Max: 26, Priority: 1},
		{Min: 13, Max: 14, Flex: 1, Priority: 2},
		{Min: 12, Align: kit.AlignRight},
	}}
	return l
}

// Title implements screen.Screen.
func (l *Lists) Title() string { return l.env.Label("screen.lists") }

// Init implements screen.Screen.
func (l *Lists) Init() tea.Cmd { return l.begin() }

// Typing implements screen.Screen.
func (l *Lists) Typing() bool { return false }

func (l *Lists) state() core.ListState { return core.ListState(l.states.Items[l.states.Chosen].ID) }

func (l *Lists) directory() string {
	if len(l.places.Items) == 0 {
		return ""
	}
	return l.places.Items[l.places.Chosen].ID
}

// begin reads the chosen list from its first page.
func (l *Lists) begin() tea.Cmd {
	l.rows, l.next, l.total, l.read, l.failed, l.export, l.stale = nil, "", 0, false, nil, false, false
	l.table.Select(0)
	l.mark()
	if !l.possible() {
		l.read, l.asked = true, request{}
		return nil
	}
	return l.ask("")
}

// mark dims the lists that the chosen directory cannot compute.
func (l *Lists) mark() {
	can := l.capabilities()
	for i, t := range l.states.Items {
		l.states.Items[i].Off = !slices.Contains(can, core.ListState(t.ID))
	}
}

func (l *Lists) capabilities() []core.ListState {
	for _, d := range l.env.Desk.Directories {
		if d.Name() == l.directory() {
			return d.Can().ListStates
		}
	}
	return nil
}

func (l *Lists) possible() bool {
	return len(l.places.Items) > 0 && !l.states.Items[l.states.Chosen].Off
}

// ask asks for one page.
func (l *Lists) ask(cursor string) tea.Cmd {
	l.asked = request{directory: l.directory(), state: l.state(), cursor: cursor, going: true}
	desk, actor, asked := l.env.Desk, l.env.Actor, l.asked
	q := core.ListQuery{State: asked.state, Days: days(asked.state), Cursor: cursor, Limit: pageSize}
	return l.life.Run(workPage, sentence.Of("card.asking", sentence.Word("directory", asked.directory)), func(ctx context.Context) (tea.Msg, error) {
		p, err := desk.List(ctx, actor, asked.directory, q)
		if ctx.Err() != nil {
			return nil, nil // another list is being read
		}
		return page{asked, p}, err
	})
}

func days(s core.ListState) int {
	switch s {
	case core.ListExpiring:
		return daysExpiring
	case core.ListIdle:
		return daysIdle
	case core.ListLocked, core.ListDisabled, core.ListExpired, core.ListMustChange:
		return 0
	default:
		return 0
	}
}

// Update implements screen.Screen.
func (l *Lists) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case page:
		l.take(msg)
	case screen.Failed:
		l.asked, l.failed = request{}, msg.Err
	case screen.Event:
		l.stale = l.stale || msg.Kind == core.EventAccount
	case screen.Resumed:
		if l.stale {
			return l.again()
		}
	}
	return nil
}

// again reads the list anew and chooses the same row.
func (l *Lists) again() tea.Cmd {
	if i, ok := l.table.Selected(); ok {
		l.keep = l.rows[i].ID.String()
	}
	return l.begin()
}

// take adds a page; one of another list is dropped.
func (l *Lists) take(p page) {
	if p.of != l.asked {
		return
	}
	l.asked, l.failed, l.read = request{}, nil, true
	l.rows, l.next, l.total = append(l.rows, p.page.Rows...), p.page.Next, p.page.Total
	l.table.Refresh()
	if i, ok := (people{l}).Find(l.keep); ok {
		l.table.Select(i)
	}
	l.keep = ""
}

// more asks for the next page when the end of the rows comes near.
func (l *Lists) more() tea.Cmd {
	at, _ := l.table.Selected()
	if l.next == "" || l.asked.going || at < len(l.rows)-ahead || len(l.rows) >= maxRows {
		return nil
	}
	return l.ask(l.next)
}
