package sshd_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/sshd"
)

func TestCommandGetsItsLineAndGivesItsExitCode(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.handler.command = func(_ context.Context, s *sshd.Session) int {
		args, err := s.Args()
		_, hasPty := s.Pty()
		input, _ := io.ReadAll(s)
		fmt.Fprintf(s, "%q %v %v %s\n", args, err, hasPty, input)
		fmt.Fprint(s.Stderr(), "to standard error\n")
		return 7
	}
	session := openSession(t, d.enter(t, "lea"))
	var out, errOut bytes.Buffer
	session.Stdout, session.Stderr, session.Stdin = &out, &errOut, strings.NewReader("code")
	var exit *gossh.ExitError
	if err := session.Run(`verify confirm 7 --code '-' "a b"`); !errors.As(err, &exit) || exit.ExitStatus() != 7 {
		t.Fatalf("exit: %v", err)
	}
	if want := `["verify" "confirm" "7" "--code" "-" "a b"] <nil> false code` + "\n"; out.String() != want {
		t.Errorf("out %q, want %q", out.String(), want)
	}
	if errOut.String() != "to standard error\n" {
		t.Errorf("err %q", errOut.String())
	}
}

func TestSessionKnowsWhoItBelongsTo(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	ids := make(chan string, 2)
	d.handler.command = func(_ context.Context, s *sshd.Session) int {
		id := s.Identity()
		id.Factors[0] = "forged"
		if s.Identity().Factors[0] != sshd.FactorKey {
			t.Error("the identity can be changed")
		}
		ids <- s.Identity().OperatorID + " " + s.ID()
		return 0
	}
	client := d.enter(t, "lea")
	for range 2 {
		must(t, openSession(t, client).Run("x"))
	}
	first, second := <-ids, <-ids
	if !strings.HasPrefix(first, "op-lea ") || first == second {
		t.Errorf("%s, %s", first, second)
	}
}

// T79: a shell without a terminal gets a sentence, not a screen.
func TestShellWithoutATerminalIsToldSo(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.handler.noTerminal = func(_ context.Context, s *sshd.Session) int {
		fmt.Fprint(s, "use a terminal\n")
		return 2
	}
	session := openSession(t, d.enter(t, "lea"))
	var out bytes.Buffer
	session.Stdout = &out
	must(t, session.Shell())
	var exit *gossh.ExitError
	if err := session.Wait(); !errors.As(err, &exit) || exit.ExitStatus() != 2 || out.String() != "use a terminal\n" {
		t.Errorf("%v, %q", err, out.String())
	}
}

// T78: whatever the client says of its terminal, the handler gets something it can bear.
func TestTerminalsAreClamped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		term          string
		rows, columns int
		want          sshd.Pty
	}{
		{"ordinary", "xterm-256color", 30, 100, sshd.Pty{Term: "xterm-256color", Size: sshd.Size{Columns: 100, Rows: 30}}},
		{"enormous", "xterm", 65535, 65535, sshd.Pty{Term: "xterm", Size: sshd.Size{Columns: 400, Rows: 150}}},
		{"4 billion", "xterm", 1<<32 - 1, 1<<32 - 1, sshd.Pty{Term: "xterm", Size: sshd.Size{Columns: 400, Rows: 150}}},
		{"nothing", "xterm", 0, 0, sshd.Pty{Term: "xterm", Size: sshd.Size{Columns: 80, Rows: 24}}},
		{"one cell", "vt100", 1, 1, sshd.Pty{Term: "vt100", Size: sshd.Size{Columns: 1, Rows: 1}}},
		{"no name", "", 24, 80, sshd.Pty{Term: "dumb", Size: sshd.Size{Columns: 80, Rows: 24}}},
		{"escapes", "xterm\x1b]0;x\x07", 24, 80, sshd.Pty{Term: "dumb", Size: sshd.Size{Columns: 80, Rows: 24}}},
		{"path", "../../etc/passwd", 24, 80, sshd.Pty{Term: "dumb", Size: sshd.Size{Columns: 80, Rows: 24}}},
		{"64 KiB", strings.Repeat("x", 64<<10), 24, 80, sshd.Pty{Term: "dumb", Size: sshd.Size{Columns: 80, Rows: 24}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t)
			got := make(chan sshd.Pty, 1)
			d.handler.terminal = func(_ context.Context, s *sshd.Session) int {
				pty, _ := s.Pty()
				if !slices.Contains(s.Environ(), "TERM="+pty.Term) {
					t.Errorf("environment %q", s.Environ())
				}
				got <- pty
				return 0
			}
			session := openSession(t, d.enter(t, "lea"))
			must(t, session.RequestPty(tt.term, tt.rows, tt.columns, gossh.TerminalModes{gossh.ECHO: 1}))
			must(t, session.Shell())
			if pty := within(t, "the terminal", got); pty != tt.want {
				t.Errorf("%+v, want %+v", pty, tt.want)
			}
		})
	}
}

