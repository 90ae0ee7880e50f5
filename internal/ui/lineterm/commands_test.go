package lineterm_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
)

// after is a command that yields a note after a while.
func after(d time.Duration, text string) tea.Cmd {
	return func() tea.Msg {
		time.Sleep(d)
		return note(text)
	}
}

func TestCommandsRunTogetherOrInOrder(t *testing.T) {
	t.Parallel()
	slow, fast := after(2*time.Second, "slow "), after(time.Second, "fast ")
	for name, c := range map[string]struct {
		cmd  tea.Cmd
		want string
		took time.Duration
	}{
		"one":                 {slow, "slow", 2 * time.Second},
		"batch":               {tea.Batch(slow, fast, nil), "fast slow", 2 * time.Second},
		"sequence":            {tea.Sequence(slow, nil, fast), "slow fast", 3 * time.Second},
		"batch in sequence":   {tea.Sequence(tea.Batch(slow, fast), say("end")), "fast slow end", 2 * time.Second},
		"sequence in batch":   {tea.Batch(tea.Sequence(slow, say("end")), fast), "fast slow end", 2 * time.Second},
		"group as a message":  {func() tea.Msg { return tea.Sequence(slow, fast)() }, "slow fast", 3 * time.Second},
		"tick":                {lineterm.Tick(time.Second, func(time.Time) tea.Msg { return note("tick") }), "tick", time.Second},
		"tick of bubble tea":  {tea.Tick(time.Second, func(time.Time) tea.Msg { return note("tick") }), "tick", time.Second},
		"nothing to be done":  {func() tea.Msg { return nil }, "", 0},
		"quick tick in order": {tea.Sequence(lineterm.Tick(0, func(time.Time) tea.Msg { return nil }), say("end")), "end", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := start(t, &notepad{bindings: map[string]tea.Cmd{"g": c.cmd}}, lineterm.Options{})
				s.press("g")
				time.Sleep(c.took)
				synctest.Wait()
				if got := strings.TrimSpace(strings.TrimPrefix(s.Row(0), "note:")); got != c.want {
					t.Errorf("the notes are %q, want %q", got, c.want)
				}
			})
		})
	}
}

func TestATickEndsWithItsProgram(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // the bubble fails if a goroutine or timer of it is left
		fired := false
		tick := lineterm.Tick(time.Hour, func(time.Time) tea.Msg {
			fired = true
			return nil
		})
		s := start(t, &notepad{bindings: map[string]tea.Cmd{"g": tick}}, lineterm.Options{})
		s.press("g")
		synctest.Wait()
		s.press("ctrl+c")
		if err := s.end(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		if fired {
			t.Error("it fired after the end")
		}
	})
}

func TestACommandThatOutlivesItsProgramIsDropped(t *testing.T) {
	t.Parallel()
	started, release, ran := make(chan struct{}), make(chan struct{}), make(chan struct{})
	cmd := tea.Sequence(
		func() tea.Msg {
			close(started)
			<-release
			close(ran)
			return note("late")
		},
		func() tea.Msg { t.Error("the next in order ran after the end"); return nil },
	)
	s := start(t, &notepad{bindings: map[string]tea.Cmd{"g": cmd}}, lineterm.Options{})
	s.press("g")
	<-started
	s.press("ctrl+c")
	if err := s.end(); err != nil {
		t.Fatal(err)
	}
	close(release)
	<-ran
}

func TestTheClipboardIsSetOnRequest(t *testing.T) {
	t.Parallel()
	s := start(t, &notepad{bindings: map[string]tea.Cmd{
		"c": tea.Sequence(tea.SetClipboard("a case number"), say("copied")),
		"l": tea.Sequence(tea.SetClipboard(strings.Repeat("x", 1<<20)), say("too long")),
	}}, lineterm.Options{})
	s.press("c")
	s.see("copied")
	s.press("l")
	s.see("too long")
	s.press("ctrl+c")
	if err := s.end(); err != nil {
		t.Fatal(err)
	}
	if raw := string(s.Raw()); strings.Count(raw, "\x1b]52;") != 1 || !strings.Contains(raw, "\x1b]52;c;YSBjYXNlIG51bWJlcg==\a") {
		t.Errorf("it sent %q", raw)
	}
	if err := s.Oracle(termtest.Clipboard); err != nil {
		t.Error(err)
	}
}

func TestTheBackgroundColourIsAskedForAndAnswered(t *testing.T) {
	t.Parallel()
	var answer string
	m := &model{
		init: func() tea.Cmd { return tea.RequestBackgroundColor },
		update: func(msg tea.Msg) tea.Cmd {
			if c, ok := msg.(tea.BackgroundColorMsg); ok {
				answer = fmt.Sprintf("%s dark=%v", c, c.IsDark())
			}
			return nil
		},
		view: func() tea.View { return tea.NewView(answer) },
	}
	s := start(t, m, lineterm.Options{})
	if err := s.Type("\x1b]11;rgb:1111/", "2222/3333\x1b\\"); err != nil {
		t.Fatal(err)
	}
	s.see("#112233 dark=true")
	if err := s.Oracle(termtest.ColorQuestions); err != nil {
		t.Error(err)
	}
}

func TestClearScreenDrawsEverythingAgain(t *testing.T) {
	t.Parallel()
	s := start(t, &notepad{bindings: map[string]tea.Cmd{"ctrl+l": tea.ClearScreen}}, lineterm.Options{})
	s.press("x")
	s.see("note: x")
	_, _ = s.Write([]byte("\x1b[2J"))
	s.press("ctrl+l")
	s.see("note: x")
}

func TestTheSizeCanBeAskedFor(t *testing.T) {
	t.Parallel()
	sizes := 0
	m := &model{
		update: func(msg tea.Msg) tea.Cmd {
			if _, ok := msg.(tea.WindowSizeMsg); ok {
				sizes++
			}
			if sizes == 2 {
				return tea.Quit
			}
			return tea.RequestWindowSize
		},
	}
	if err := start(t, m, lineterm.Options{}).end(); err != nil {
		t.Error(err)
	}
}

func TestWhatActsOnTheServerDoesNothing(t *testing.T) {
	t.Parallel()
	touched := t.TempDir() + "/touched"
	s := start(t, &notepad{bindings: map[string]tea.Cmd{
		"1": tea.Suspend,                                          //nolint:forbidigo // the point is that it does nothing
		"2": tea.ExecProcess(exec.Command("touch", touched), nil), //nolint:forbidigo // likewise
		"3": tea.Raw("\x1b]52;c;?\a"),
		"4": tea.ReadClipboard,
		"5": tea.Println("printed"),
		"6": tea.RequestTerminalVersion,
		"7": tea.SetPrimaryClipboard("x"),
	}}, lineterm.Options{})
	s.press("1", "2", "3", "4", "5", "6", "7", "x")
	s.see("note: x")
	s.press("ctrl+c")
	if err := s.end(); err != nil {
		t.Fatal(err)
	}
	if err := s.Oracle(); err != nil {
		t.Error(err)
	}
	if err := exec.Command("test", "-e", touched).Run(); err == nil {
		t.Error("a program was run on the server")
	}
}
