package operate

import (
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// channel is a place where a new password can go.
type channel struct {
	id    string // of the method, or core.OnScreen
	where string // masked
	kind  string
}

// channels are all of them, the best first; this screen comes last, for operators who may see a password.
type channels struct {
	env   *screen.Env
	list  []channel
	table kit.Table
}

func newChannels(env *screen.Env) *channels {
	c := &channels{env: env}
	c.table = kit.Table{Theme: env.Theme, Rows: c, Columns: []kit.Column{{Min: 20}, {Min: 10, Flex: 1}}}
	return c
}

// take replaces the channels. The chosen one stays chosen.
func (c *channels) take(st core.ProofState) {
	c.list = c.list[:0]
	for _, m := range st.Reach {
		c.list = append(c.list, channel{m.ID, m.Masked(), phrase.Kind(c.env, m.Kind)})
	}
	if st.OnScreen {
		c.list = append(c.list, channel{core.OnScreen, c.env.Label("operate.this_screen"), c.env.Label("operate.shown_here")})
	}
	c.table.Refresh()
}

// chosen is the channel that was chosen; zero when there is none.
func (c *channels) chosen() channel {
	i, ok := c.table.Selected()
	if !ok {
		return channel{}
	}
	return c.list[i]
}

// Len implements kit.Rows.
func (c *channels) Len() int { return len(c.list) }

// Row implements kit.Rows.
func (c *channels) Row(i int) []kit.Cell {
	return []kit.Cell{{Text: c.list[i].where}, {Text: c.list[i].kind, Token: theme.Dim}}
}

// Key implements kit.KeyedRows.
func (c *channels) Key(i int) string { return c.list[i].id }

// Find implements kit.KeyedRows.
func (c *channels) Find(key string) (int, bool) {
	for i := range c.list {
		if c.list[i].id == key {
			return i, true
		}
	}
	return 0, false
}