// T78: a flood of sizes neither stops the channel nor piles up; the last one arrives.
func TestFloodOfResizesIsCoalesced(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	look, last := make(chan struct{}), make(chan sshd.Size, 1)
	d.handler.terminal = func(ctx context.Context, s *sshd.Session) int {
		<-look
		var size sshd.Size
		for size.Rows != 99 {
			select {
			case size = <-s.Resizes():
			case <-ctx.Done():
				return 1
			}
		}
		last <- size
		return 0
	}
	session := shell(t, d.enter(t, "lea"))
	for i := range 10_000 {
		must(t, session.WindowChange(1+i%90, 1+i%300))
	}
	must(t, session.WindowChange(0, 0))
	must(t, session.WindowChange(99, 70_000))
	eventually(t, "the sizes are taken off the wire", func() bool { return d.Counters().ResizesCoalesced >= 10_000 })
	close(look)
	if size := within(t, "the last size", last); size != (sshd.Size{Columns: 400, Rows: 99}) {
		t.Errorf("%+v", size)
	}
	must(t, session.Wait())
}

// T76: only the variables on the list get in, and only within their bounds.
func TestEnvironmentIsAllowListed(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	got := make(chan []string, 1)
	d.handler.command = func(_ context.Context, s *sshd.Session) int {
		got <- s.Environ()
		return 0
	}
	session := openSession(t, d.enter(t, "lea"))
	for _, v := range [][2]string{
		{"LANG", "zh_CN.UTF-8"},
		{"LC_ALL", "C"},
		{"COLORTERM", "truecolor"},
		{"NO_COLOR", ""},
		{"CLICOLOR", "0"},
		{"TERM", "xterm"},
	} {
		if err := session.Setenv(v[0], v[1]); err != nil {
			t.Errorf("%s: %v", v[0], err)
		}
	}
	for _, v := range [][2]string{
		{"LD_PRELOAD", "/tmp/evil.so"},
		{"TMUX", "/tmp/tmux"},
		{"TEA_TRACE", "/tmp/log"},
		{"PATH", "/tmp"},
		{"LC_", "C"},
		{"LC_x=y", "C"},
		{"lang", "C"},
		{"LC_TIME", "a\nb"},
		{"LC_PAPER", "\x1b[2J"},
		{"LC_NAME", strings.Repeat("n", 257)},
		{"", ""},
	} {
		if err := session.Setenv(v[0], v[1]); err == nil {
			t.Errorf("%q was let in", v[0])
		}
	}
	must(t, session.Run("x"))
	want := []string{"CLICOLOR=0", "COLORTERM=truecolor", "LANG=zh_CN.UTF-8", "LC_ALL=C", "NO_COLOR=", "TERM=xterm"}
	if env := <-got; !slices.Equal(env, want) {
		t.Errorf("environment %q", env)
	}
	if n := d.Counters().EnvRefused; n != 11 {
		t.Errorf("%d refused", n)
	}
}

func TestEnvironmentIsBounded(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	got := make(chan []string, 1)
	d.handler.command = func(_ context.Context, s *sshd.Session) int {
		got <- s.Environ()
		return 0
	}
	session := openSession(t, d.enter(t, "lea"))
	for i := range 1000 {
		_ = session.Setenv("LC_"+strings.Repeat(string(rune('A'+i%26)), 1+i/26%20), strings.Repeat("v", i%200))
	}
	must(t, session.Run("x"))
	env, size := <-got, 0
	for _, v := range env {
		size += len(v) - 1
	}
	if len(env) > 16 || size > 1024 || len(env) == 0 {
		t.Errorf("%d variables of %d bytes", len(env), size)
	}
}

