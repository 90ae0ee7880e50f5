package termtest_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	charmssh "charm.land/ssh"
	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
	"golang.org/x/crypto/ssh"
)

// serve starts an SSH server on loopback and returns where it is.
func serve(t *testing.T, handler charmssh.Handler) termtest.Target {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	server := &charmssh.Server{
		Handler:         handler,
		PasswordHandler: func(_ charmssh.Context, password string) bool { return password == "open" },
		HostSigners:     []charmssh.Signer{signer},
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }() // ends with Close
	t.Cleanup(func() { _ = server.Close() })
	return termtest.Target{
		Addr: listener.Addr().String(), User: "lea", HostKey: signer.PublicKey(),
		Auth: []ssh.AuthMethod{ssh.Password("open")},
	}
}

func dial(t *testing.T, target termtest.Target) *termtest.Client {
	t.Helper()
	c, err := termtest.Dial(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func open(t *testing.T, c *termtest.Client, w termtest.Window) *termtest.Terminal {
	t.Helper()
	term, err := c.Open(w)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = term.Close() })
	return term
}

// parrot says what kind of terminal it has got, then every size and every line
// that is typed, and ends with status 3 when the line is "bye".
func parrot(s charmssh.Session) {
	pty, sizes, _ := s.Pty()
	fmt.Fprintf(s, "%s %dx%d %v %q\n", pty.Term, pty.Window.Width, pty.Window.Height, s.Environ(), s.RawCommand())
	go func() {
		for size := range sizes {
			fmt.Fprintf(s, "size %dx%d\n", size.Width, size.Height)
		}
	}()
	var line strings.Builder
	buf := make([]byte, 1)
	for {
		if _, err := s.Read(buf); err != nil {
			_, _ = io.WriteString(s, "end of input\n")
			return
		}
		if buf[0] != '\r' {
			line.WriteByte(buf[0])
			continue
		}
		if line.String() == "bye" {
			_ = s.Exit(3)
			return
		}
		fmt.Fprintf(s, "typed %q\n", line.String())
		line.Reset()
	}
}

func TestATerminalIsWhatTheServerSees(t *testing.T) {
	t.Parallel()
	c := dial(t, serve(t, parrot))
	term := open(t, c, termtest.Window{Cols: 100, Rows: 30, Term: "vt220", Env: map[string]string{"LANG": "de_DE.UTF-8"}, Command: "go"})
	f, err := term.WaitText(`vt220 100x30`)
	if err != nil {
		t.Fatal(err)
	}
	if !f.Contains("LANG=de_DE.UTF-8") || !f.Contains(`"go"`) {
		t.Errorf("the server saw:\n%s", f.Text())
	}
}

func TestTypingResizingAndLeaving(t *testing.T) {
	t.Parallel()
	term := open(t, dial(t, serve(t, parrot)), termtest.Window{})
	steps := []struct {
		do   func() error
		want string
	}{
		{func() error { return nil }, "xterm-256color 80x24"},
		{func() error { return term.Type("hi\r") }, `typed "hi"`},
		{func() error { return term.Resize(120, 40) }, "size 120x40"},
		{func() error { return term.Press("b", "y", "e", "enter") }, ""},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if _, err := term.WaitText(step.want); err != nil {
			t.Fatal(err)
		}
	}
	if code, err := term.Ended(); code != 3 || err != nil {
		t.Errorf("the session ended with %d, %v", code, err)
	}
}

func TestTheEndOfInputReachesTheServer(t *testing.T) {
	t.Parallel()
	term := open(t, dial(t, serve(t, parrot)), termtest.Window{})
	if err := term.EndInput(); err != nil {
		t.Fatal(err)
	}
	if _, err := term.WaitText("end of input"); err != nil {
		t.Fatal(err)
	}
}

func TestAClosedChannelLeavesTheConnection(t *testing.T) {
	t.Parallel()
	c := dial(t, serve(t, parrot))
	first := open(t, c, termtest.Window{})
	if _, err := first.WaitText("xterm"); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := open(t, c, termtest.Window{})
	if _, err := second.WaitText("xterm"); err != nil {
		t.Fatal(err)
	}
}

func TestADroppedConnectionEndsTheSessionWithoutStatus(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	c := dial(t, serve(t, func(s charmssh.Session) {
		defer close(gone)
		parrot(s)
	}))
	term := open(t, c, termtest.Window{})
	if _, err := term.WaitText("xterm"); err != nil {
		t.Fatal(err)
	}
	if err := c.Drop(); err != nil {
		t.Fatal(err)
	}
	<-gone
	if code, _ := term.Ended(); code != -1 {
		t.Errorf("the session ended with %d", code)
	}
}

func TestExecGivesOutputErrorsAndStatus(t *testing.T) {
	t.Parallel()
	c := dial(t, serve(t, func(s charmssh.Session) {
		in, _ := io.ReadAll(s)
		fmt.Fprintf(s, "%s of %q", s.RawCommand(), in)
		fmt.Fprint(s.Stderr(), "a warning")
		_ = s.Exit(4)
	}))
	got, err := c.Exec(context.Background(), "user show jane", "123\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := (termtest.Result{Stdout: `user show jane of "123\n"`, Stderr: "a warning", Code: 4}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestExecEndsWithItsContext(t *testing.T) {
	t.Parallel()
	started := make(chan struct{})
	c := dial(t, serve(t, func(s charmssh.Session) {
		close(started)
		_, _ = io.ReadAll(s)
		<-s.Context().Done()
	}))
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-started
		cancel()
	}()
	if _, err := c.Exec(ctx, "hang", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

func TestAServerWithAnotherKeyIsRefused(t *testing.T) {
	t.Parallel()
	target := serve(t, parrot)
	target.HostKey = serve(t, parrot).HostKey
	if _, err := termtest.Dial(context.Background(), target); err == nil {
		t.Error("it connected to an impostor")
	}
}

func TestAWrongPasswordIsRefused(t *testing.T) {
	t.Parallel()
	target := serve(t, parrot)
	target.Auth = []ssh.AuthMethod{ssh.Password("shut")}
	if _, err := termtest.Dial(context.Background(), target); err == nil {
		t.Error("it signed in")
	}
}

func TestDialEndsWithItsContext(t *testing.T) {
	t.Parallel()
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	ctx, cancel := context.WithCancel(context.Background())
	hung := make(chan struct{})
	go func() { // ends with the test
		if conn, err := mute.Accept(); err == nil {
			defer conn.Close()
		}
		cancel()
		<-hung
	}()
	defer close(hung)
	if _, err := termtest.Dial(ctx, termtest.Target{Addr: mute.Addr().String(), HostKey: serve(t, parrot).HostKey}); err == nil {
		t.Error("it connected to a server that says nothing")
	}
}
