package health

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

const keyAgain = "health.again"

// Health is the screen.
type Health struct {
	env   *screen.Env
	life  *screen.Life
	list  []core.Health
	at    time.Time // of the answers; zero until they are there
	table kit.Table
}

type answers struct {
	list []core.Health
	at   time.Time
}

// New makes the screen. It has no params.
func New(env *screen.Env, life *screen.Life, _ any) screen.Screen {
	h := &Health{env: env, life: life}
	h.table = kit.Table{Theme: env.Theme, Rows: rows{h}, Columns: []kit.Column{
		{Title: env.Label("health.name"), Min: 14, Flex: 2, Max: 32},
		{Title: env.Label("health.state"), Min: 10, Max: 14, Flex: 1},
		{Title: env.Label("health.kind"), Min: 10, Max: 16, Flex: 1, Priority: 1},
		{Title: env.Label("health.usual"), Min: 8, Align: kit.AlignRight},
		{Title: env.Label("health.worst"), Min: 8, Align: kit.AlignRight},
	}}
	return h
}

// Title implements screen.Screen.
func (h *Health) Title() string { return h.env.Label("screen.health") }

// Init implements screen.Screen.
func (h *Health) Init() tea.Cmd { return h.ask() }

// Typing implements screen.Screen.
func (h *Health) Typing() bool { return false }

func (h *Health) ask() tea.Cmd {
	desk, now := h.env.Desk, h.env.Now
	return h.life.Run("health", sentence.Of("home.asking"), func(ctx context.Context) (tea.Msg, error) {
		return answers{desk.Health(ctx), now}, ctx.Err()
	})
}

// Update implements screen.Screen.
func (h *Health) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case answers:
		h.list, h.at = msg.list, msg.at
		h.table.Refresh()
	case screen.Event:
		if msg.Kind == core.EventHealth {
			return h.ask()
		}
	}
	return nil
}

// Keys implements screen.Screen.
func (h *Health) Keys() kit.KeyMap {
	return kit.KeyMap{{ID: keyAgain, Keys: []string{"ctrl+r", "enter"}, Label: h.env.Label(keyAgain)}}
}

// Key implements screen.Screen.
func (h *Health) Key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	if h.table.Update(k) {
		return true, nil
	}
	if _, ok := h.Keys().Match(k, false); ok {
		return true, h.ask()
	}
	return false, nil
}

// worst is the worst level among the answers and how many have it.
func (h *Health) worst() (core.HealthLevel, int) {
	level, n := core.Green, 0
	for _, one := range h.list {
		switch {
		case one.Level == level:
			n++
		case one.Level == core.Red || level == core.Green:
			level, n = one.Level, 1
		}
	}
	return level, n
}
