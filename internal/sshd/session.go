package sshd

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Why the context of a session ended, as context.Cause says.
var (
	// ErrClosed means that the channel or its connection was closed.
	ErrClosed = errors.New("sshd: session closed")
	// ErrStalled means that the client did not read what was written to it.
	ErrStalled = errors.New("sshd: client does not read")
	// ErrHungUp means that the client of a terminal has ended its input.
	ErrHungUp = errors.New("sshd: client hung up")
)

// Session is one shell or command of an operator. It is an [io.Reader] of the client's input and an [io.Writer] of the
// output. One goroutine may read at a time; everything else may be called from several.
type Session struct {
	conn     *connection
	id       string
	identity Identity
	channel  gossh.Channel
	resizes  chan Size
	leaving  chan struct{}
	stdout   *output
	stderr   *output

	// Set by the requests before the handler starts, and not changed afterwards.
	terminal *Pty
	env      environment
	line     string

	mu      sync.Mutex
	end     context.CancelCauseFunc
	reason  LeaveReason
	linger  *time.Timer // closes the connection when the client does not agree to the close of the channel
	started bool
	over    bool // the client has agreed
	spoilt  bool // the handler could not restore the terminal
}

func newSession(c *connection, id string, identity Identity) *Session {
	limits := c.server.cfg.Limits
	return &Session{
		conn: c, id: id, identity: identity,
		resizes: make(chan Size, 1),
		leaving: make(chan struct{}),
		env:     environment{maxVars: limits.EnvVars, maxBytes: limits.EnvBytes},
		end:     func(error) {},
	}
}

// attach gives the session its channel.
func (s *Session) attach(channel gossh.Channel) {
	timeout := s.conn.server.cfg.Timeouts.Write
	s.channel = channel
	s.stdout = newOutput(channel, timeout, s.stalled)
	s.stderr = newOutput(channel.Stderr(), timeout, s.stalled)
}

// ID names the session in logs and in the trail. It is unique.
func (s *Session) ID() string { return s.id }

// Identity is who the session belongs to.
func (s *Session) Identity() Identity {
	id := s.identity
	id.Factors = slices.Clone(id.Factors)
	return id
}

// Pty is the terminal as the client described it at the start, and whether it has one.
func (s *Session) Pty() (Pty, bool) {
	if s.terminal == nil {
		return Pty{}, false
	}
	return *s.terminal, true
}

// Resizes gives the newest size of the terminal whenever it has changed. Sizes that nobody took in time are dropped.
// The channel is never closed: wait for the end of the context beside it.
func (s *Session) Resizes() <-chan Size { return s.resizes }

// Environ is the environment that the client sent, as far as it is allowed, and TERM: "KEY=value", sorted.
func (s *Session) Environ() []string {
	env := s.env.list()
	if s.terminal == nil {
		return env
	}
	env = slices.DeleteFunc(env, func(v string) bool { return len(v) > 5 && v[:5] == "TERM=" })
	env = append(env, "TERM="+s.terminal.Term)
	slices.Sort(env)
	return env
}

// CommandLine is the command as the client sent it; empty for a shell.
func (s *Session) CommandLine() untrusted.Text { return untrusted.New(s.line) }

// Args splits the command line like a shell would, without expanding anything. Errors: [ErrUnterminated].
func (s *Session) Args() ([]string, error) { return splitCommandLine(s.line) }

// Read implements [io.Reader] on the client's input. The end of the input ends the session of a terminal.
func (s *Session) Read(p []byte) (int, error) {
	n, err := s.channel.Read(p)
	if err != nil && s.terminal != nil {
		s.cancel(ErrHungUp)
	}
	return n, err
}

// Write implements [io.Writer] on the client's output. On a terminal a line feed becomes carriage return and line
// feed, as the ONLCR mode of a real one does. When the client does not read for Timeouts.Write, the session ends.
// Errors: ErrClosed.
func (s *Session) Write(p []byte) (int, error) { return s.stdout.Write(p) }

// Stderr is the client's error output, which behaves like Write.
func (s *Session) Stderr() io.Writer { return s.stderr }

// Leaving is closed when the session should end by itself; LeaveReason says why. It has Timeouts.Farewell to do so.
func (s *Session) Leaving() <-chan struct{} { return s.leaving }

// LeaveReason is why the session should end; empty while it need not.
func (s *Session) LeaveReason() LeaveReason {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reason
}

// Close ends the session from the server's side without an exit code.
func (s *Session) Close() error {
	s.cancel(ErrClosed)
	s.cut()
	return nil
}

func (s *Session) leave(why LeaveReason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reason == "" {
		s.reason = why
		close(s.leaving)
	}
}

// force ends the session of a handler that did not leave, or a channel that never had one.
func (s *Session) force() {
	s.mu.Lock()
	s.spoilt = true
	started := s.started
	s.mu.Unlock()
	s.cancel(errForced)
	if !started {
		go s.cut() // ends with the write of the close, which a deadline bounds
	}
}

func (s *Session) cancel(cause error) {
	s.mu.Lock()
	end := s.end
	s.mu.Unlock()
	end(cause)
}

// stalled is called when the client has not taken a piece of output in time.
func (s *Session) stalled() {
	s.conn.server.count.stalled.Add(1)
	s.conn.server.log.Info("client does not read", "connection", s.conn.id, "session", s.id)
	s.observe(EventStalled, "")
	s.cancel(ErrStalled)
	s.cut()
}

// cut closes the channel. The client has to agree (RFC 4254, section 5.3); until it does, x/crypto frees neither a
// blocked write nor a blocked read. One that does not agree loses its connection.
func (s *Session) cut() {
	s.mu.Lock()
	if s.over || s.linger != nil || s.channel == nil {
		s.mu.Unlock()
		return
	}
	s.linger = time.AfterFunc(s.conn.server.cfg.Timeouts.Close, func() {
		s.conn.server.count.unclosed.Add(1)
		s.conn.close()
	})
	s.mu.Unlock()
	_ = s.channel.Close()
}

// agreed is called when the channel is closed on both sides.
func (s *Session) agreed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	if s.linger != nil {
		s.linger.Stop()
	}
}

func (s *Session) observe(kind EventKind, detail string) {
	e := s.conn.event(kind, detail)
	e.Session = s.id
	s.conn.server.observe(e)
}
