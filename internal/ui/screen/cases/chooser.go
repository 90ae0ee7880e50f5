package cases

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// chooser asks with which outcome code a case is closed. Its operation id is made when it opens: a double Enter closes once.
type chooser struct {
	env   *screen.Env
	kase  core.Case
	id    string
	table kit.Table
}

func newChooser(env *screen.Env, k core.Case) *chooser {
	c := &chooser{env: env, kase: k, id: env.NewID()}
	c.table = kit.Table{Theme: env.Theme, Rows: c, Columns: []kit.Column{{Min: 30, Flex: 1, Max: 48}, {Min: 14, Flex: 1, Priority: 1}}}
	return c
}

// Len implements kit.Rows.
func (c *chooser) Len() int { return len(core.OutcomeCodes()) }

// Row implements kit.Rows.
func (c *chooser) Row(i int) []kit.Cell {
	code := core.OutcomeCodes()[i]
	return []kit.Cell{{Text: phrase.Code(c.env, code)}, {Text: string(code), Token: theme.Dim}}
}

// chosen is the code under the pointer.
func (c *chooser) chosen() core.OutcomeCode {
	i, _ := c.table.Selected()
	return core.OutcomeCodes()[i]
}

// keys are the keys while it is asked.
func (c *chooser) keys() kit.KeyMap {
	return kit.KeyMap{
		{ID: keyShut, Keys: []string{"enter"}, Label: c.env.Label("cases.shut")},
		{ID: keyMove, Keys: []string{"down", "up"}, Label: c.env.Label("home.choose")},
	}
}

// key takes a key. chosen is true when the code is chosen, left when it was left.
func (c *chooser) key(k tea.KeyPressMsg) (used, chosen, left bool) {
	switch k.String() {
	case "enter":
		return true, true, false
	case "esc":
		return true, false, true
	default:
		return c.table.Update(k), false, false
	}
}

// view draws the question and the codes.
func (c *chooser) view(w, h int) []string {
	title := sentence.Of("cases.close_how", sentence.Count("case", int(c.kase.Number)), sentence.Word("person", phrase.Person(c.kase.Person)))
	s := &kit.Statement{Theme: c.env.Theme, Text: c.env.Say(title)}
	return (&kit.Stack{Theme: c.env.Theme, Gap: 1, Blocks: []kit.Block{s, &c.table}}).View(w, h)
}