// T76, T77: nothing but terminals and commands is served, and asking for more harms nobody.
func TestOtherRequestsOfASessionAreRefused(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	session := openSession(t, d.enter(t, "lea"))
	subsystem := gossh.Marshal(struct{ Name string }{"sftp"})
	for _, request := range []struct {
		kind    string
		payload []byte
	}{
		{"subsystem", subsystem},
		{"auth-agent-req@openssh.com", nil},
		{"x11-req", gossh.Marshal(struct {
			Single           bool
			Protocol, Cookie string
			Screen           uint32
		}{false, "MIT-MAGIC-COOKIE-1", "00", 0})},
		{"break", make([]byte, 4)},
		{"xon-xoff", []byte{1}},
		{"made-up@example.org", nil},
	} {
		if ok, err := session.SendRequest(request.kind, true, request.payload); ok || err != nil {
			t.Errorf("%s: %v, %v", request.kind, ok, err)
		}
	}
	if n := d.Counters().RequestsRefused; n != 6 {
		t.Errorf("%d refused", n)
	}
	refused := d.events.of(sshd.EventRefused)
	if len(refused) != 6 || refused[0].Detail.Raw() != "subsystem" || refused[0].Identity.OperatorID != "op-lea" || refused[0].Session == "" {
		t.Errorf("events %+v", refused)
	}
	if ok, _ := session.SendRequest("signal", true, gossh.Marshal(struct{ Name string }{"KILL"})); ok {
		t.Error("a signal was served")
	}
	must(t, session.Run("still good"))
}

func TestSecondProgramOnAChannelIsRefused(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	session := shell(t, d.enter(t, "lea"))
	exec := gossh.Marshal(struct{ Line string }{"x"})
	for kind, payload := range map[string][]byte{"shell": nil, "exec": exec, "pty-req": ptyPayload("xterm"), "env": envPayload("LANG", "C")} {
		if ok, err := session.SendRequest(kind, true, payload); ok || err != nil {
			t.Errorf("%s: %v, %v", kind, ok, err)
		}
	}
	if n := d.Counters().Sessions; n != 1 {
		t.Errorf("%d sessions", n)
	}
}

func TestMalformedRequestsAreRefused(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	session := openSession(t, d.enter(t, "lea"))
	nul := gossh.Marshal(struct{ Line string }{"a\x00b"})
	long := gossh.Marshal(struct{ Line string }{strings.Repeat("x", 64<<10+1)})
	for i, request := range []struct {
		kind    string
		payload []byte
	}{
		{"pty-req", []byte{0, 0}},
		{"pty-req", nil},
		{"window-change", []byte{1}},
		{"window-change", make([]byte, 16)},
		{"env", []byte{0xff, 0xff, 0xff, 0xff}},
		{"exec", nil},
		{"exec", nul},
		{"exec", long},
	} {
		if ok, err := session.SendRequest(request.kind, true, request.payload); ok || err != nil {
			t.Errorf("%d %s: %v, %v", i, request.kind, ok, err)
		}
	}
	must(t, session.Run("good"))
}

func ptyPayload(term string) []byte {
	return gossh.Marshal(struct {
		Term       string
		C, R, W, H uint32
		Modes      string
	}{term, 80, 24, 0, 0, ""})
}

func envPayload(name, value string) []byte {
	return gossh.Marshal(struct{ Name, Value string }{name, value})
}

func TestLineFeedsOfATerminalGetTheirReturn(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.handler.terminal = func(_ context.Context, s *sshd.Session) int {
		for _, part := range []string{"a\nb\r\nc\r", "\nd\n", "", "\n\ne"} {
			if n, err := s.Write([]byte(part)); n != len(part) || err != nil {
				t.Errorf("Write(%q) = %d, %v", part, n, err)
			}
		}
		return 0
	}
	session := openSession(t, d.enter(t, "lea"))
	var out bytes.Buffer
	session.Stdout = &out
	must(t, session.RequestPty("xterm", 24, 80, nil))
	must(t, session.Shell())
	must(t, session.Wait())
	if want := "a\r\nb\r\nc\r\nd\r\n\r\n\r\ne"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

func TestOutputOfACommandIsExact(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	want := make([]byte, 3<<20)
	random := rand.New(rand.NewPCG(3, 4))
	for i := range want {
		want[i] = byte(random.Uint32())
	}
	d.handler.command = func(_ context.Context, s *sshd.Session) int {
		if n, err := s.Write(want); n != len(want) || err != nil {
			t.Errorf("Write = %d, %v", n, err)
		}
		return 0
	}
	session := openSession(t, d.enter(t, "lea"))
	got, err := session.Output("x")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes of %d, %v", len(got), len(want), err)
	}
}

