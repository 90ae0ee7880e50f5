package sshd

import (
	"context"
	"strings"
	"sync"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// program is a handler's method.
type program func(ctx context.Context, s *Session) (exitCode int)

// serve answers the requests of the channel until it is closed on both sides, and then waits for the handler. The loop
// never waits for anything but the network: whatever stands still here stops the whole connection.
func (s *Session) serve(ctx context.Context, requests <-chan *gossh.Request) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s.mu.Lock()
	s.end = cancel
	s.mu.Unlock()
	unused := time.AfterFunc(s.conn.server.cfg.Timeouts.Start, s.cut)
	defer unused.Stop()
	var handler sync.WaitGroup
	defer handler.Wait()
	for request := range requests {
		run, ok := s.answer(request)
		_ = request.Reply(ok, nil)
		if run == nil {
			continue
		}
		unused.Stop()
		kind := request.Type
		handler.Go(func() { s.run(ctx, kind, run) }) // ends when the handler returns, soon after its context ended
	}
	s.agreed()
	cancel(ErrClosed)
}

// answer decides about one request, and returns what to start.
func (s *Session) answer(r *gossh.Request) (run program, ok bool) {
	switch r.Type {
	case "env":
		return nil, s.answerEnv(r.Payload)
	case "pty-req":
		return nil, s.answerPty(r.Payload)
	case "window-change":
		return nil, s.answerResize(r.Payload)
	case "shell":
		return s.answerShell()
	case "exec":
		return s.answerExec(r.Payload)
	case "signal", "keepalive@openssh.com", "eow@openssh.com":
		return nil, false
	}
	s.conn.refusedRequest(r.Type, s.id)
	return nil, false
}

func (s *Session) answerEnv(payload []byte) bool {
	var variable struct{ Name, Value string }
	if err := gossh.Unmarshal(payload, &variable); err != nil || s.hasStarted() || !s.env.set(variable.Name, variable.Value) {
		s.conn.server.count.envRefused.Add(1)
		return false
	}
	return true
}

func (s *Session) answerPty(payload []byte) bool {
	if s.hasStarted() || s.terminal != nil {
		return false
	}
	limits := s.conn.server.cfg.Limits
	pty, ok := parsePty(payload, Size{limits.Columns, limits.Rows})
	if !ok {
		return false
	}
	s.terminal = &pty
	s.stdout.asTerminal()
	s.stderr.asTerminal()
	return true
}

// answerResize replaces a size that nobody has taken yet.
func (s *Session) answerResize(payload []byte) bool {
	limits := s.conn.server.cfg.Limits
	size, ok := parseResize(payload, Size{limits.Columns, limits.Rows})
	if !ok || s.terminal == nil {
		return false
	}
	select {
	case <-s.resizes:
		s.conn.server.count.resizesCoalesced.Add(1)
	default:
	}
	s.resizes <- size // has room: this is the only place that fills it
	return true
}

func (s *Session) answerShell() (program, bool) {
	handler := s.conn.server.cfg.Handler
	if s.terminal != nil {
		return s.start(handler.Terminal)
	}
	return s.start(handler.NoTerminal)
}

func (s *Session) answerExec(payload []byte) (program, bool) {
	var command struct{ Line string }
	if err := gossh.Unmarshal(payload, &command); err != nil || s.hasStarted() ||
		len(command.Line) > s.conn.server.cfg.Limits.CommandBytes || strings.ContainsRune(command.Line, 0) {
		s.conn.refusedRequest("exec", s.id)
		return nil, false
	}
	s.line = command.Line
	return s.start(s.conn.server.cfg.Handler.Command)
}

// start allows one program for each channel.
func (s *Session) start(run program) (program, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.started {
		return nil, false
	}
	s.started = true
	return run, true
}

func (s *Session) hasStarted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.started
}

// run carries one handler from its start to the exit code and the close of the channel.
func (s *Session) run(ctx context.Context, kind string, run program) {
	server := s.conn.server
	server.count.sessions.Add(1)
	server.count.openSessions.Add(1)
	defer server.count.openSessions.Add(-1)
	server.log.Info("session started", "connection", s.conn.id, "session", s.id, "operator", s.identity.OperatorID, "kind", kind)
	s.observe(EventSessionStarted, kind)
	code := s.contained(ctx, run)
	s.finish(code)
	server.log.Info("session ended", "connection", s.conn.id, "session", s.id, "exit_code", code)
	s.observe(EventSessionEnded, kind)
}

// exitPanic is the exit code of a session whose handler panicked: the same as of any error.
const exitPanic = 1

// contained calls the handler; a panic is its return.
func (s *Session) contained(ctx context.Context, run program) (code int) {
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		code = exitPanic
		s.mu.Lock()
		s.spoilt = true
		s.mu.Unlock()
		event := s.conn.event(EventPanicked, "session")
		event.Session = s.id
		s.conn.server.contain(value, event)
	}()
	return run(ctx, s)
}

// finish restores a terminal that its handler left behind, sends the exit code and closes the channel.
func (s *Session) finish(code int) {
	s.mu.Lock()
	spoilt := s.spoilt
	s.mu.Unlock()
	if spoilt && s.terminal != nil {
		_, _ = s.stdout.Write(s.conn.server.cfg.TerminalReset)
	}
	status := struct{ Code uint32 }{uint32(code)}
	_, _ = s.channel.SendRequest("exit-status", false, gossh.Marshal(&status))
	s.cut()
}
