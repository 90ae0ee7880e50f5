package sshd_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/sshd"
)

// inFlight is an Operations that a test ends.
type inFlight struct{ done chan struct{} }

func (f inFlight) Wait(ctx context.Context) error {
	select {
	case <-f.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// drained starts a drain and returns its result.
func drained(d *desk, limit time.Duration) <-chan error {
	result := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		result <- d.Drain(ctx)
	}()
	return result
}

func TestDrainAsksSessionsToLeaveAndWaitsForThem(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Timeouts.Farewell = patience })
	d.handler.terminal = func(ctx context.Context, s *sshd.Session) int {
		select {
		case <-s.Leaving():
		case <-ctx.Done():
			return 1
		}
		if s.LeaveReason() != sshd.LeaveDrain || ctx.Err() != nil {
			t.Errorf("%q, %v", s.LeaveReason(), ctx.Err())
		}
		_, _ = io.WriteString(s, "goodbye")
		return 5
	}
	client := d.enter(t, "lea")
	session := openSession(t, client)
	var out bytes.Buffer
	session.Stdout = &out
	must(t, session.RequestPty("xterm", 24, 80, nil))
	must(t, session.Shell())
	eventually(t, "the session runs", func() bool { return d.Counters().OpenSessions == 1 })
	must(t, within(t, "the drain", drained(d, patience)))
	var exit *gossh.ExitError
	if err := session.Wait(); !errors.As(err, &exit) || exit.ExitStatus() != 5 || out.String() != "goodbye" {
		t.Errorf("%v, %q", err, out.String())
	}
}

func TestDrainWaitsForOperationsInFlight(t *testing.T) {
	t.Parallel()
	flight := inFlight{make(chan struct{})}
	d := openDesk(t, func(c *sshd.Config) { c.Operations = flight })
	ended := make(chan struct{})
	d.handler.command = func(ctx context.Context, _ *sshd.Session) int {
		<-ctx.Done()
		close(ended)
		return 0
	}
	session := openSession(t, d.enter(t, "lea"))
	must(t, session.Start("password reset 7"))
	result := drained(d, patience)
	eventually(t, "the door is closed", func() bool {
		conn, err := net.Dial("tcp", d.addr)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
	select {
	case <-ended:
		t.Error("the session was ended while its operation was in flight")
	case err := <-result:
		t.Errorf("the drain was over: %v", err)
	case <-time.After(300 * time.Millisecond): // three times the farewell
	}
	close(flight.done)
	must(t, within(t, "the drain", result))
	within(t, "the session", ended)
}

func TestDrainDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	flight := inFlight{make(chan struct{})}
	d := openDesk(t, func(c *sshd.Config) {
		c.Operations = flight
		c.Timeouts.Drain = 50 * time.Millisecond
	})
	if err := within(t, "the drain", drained(d, patience)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("drain: %v", err)
	}
	close(flight.done)
}

// A handler that does not leave is ended by its context, and its terminal is restored.
func TestDrainEndsSessionsThatStay(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.TerminalReset = []byte("<reset>") })
	d.handler.terminal = func(ctx context.Context, _ *sshd.Session) int {
		<-ctx.Done()
		return 0
	}
	session := openSession(t, d.enter(t, "lea"))
	var out bytes.Buffer
	session.Stdout = &out
	must(t, session.RequestPty("xterm", 24, 80, nil))
	must(t, session.Shell())
	must(t, within(t, "the drain", drained(d, patience)))
	must(t, session.Wait())
	if out.String() != "<reset>" {
		t.Errorf("the client got %q", out.String())
	}
}

// One that does not even obey its context is said to be there, and its client is let go.
func TestDrainSaysWhatHasNotEnded(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Timeouts.Close = 50 * time.Millisecond })
	release := make(chan struct{})
	d.handler.terminal = func(context.Context, *sshd.Session) int {
		<-release
		return 0
	}
	session := shell(t, d.enter(t, "lea"))
	if err := within(t, "the drain", drained(d, patience)); err == nil || !strings.Contains(err.Error(), "1 connections") {
		t.Errorf("drain: %v", err)
	}
	if err := session.Wait(); err == nil {
		t.Error("the session ended well")
	}
	close(release)
	must(t, within(t, "the second drain", drained(d, patience)))
}

func TestDrainEndsHandshakesAndEmptyConnections(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Timeouts.Farewell = patience })
	half := dialRaw(t, d.addr)
	must(t, half.handshake())
	empty := d.enter(t, "lea")
	must(t, within(t, "the drain", drained(d, patience)))
	gone(t, half)
	_ = empty.Wait()
	if n := d.Counters(); n.Penalties != 0 || n.HandshakesExpired != 0 {
		t.Errorf("counters %+v", n)
	}
}

