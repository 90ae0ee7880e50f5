package lineterm_test

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
)

// typed shows what was typed and quits on ctrl+c.
type typed struct{ text string }

func (m typed) Init() tea.Cmd { return nil }

func (m typed) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if key.String() == "ctrl+c" {
			return m, tea.Quit
		}
		m.text += key.Text
	}
	return m, nil
}

func (m typed) View() tea.View { return tea.NewView("typed: " + m.text) }

// sink collects what is written and wakes whoever waits for it.
type sink struct {
	mu    sync.Mutex
	cond  *sync.Cond
	bytes []byte
}

func newSink() *sink {
	s := &sink{}
	s.cond = sync.NewCond(&s.mu)
	return s
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bytes = append(s.bytes, p...)
	s.cond.Broadcast()
	return len(p), nil
}

func (s *sink) waitFor(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !strings.Contains(string(s.bytes), text) {
		s.cond.Wait()
	}
	return string(s.bytes)
}

func TestWhatIsTypedIsShownAndQuittingRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	in, keys := io.Pipe()
	out := newSink()
	done := make(chan error, 1)
	go func() {
		done <- lineterm.Run(context.Background(), typed{}, lineterm.Terminal{In: in, Out: out, Term: "xterm-256color"}, lineterm.Options{})
	}()
	out.waitFor("typed:")
	io.WriteString(keys, "hello")
	out.waitFor("typed: hello")
	io.WriteString(keys, "\x03")
	if err := <-done; err != nil {
		t.Fatalf("Run: %v", err)
	}
	if got := out.waitFor(""); !strings.HasSuffix(got, "\x1b[?1049l") {
		t.Errorf("the terminal was not restored: %q", got)
	}
	keys.Close()
}
