package serve

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/table" //nolint:depguard // it is what the desk's own table is compared with
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// stockScreen is the desk's search screen, written as the examples of Bubble Tea are: a line of input, the stock table, and styles
// around them. The input is a string, not the stock component: that would cost the stock side more.
type stockScreen struct {
	ctx    context.Context
	desk   *stage.Desk
	cancel context.CancelFunc // of the search under way
	input  string
	table  table.Model
	result core.SearchResult
	text   string
	width  int
	height int

	strong, dim, key lipgloss.Style
}

// around are the lines of the screen that are not the table: header, rule, input, a blank line, a blank line, the count, a notice, the keys.
const around = 8

// prompt stands before what is typed.
const prompt = " › "

func newStockScreen(ctx context.Context, desk *stage.Desk, w, h int) *stockScreen {
	s := &stockScreen{
		ctx: ctx, desk: desk, cancel: func() {}, width: w, height: h,
		strong: lipgloss.NewStyle().Bold(true), dim: lipgloss.NewStyle().Foreground(lipgloss.Color("247")), key: lipgloss.NewStyle().Bold(true),
	}
	s.table = table.New(table.WithColumns([]table.Column{
		{Title: "Name", Width: 32}, {Title: "Login", Width: 24}, {Title: "Department", Width: 24}, {Title: "State", Width: 14},
	}), table.WithFocused(true), table.WithWidth(w), table.WithHeight(h-around))
	return s
}

// Init implements tea.Model.
func (s *stockScreen) Init() tea.Cmd { return nil }

type foundMsg struct {
	of     string
	result core.SearchResult
}

// Update implements tea.Model.
func (s *stockScreen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = msg.Width, msg.Height
		s.table.SetWidth(msg.Width)
		s.table.SetHeight(msg.Height - around)
	case tea.KeyPressMsg:
		if msg.String() == "ctrl+c" {
			return s, tea.Quit
		}
		return s, s.typed(msg)
	case foundMsg:
		s.land(msg)
	}
	return s, nil
}

func (s *stockScreen) typed(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case msg.String() == "backspace":
		_, n := utf8.DecodeLastRuneInString(s.input)
		s.input = s.input[:len(s.input)-n]
	default:
		s.input += msg.Text
	}
	text := strings.TrimSpace(s.input)
	if text == s.text {
		return nil
	}
	s.text = text
	s.cancel()
	if len(text) < s.desk.Settings().Search.MinLetters {
		return nil
	}
	return s.look(text)
}

func (s *stockScreen) look(text string) tea.Cmd {
	ctx, cancel := context.WithCancel(s.ctx)
	s.cancel = cancel
	return func() tea.Msg {
		m := foundMsg{of: text}
		_ = s.desk.Search(ctx, stage.Actor(), untrusted.New(text), func(r core.SearchResult) { m.result = r })
		if ctx.Err() != nil {
			return nil
		}
		return m
	}
}

func (s *stockScreen) land(msg foundMsg) {
	if msg.of != s.text {
		return
	}
	s.result = msg.result
	rows := make([]table.Row, 0, len(msg.result.Rows))
	for _, r := range msg.result.Rows {
		rows = append(rows, table.Row{r.DisplayName.String(), r.Login.String(), r.Department.String(), string(r.State)})
	}
	s.table.SetRows(rows)
	s.table.SetCursor(0)
}

// View implements tea.Model.
func (s *stockScreen) View() tea.View {
	count := fmt.Sprintf("%d found", len(s.result.Rows))
	if s.result.More {
		count = fmt.Sprintf("more than %d: keep typing", len(s.result.Rows))
	}
	content := lipgloss.JoinVertical(lipgloss.Left,
		s.header(), s.dim.Render(strings.Repeat("─", s.width)), prompt+s.input, "", s.table.View(), "", s.dim.Render("   "+count), "", s.keys())
	v := tea.NewView(content)
	v.AltScreen = true
	v.WindowTitle = "sspr-tui"
	v.Cursor = tea.NewCursor(lipgloss.Width(prompt+s.input), 2)
	return v
}

func (s *stockScreen) header() string {
	left, right := s.strong.Render(" Search"), s.dim.Render("Ann Lee · Level 1 · Oslo ")
	gap := max(0, s.width-lipgloss.Width(left)-lipgloss.Width(right))
	return left + strings.Repeat(" ", gap) + right
}

func (s *stockScreen) keys() string {
	var parts []string
	for _, k := range [][2]string{{"enter", "open"}, {"↑↓", "choose"}, {"esc", "clear"}, {"F1", "help"}, {"ctrl+k", "commands"}, {"F10", "lock"}} {
		parts = append(parts, s.key.Render(k[0])+" "+k[1])
	}
	return " " + strings.Join(parts, "   ")
}