func TestNoChannelIsOpenedDuringADrain(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Timeouts.Farewell = patience })
	leave := make(chan struct{})
	asked := make(chan struct{})
	d.handler.terminal = func(_ context.Context, s *sshd.Session) int {
		<-s.Leaving()
		close(asked)
		<-leave
		return 0
	}
	client := d.enter(t, "lea")
	shell(t, client)
	eventually(t, "the session runs", func() bool { return d.Counters().OpenSessions == 1 })
	result := drained(d, patience)
	within(t, "the question", asked)
	if _, err := client.NewSession(); err == nil {
		t.Error("a channel was opened")
	}
	close(leave)
	must(t, within(t, "the drain", result))
}

func TestDrainBeforeServeMakesServeReturn(t *testing.T) {
	t.Parallel()
	key, err := sshd.OpenHostKey(filepath.Join(t.TempDir(), "key"))
	must(t, err)
	server, err := sshd.New(sshd.Config{
		HostKey: key, Authenticator: newOperators(), Handler: &handler{}, Now: time.Now,
	}, slog.New(slog.DiscardHandler))
	must(t, err)
	must(t, server.Drain(context.Background()))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, server.Serve(context.Background(), listener))
	if _, err := listener.Accept(); err == nil {
		t.Error("the listener was left open")
	}
}

func TestEndOfTheContextEndsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	ended := make(chan struct{})
	d.handler.terminal = func(ctx context.Context, _ *sshd.Session) int {
		defer close(ended)
		<-ctx.Done()
		return 0
	}
	session := shell(t, d.enter(t, "lea"))
	d.stop()
	within(t, "the session ends", ended)
	_ = session.Wait()
	eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
}

// T40, as far as the door goes: who is no longer welcome is out within moments, the others stay.
func TestDismissedOperatorIsOut(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	causes := make(chan string, 2)
	d.handler.terminal = func(ctx context.Context, s *sshd.Session) int {
		<-ctx.Done()
		causes <- s.Identity().OperatorID + " " + string(s.LeaveReason())
		return 0
	}
	lea, admin := d.enter(t, "lea"), d.enter(t, "admin")
	shell(t, lea)
	stays := shell(t, admin)
	eventually(t, "both are there", func() bool { return len(d.SignedIn()) == 2 })
	if n := d.Dismiss(func(id sshd.Identity) bool { return id.OperatorID == "op-lea" }); n != 1 {
		t.Errorf("%d dismissed", n)
	}
	if cause := within(t, "the end", causes); cause != "op-lea dismissed" {
		t.Errorf("ended: %s", cause)
	}
	_ = lea.Wait()
	eventually(t, "one is left", func() bool { return len(d.SignedIn()) == 1 && d.Counters().OpenConnections == 1 })
	if id := d.SignedIn()[0]; id.OperatorID != "op-admin" {
		t.Errorf("left is %+v", id)
	}
	must(t, stays.WindowChange(30, 100))
}

func TestSignedInCountsOnlyThoseWithASession(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	client := d.enter(t, "lea")
	eventually(t, "lea is signed in", func() bool { return d.Counters().SignedIn == 1 })
	if present := d.SignedIn(); len(present) != 0 {
		t.Errorf("present: %+v", present)
	}
	shell(t, client)
	if present := d.SignedIn(); len(present) != 1 || present[0].Login != "lea" {
		t.Errorf("present: %+v", present)
	}
}

// failingListener gives errors as a process without descriptors does.
type failingListener struct {
	net.Listener
	failures int
}

func (l *failingListener) Accept() (net.Conn, error) {
	if l.failures--; l.failures >= 0 {
		return nil, errors.New("too many open files")
	}
	return l.Listener.Accept()
}

func TestListenerThatFailsForAWhileIsUsedAgain(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Timeouts.AcceptPauseMax = 10 * time.Millisecond })
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	served := make(chan error, 1)
	go func() { served <- d.Serve(context.Background(), &failingListener{inner, 3}) }()
	d.addr = inner.Addr().String()
	d.enter(t, "lea")
	must(t, inner.Close())
	if err := within(t, "the end of Serve", served); !errors.Is(err, net.ErrClosed) {
		t.Errorf("serve: %v", err)
	}
}

func TestConfigurationSaysEverythingThatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := sshd.New(sshd.Config{
		ServerVersion: "two\nlines", Banner: strings.Repeat("x", 4096), Passwords: "perhaps",
		Authorities: []gossh.PublicKey{rsaSigner(2048)(t).PublicKey()},
	}, slog.New(slog.DiscardHandler))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{
		"host key", "authenticator", "session handler", "clock", "version string", "banner", "perhaps", "RSA key of 2048 bits",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("nothing about %s in: %v", want, err)
		}
	}
}
