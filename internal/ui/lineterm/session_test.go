package lineterm_test

import (
	"context"
	"io"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
)

// model is made of functions; those that are nil do nothing.
type model struct {
	init   func() tea.Cmd
	update func(tea.Msg) tea.Cmd
	view   func() tea.View
}

func (m *model) Init() tea.Cmd {
	if m.init == nil {
		return nil
	}
	return m.init()
}

func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if m.update == nil {
		return m, nil
	}
	return m, m.update(msg)
}

func (m *model) View() tea.View {
	if m.view == nil {
		return tea.NewView("")
	}
	return m.view()
}

// notepad shows what is typed and what it is told; ctrl+c quits. On the keys
// of its bindings it runs commands.
type notepad struct {
	text     string
	bindings map[string]tea.Cmd
}

type note string

func (n *notepad) Init() tea.Cmd { return nil }

func (n *notepad) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if msg.String() == "ctrl+c" {
			return n, tea.Quit
		}
		if cmd, ok := n.bindings[msg.String()]; ok {
			return n, cmd
		}
		n.text += msg.Text
	case note:
		n.text += string(msg)
	}
	return n, nil
}

func (n *notepad) View() tea.View { return tea.NewView("note: " + n.text) }

// say is a command that yields a note.
func say(text string) tea.Cmd { return func() tea.Msg { return note(text) } }

// session is a model that runs on a screen.
type session struct {
	*termtest.Screen
	*termtest.Keyboard

	t       *testing.T
	input   *io.PipeWriter
	resizes chan lineterm.Size
	cancel  context.CancelCauseFunc
	ended   chan struct{}
	err     error
}

// start runs the model until the test ends or it quits.
func start(t *testing.T, m tea.Model, opts lineterm.Options, change ...func(*lineterm.Terminal)) *session {
	t.Helper()
	in, keys := io.Pipe()
	ctx, cancel := context.WithCancelCause(context.Background())
	s := &session{
		Screen: termtest.NewScreen(40, 8), Keyboard: termtest.NewKeyboard(keys), t: t,
		input: keys, resizes: make(chan lineterm.Size), cancel: cancel, ended: make(chan struct{}),
	}
	terminal := lineterm.Terminal{In: in, Out: s.Screen, Term: "xterm-256color", Size: lineterm.Size{Cols: 40, Rows: 8}, Resizes: s.resizes}
	for _, f := range change {
		f(&terminal)
	}
	go func() { // ends with the session
		defer close(s.ended)
		s.err = lineterm.Run(ctx, m, terminal, opts)
	}()
	var once sync.Once
	t.Cleanup(func() {
		once.Do(func() {
			cancel(nil)
			<-s.ended
			_ = in.Close()
			_ = s.Screen.Close()
		})
	})
	return s
}

// see waits until the screen shows the text.
func (s *session) see(text string) termtest.Frame {
	s.t.Helper()
	return s.until(text, func(f termtest.Frame) bool { return f.Contains(text) })
}

func (s *session) until(what string, ready func(termtest.Frame) bool) termtest.Frame {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), termtest.DefaultTimeout)
	defer cancel()
	f, err := s.WaitFor(ctx, what, ready)
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

func (s *session) press(keys ...string) {
	s.t.Helper()
	if err := s.Press(keys...); err != nil {
		s.t.Fatal(err)
	}
}

// end waits for the end, checks that the terminal was restored and returns why
// Run ended.
func (s *session) end() error {
	s.t.Helper()
	<-s.ended
	if f := s.Frame(); f.AltScreen || !f.Cursor.Visible || f.Title != "" {
		s.t.Errorf("the terminal was not restored: %+v", f)
	}
	return s.err
}
