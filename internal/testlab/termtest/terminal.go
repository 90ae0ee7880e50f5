package termtest

import (
	"context"
	"fmt"
	"io"
	"time"

	"golang.org/x/crypto/ssh"
)

// Window is the terminal an operator sits at.
type Window struct {
	Cols, Rows int // cells; zero is 80x24
	// Term is the type; "" is xterm-256color.
	Term string
	// Env is sent before the session starts ("LANG=de_DE.UTF-8" as name and
	// value); a server may refuse what it does not know.
	Env map[string]string
	// Command is run on the terminal; "" asks for the shell, as plain ssh does.
	Command string
	// Timeout is how long waits wait; zero is DefaultTimeout.
	Timeout time.Duration
}

func (w Window) withDefaults() Window {
	if w.Cols == 0 && w.Rows == 0 {
		w.Cols, w.Rows = 80, 24
	}
	if w.Term == "" {
		w.Term = "xterm-256color"
	}
	if w.Timeout == 0 {
		w.Timeout = DefaultTimeout
	}
	return w
}

// Terminal is a session with a pty: a Screen that shows it and a Keyboard to
// type on.
type Terminal struct {
	*Screen
	*Keyboard

	session *ssh.Session
	timeout time.Duration
	ended   chan struct{} // closed when the server has ended the session
	code    int
	err     error
}

// Open starts a session with a pty.
func (c *Client) Open(window Window) (*Terminal, error) {
	window = window.withDefaults()
	session, err := c.SSH.NewSession()
	if err != nil {
		return nil, fmt.Errorf("opening a session: %w", err)
	}
	t := &Terminal{Screen: NewScreen(window.Cols, window.Rows), session: session, timeout: window.Timeout, ended: make(chan struct{})}
	if err := t.start(window); err != nil {
		_ = session.Close()
		_ = t.Screen.Close()
		return nil, err
	}
	go t.wait() // ends when the server ends the session, or the connection breaks
	return t, nil
}

func (t *Terminal) start(window Window) error {
	for name, value := range window.Env {
		_ = t.session.Setenv(name, value) // servers refuse names they do not know
	}
	if err := t.session.RequestPty(window.Term, window.Rows, window.Cols, ssh.TerminalModes{}); err != nil {
		return fmt.Errorf("asking for a terminal: %w", err)
	}
	stdin, err := t.session.StdinPipe()
	if err != nil {
		return fmt.Errorf("opening the input: %w", err)
	}
	t.session.Stdout, t.session.Stderr = t.Screen, t.Screen
	t.Keyboard = NewKeyboard(stdin)
	t.AnswerTo(stdin)
	return t.run(window.Command)
}

func (t *Terminal) run(command string) error {
	var err error
	if command == "" {
		err = t.session.Shell()
	} else {
		err = t.session.Start(command)
	}
	if err != nil {
		return fmt.Errorf("starting the session: %w", err)
	}
	return nil
}

func (t *Terminal) wait() {
	t.code, t.err = exitCode(t.session.Wait())
	close(t.ended)
}

// WaitText waits until a row of the screen holds the text.
func (t *Terminal) WaitText(text string) (Frame, error) {
	return t.Wait(fmt.Sprintf("%q", text), func(f Frame) bool { return f.Contains(text) })
}

// WaitGone waits until no row of the screen holds the text.
func (t *Terminal) WaitGone(text string) (Frame, error) {
	return t.Wait(fmt.Sprintf("%q to go", text), func(f Frame) bool { return !f.Contains(text) })
}

// Wait waits until ready is true of the screen; what names it in the error.
func (t *Terminal) Wait(what string, ready func(Frame) bool) (Frame, error) {
	ctx, cancel := context.WithTimeout(context.Background(), t.timeout)
	defer cancel()
	return t.WaitFor(ctx, what, ready)
}

// Resize changes the size of the window and tells the server.
func (t *Terminal) Resize(cols, rows int) error {
	t.Screen.Resize(cols, rows)
	if err := t.session.WindowChange(rows, cols); err != nil {
		return fmt.Errorf("telling the new size: %w", err)
	}
	return nil
}

// Ended waits until the server has ended the session and returns its exit
// status; -1 if it gave none.
func (t *Terminal) Ended() (int, error) {
	select {
	case <-t.ended:
		return t.code, t.err
	case <-time.After(t.timeout):
		return -1, fmt.Errorf("the session has not ended; the screen shows:\n%s", t.Text())
	}
}

// EndInput sends EOF, as a client does whose standard input has ended.
func (t *Terminal) EndInput() error {
	w, ok := t.w.(io.Closer)
	if !ok {
		return nil
	}
	return w.Close()
}

// Close closes the session's channel and leaves the connection open, as a
// client does that shares it between sessions (OpenSSH ControlMaster).
func (t *Terminal) Close() error {
	err := t.session.Close()
	_ = t.Screen.Close() // does not fail
	return err
}
