package uitest

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// stub is a screen that shows nothing and waits to be closed.
type stub struct{}

func newStub(*screen.Env, *screen.Life, any) screen.Screen { return stub{} }

// Title implements screen.Screen.
func (stub) Title() string { return "stub" }

// Init implements screen.Screen.
func (stub) Init() tea.Cmd { return nil }

// Key implements screen.Screen.
func (stub) Key(tea.KeyPressMsg) (bool, tea.Cmd) { return false, nil }

// Update implements screen.Screen.
func (stub) Update(tea.Msg) tea.Cmd { return nil }

// View implements screen.Screen.
func (stub) View(w, h int) screen.Frame { return screen.Frame{Lines: kit.Clamp(nil, w, h)} }

// Keys implements screen.Screen.
func (stub) Keys() kit.KeyMap { return nil }

// Typing implements screen.Screen.
func (stub) Typing() bool { return false }
