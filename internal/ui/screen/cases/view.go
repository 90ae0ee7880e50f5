package cases

import (
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// View implements screen.Screen.
func (c *Cases) View(w, h int) screen.Frame {
	if c.chooser != nil {
		return screen.Frame{Lines: kit.Clamp(c.chooser.view(w, h), w, h)}
	}
	lines := append(c.views.View(w, 1), "")
	if c.failed != nil {
		s := phrase.Failure(c.env, c.failed)
		lines = append(lines, s.View(w, s.Height(w))...)
		lines = append(lines, "")
	}
	c.table.Empty, c.table.Loading, c.table.Columns = c.empty(), "", columns(c.read, w)
	if c.read == "" && c.failed == nil {
		c.table.Loading = c.env.Label("home.reading")
	}
	lines = append(lines, c.table.View(w, max(0, h-len(lines)))...)
	return screen.Frame{Lines: kit.Clamp(lines, w, h)}
}

func (c *Cases) empty() string {
	switch c.view() {
	case core.CasesWaiting:
		return c.env.Label("home.nothing_waits")
	case core.CasesClosed:
		return c.env.Label("cases.none_closed")
	case core.CasesMine:
		return c.env.Label("cases.none_open")
	default:
		return ""
	}
}