// The defect of the stock handlers: the channel closes, its connection lives, and the program is never told.
func TestClosedChannelEndsItsSessionAndNotTheOthers(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	ended := make(chan error, 2)
	d.handler.terminal = func(ctx context.Context, _ *sshd.Session) int {
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return 0
	}
	client := d.enter(t, "lea")
	stays := openSession(t, client)
	input, err := stays.StdinPipe()
	must(t, err)
	output, err := stays.StdoutPipe()
	must(t, err)
	must(t, stays.Start("echo"))
	for range 5 {
		goes := shell(t, client)
		for i := range 40 {
			must(t, goes.WindowChange(10+i, 10+i))
		}
		must(t, goes.Close())
		if cause := within(t, "the end", ended); !errors.Is(cause, sshd.ErrClosed) {
			t.Errorf("ended by %v", cause)
		}
	}
	eventually(t, "one session is left", func() bool { return d.Counters().OpenSessions == 1 })
	_, err = io.WriteString(input, "ping")
	must(t, err)
	answer := make([]byte, 4)
	if _, err := io.ReadFull(output, answer); err != nil || string(answer) != "ping" {
		t.Errorf("the other session answers %q, %v", answer, err)
	}
}

func TestEndOfInputEndsATerminal(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	ended := make(chan error, 1)
	d.handler.terminal = func(ctx context.Context, s *sshd.Session) int {
		_, _ = io.Copy(io.Discard, s)
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return 3
	}
	session := openSession(t, d.enter(t, "lea"))
	session.Stdin = strings.NewReader("typed")
	must(t, session.RequestPty("xterm", 24, 80, nil))
	must(t, session.Shell())
	if cause := within(t, "the end", ended); !errors.Is(cause, sshd.ErrHungUp) {
		t.Errorf("ended by %v", cause)
	}
	var exit *gossh.ExitError
	if err := session.Wait(); !errors.As(err, &exit) || exit.ExitStatus() != 3 {
		t.Errorf("exit: %v", err)
	}
}

// A command may go on when its input has ended: ssh desk verb </dev/null.
func TestEndOfInputDoesNotEndACommand(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.handler.command = func(ctx context.Context, s *sshd.Session) int {
		_, _ = io.Copy(io.Discard, s)
		fmt.Fprint(s, ctx.Err())
		return 0
	}
	session := openSession(t, d.enter(t, "lea"))
	session.Stdin = strings.NewReader("")
	if out, err := session.Output("x"); err != nil || string(out) != "<nil>" {
		t.Errorf("%q, %v", out, err)
	}
}

// T117: a panic ends its own session; the client learns nothing, and its terminal is restored.
func TestPanicEndsOneSession(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.TerminalReset = []byte("<reset>") })
	d.handler.terminal = func(context.Context, *sshd.Session) int { panic("secret of a caller") }
	d.handler.command = func(context.Context, *sshd.Session) int {
		var codes []int
		return codes[len(d.addr)]
	}
	client := d.enter(t, "lea")
	other := openSession(t, client)
	for _, run := range []struct {
		pty  bool
		want string
	}{{true, "<reset>"}, {false, ""}} {
		session := openSession(t, client)
		var out, errOut bytes.Buffer
		session.Stdout, session.Stderr = &out, &errOut
		if run.pty {
			must(t, session.RequestPty("xterm", 24, 80, nil))
			must(t, session.Shell())
		} else {
			must(t, session.Start("x"))
		}
		var exit *gossh.ExitError
		if err := session.Wait(); !errors.As(err, &exit) || exit.ExitStatus() != 1 {
			t.Errorf("exit: %v", err)
		}
		if out.String() != run.want || errOut.Len() != 0 {
			t.Errorf("the client got %q and %q", out.String(), errOut.String())
		}
	}
	d.handler.noTerminal = func(context.Context, *sshd.Session) int { return 0 }
	must(t, other.Shell())
	must(t, other.Wait())
	log := d.log.String()
	if strings.Contains(log, "secret") || !strings.Contains(log, "index out of range") || !strings.Contains(log, "session_test.go") {
		t.Errorf("log: %s", log)
	}
	panicked := d.events.of(sshd.EventPanicked)
	if len(panicked) != 2 || panicked[0].Session == "" || d.Counters().Panics != 2 {
		t.Errorf("events %+v", panicked)
	}
}

