package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// menu is the command palette: everything that can be done here, filtered by what is typed.
type menu struct {
	typed kit.Input
	all   kit.KeyMap
	shown kit.KeyMap
	table kit.Table
}

func (o *overlay) palette(r *Root) {
	m := &menu{all: r.menu()}
	m.typed = kit.Input{Theme: r.env.Theme, Placeholder: r.env.Label("palette.placeholder"), Max: 40}
	m.table = kit.Table{
		Theme: r.env.Theme, Rows: m, Empty: r.env.Label("palette.nothing"),
		Columns: []kit.Column{{Min: 28, Flex: 1}, {Min: 10}, {Min: 12, Priority: 1}},
	}
	o.menu = m
	m.filter(r)
}

func (m *menu) filter(*Root) {
	m.shown = m.shown[:0]
	want := strings.ToLower(m.typed.Value())
	for _, b := range m.all {
		if b.Label != "" && strings.Contains(strings.ToLower(b.Label), want) {
			m.shown = append(m.shown, b)
		}
	}
	m.table.Refresh()
}

// Len implements kit.Rows.
func (m *menu) Len() int { return len(m.shown) }

// Row implements kit.Rows.
func (m *menu) Row(i int) []kit.Cell {
	b := m.shown[i]
	token := theme.Text
	if !b.Enabled() {
		token = theme.Disabled
	}
	return []kit.Cell{{Text: b.Label, Token: token}, {Text: shown(b), Token: theme.Key}, {Text: b.Disabled, Token: theme.Dim}}
}

func (o *overlay) menuKey(r *Root, k tea.KeyPressMsg) tea.Cmd {
	m := o.menu
	switch k.String() {
	case "esc", "ctrl+k":
		o.menu = nil
		return nil
	case "enter":
		i, ok := m.table.Selected()
		if !ok || !m.shown[i].Enabled() {
			return nil
		}
		o.menu = nil
		return r.choose(m.shown[i])
	}
	if m.table.Update(k) {
		return nil
	}
	if m.typed.Update(k) {
		m.filter(r)
	}
	return nil
}

// choose does what a binding stands for: a screen of the registry, a key of the root, or a key of the screen on top.
func (r *Root) choose(b kit.Binding) tea.Cmd {
	if route, ok := strings.CutPrefix(b.ID, "go."); ok {
		return r.visit(screen.Route(route))
	}
	if name, ok := strings.CutPrefix(b.ID, themePrefix); ok {
		return r.retheme(theme.Name(name))
	}
	if _, ok := r.globalKeys().Find(b.ID); ok {
		return r.global(b.ID)
	}
	if len(b.Keys) == 0 || r.top() == nil {
		return nil
	}
	_, cmd := r.top().screen.Key(pressed(b.Keys[0]))
	return cmd
}

// pressed is the key press of a keystroke's name: one character, a named key, either with ctrl.
func pressed(name string) tea.KeyPressMsg {
	rest, ctrl := strings.CutPrefix(name, "ctrl+")
	k := tea.KeyPressMsg{Code: namedKey(rest)}
	switch runes := []rune(rest); {
	case ctrl:
		k.Mod = tea.ModCtrl
	case len(runes) == 1:
		k.Text = rest
	}
	return k
}

func namedKey(name string) rune {
	switch name {
	case "enter":
		return tea.KeyEnter
	case "esc":
		return tea.KeyEscape
	case "tab":
		return tea.KeyTab
	case "space":
		return tea.KeySpace
	case "up":
		return tea.KeyUp
	case "down":
		return tea.KeyDown
	case "left":
		return tea.KeyLeft
	case "right":
		return tea.KeyRight
	case "delete":
		return tea.KeyDelete
	default:
		return []rune(name)[0]
	}
}
