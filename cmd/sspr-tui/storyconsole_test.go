package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
)

// openPTY makes a pseudo terminal of 80x24: the side of whoever sits there, and the side of the program.
func openPTY() (here, there *os.File, err error) {
	here, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	fd := int(here.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		return nil, nil, err
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		return nil, nil, err
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}); err != nil {
		return nil, nil, err
	}
	there, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	return here, there, err
}

// storyConsole runs the demo in a terminal of this machine, as somebody does who tries it: console [ARGS]. The terminal is called "console".
func storyConsole(ts *testscript.TestScript, _ bool, args []string) {
	s := stageOf(ts)
	here, there, err := openPTY()
	ts.Check(err)
	cmd := exec.CommandContext(s.ctx, "sspr-tui", append([]string{"demo", "--state", s.state(), "--listen", "127.0.0.1:0"}, args...)...)
	cmd.Env = append(os.Environ(), "TZ=UTC", "TERM=xterm-256color", "LANG=C.UTF-8", "HOME="+s.work)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = there, there, there
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Pdeathsig: syscall.SIGKILL}
	ts.Check(cmd.Start())
	ts.Check(there.Close())
	c := &consoleSeat{screen: termtest.NewScreen(80, 24), keys: termtest.NewKeyboard(here), ended: make(chan error, 1)}
	c.screen.AnswerTo(here)
	s.console = c
	go func() { _, _ = io.Copy(c.screen, here) }() // ends with the program's side
	go func() {                                    // ends with the program
		c.ended <- cmd.Wait()
		_ = here.Close()
	}()
	ts.Defer(func() { _ = cmd.Process.Kill() })
}

// consoleSeat is somebody at the terminal the program was started in.
type consoleSeat struct {
	screen *termtest.Screen
	keys   *termtest.Keyboard
	ended  chan error
}

// storyAtConsole types, presses or waits there: at-console see|type|press TEXT, at-console ended
func storyAtConsole(ts *testscript.TestScript, _ bool, args []string) {
	c := stageOf(ts).console
	ctx, cancel := context.WithTimeout(stageOf(ts).ctx, patience)
	defer cancel()
	switch args[0] {
	case "see":
		_, err := c.screen.WaitFor(ctx, args[1], func(f termtest.Frame) bool { return shows(f, args[1]) })
		ts.Check(err)
	case "type":
		ts.Check(c.keys.Type(args[1]))
	case "press":
		ts.Check(c.keys.Press(args[1:]...))
	case "ended":
		select {
		case err := <-c.ended:
			ts.Check(err)
		case <-ctx.Done():
			ts.Fatalf("it has not ended:\n%s", c.screen.Text())
		}
		if f := c.screen.Frame(); f.AltScreen || !f.Cursor.Visible {
			ts.Fatalf("alternate screen %v, cursor %v:\n%s", f.AltScreen, f.Cursor.Visible, f.Text())
		}
	default:
		ts.Fatalf("what is %q?", args[0])
	}
}