func TestServerCanCloseASession(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	ended := make(chan error, 1)
	d.handler.terminal = func(ctx context.Context, s *sshd.Session) int {
		go func() { must(t, s.Close()) }()
		_, _ = io.Copy(io.Discard, s)
		<-ctx.Done()
		ended <- context.Cause(ctx)
		if _, err := s.Write([]byte("late")); !errors.Is(err, sshd.ErrClosed) {
			t.Errorf("a late write: %v", err)
		}
		return 0
	}
	session := shell(t, d.enter(t, "lea"))
	if cause := within(t, "the end", ended); !errors.Is(cause, sshd.ErrClosed) {
		t.Errorf("ended by %v", cause)
	}
	var missing *gossh.ExitMissingError
	if err := session.Wait(); !errors.As(err, &missing) {
		t.Errorf("exit: %v", err)
	}
}

// T74: a client that takes bytes off the network and never reads its channel is freed by the write deadline.
func TestSlowReaderIsFreedByTheWriteDeadline(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Timeouts.Write = 200 * time.Millisecond })
	ended := make(chan error, 1)
	d.handler.command = func(ctx context.Context, s *sshd.Session) int {
		for frame := make([]byte, 64<<10); ; {
			if _, err := s.Write(frame); err != nil {
				ended <- errors.Join(err, context.Cause(ctx))
				return 0
			}
		}
	}
	client := d.enter(t, "lea")
	session := openSession(t, client)
	unread, err := session.StdoutPipe()
	must(t, err)
	must(t, session.Start("flood"))
	if cause := within(t, "the end", ended); !errors.Is(cause, sshd.ErrStalled) {
		t.Errorf("ended by %v", cause)
	}
	eventually(t, "the session is gone", func() bool { return d.Counters().OpenSessions == 0 })
	if n := d.Counters(); n.Stalled != 1 || n.Unclosed != 0 {
		t.Errorf("counters %+v", n)
	}
	d.handler.command = nil
	must(t, openSession(t, client).Run("the connection lives"))
	_, _ = io.Copy(io.Discard, unread)
}

// T74: one that does not read the network either loses its connection, and so does one that never agrees to a close.
func TestClientThatTakesNothingLosesItsConnection(t *testing.T) {
	t.Parallel()
	for name, window := range map[string]uint32{"network full": 1<<32 - 1, "window closed": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t, func(c *sshd.Config) {
				c.Timeouts.Write = 200 * time.Millisecond
				c.Timeouts.Close = 200 * time.Millisecond
			})
			ended := make(chan struct{})
			d.handler.command = func(_ context.Context, s *sshd.Session) int {
				defer close(ended)
				for frame := make([]byte, 64<<10); ; {
					if _, err := s.Write(frame); err != nil {
						return 0
					}
				}
			}
			c := d.rawEnter(t, "lea")
			must(t, c.send(channelOpen("session", 0, window, 1<<31)))
			if _, err := c.receiveKind(msgChannelConfirm); err != nil {
				t.Fatal(err)
			}
			must(t, c.send(channelRequest(0, "exec", false, appendString(nil, []byte("flood")))))
			within(t, "the handler returns", ended)
			eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
		})
	}
}

// T74: sizes that no client has, and windows that overflow, end in a refusal or the connection's end.
func TestAbsurdWindowsAreRefused(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.rawEnter(t, "lea")
	for _, packet := range []uint32{0, 8, 1<<31 + 1, 1<<32 - 1} {
		must(t, c.send(channelOpen("session", 9, 1<<20, packet)))
		if _, err := c.receiveKind(msgChannelFailure); err != nil {
			t.Fatalf("packets of %d: %v", packet, err)
		}
	}
	must(t, c.send(channelOpen("session", 9, 1<<32-1, 1<<15)))
	if _, err := c.receiveKind(msgChannelConfirm); err != nil {
		t.Fatal(err)
	}
	must(t, c.send(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte{msgChannelAdjust}, 0), 1)))
	for err := error(nil); err == nil; {
		_, err = c.receive()
	}
	eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
}

// T79: what nobody reads is stopped by the window and does not grow.
func TestFloodOfInputWaitsInTheClient(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	look := make(chan struct{})
	d.handler.command = func(_ context.Context, s *sshd.Session) int {
		<-look
		n, _ := io.Copy(io.Discard, s)
		fmt.Fprint(s, n)
		return 0
	}
	session := openSession(t, d.enter(t, "lea"))
	session.Stdin = io.LimitReader(zeros{}, 16<<20)
	var out bytes.Buffer
	session.Stdout = &out
	must(t, session.Start("x"))
	close(look)
	must(t, session.Wait())
	if out.String() != fmt.Sprint(16<<20) {
		t.Errorf("read %s bytes", out.String())
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
