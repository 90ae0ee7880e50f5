package sshd

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// acceptPauseMin is the first pause after a listener failed; it doubles from there.
const acceptPauseMin = 5 * time.Millisecond

// Server accepts connections, authenticates operators and runs their sessions. All methods may be called from several
// goroutines.
type Server struct {
	cfg       Config
	log       *slog.Logger
	rules     certificateRules
	admission *admission
	penalties *penaltyBox
	count     counters
	tagKey    []byte

	mu          sync.Mutex
	listeners   map[net.Listener]struct{}
	connections map[*connection]struct{} // handshakes included
	draining    bool
	empty       chan struct{} // closed when the server drains and no connection is left
}

// New checks the configuration and returns a server that does not listen yet. The error says everything that is wrong.
func New(config Config, log *slog.Logger) (*Server, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	tagKey := make([]byte, sha256.Size)
	if _, err := rand.Read(tagKey); err != nil {
		return nil, err
	}
	return &Server{
		cfg:         config,
		log:         log,
		rules:       certificateRules{config.Authorities, config.Revocations, config.Now},
		admission:   newAdmission(config.Limits),
		penalties:   newPenaltyBox(config.Penalties, config.Now),
		tagKey:      tagKey,
		listeners:   map[net.Listener]struct{}{},
		connections: map[*connection]struct{}{},
		empty:       make(chan struct{}),
	}, nil
}

// Serve accepts connections until ctx is done or the server drains, and then returns nil; connections may live on, see
// Drain. The end of ctx closes all of them at once: to say goodbye first, drain before. Any other end of the listener
// is returned as an error.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	if !s.listen(listener) {
		_ = listener.Close()
		return nil
	}
	defer s.unlisten(listener)
	stop := context.AfterFunc(ctx, func() { _ = listener.Close() })
	defer stop()
	return s.accept(ctx, listener)
}

func (s *Server) listen(listener net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return false
	}
	s.listeners[listener] = struct{}{}
	return true
}

func (s *Server) unlisten(listener net.Listener) {
	_ = listener.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listeners, listener)
}

func (s *Server) accept(ctx context.Context, listener net.Listener) error {
	pause := time.Duration(0)
	for {
		conn, err := listener.Accept()
		if err == nil {
			pause = 0
			s.welcome(ctx, conn)
			continue
		}
		if ctx.Err() != nil || s.isDraining() {
			return nil
		}
		if errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("listener: %w", err)
		}
		pause = min(max(2*pause, acceptPauseMin), s.cfg.Timeouts.AcceptPauseMax)
		s.log.Error("accepting failed", "error", err, "pause", pause)
		sleep(ctx, pause)
	}
}

// sleep waits for d or the end of ctx.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// welcome turns a connection away or starts its goroutine. Nothing has been read from it.
func (s *Server) welcome(ctx context.Context, conn net.Conn) {
	s.count.connections.Add(1)
	addr := addressOf(conn.RemoteAddr())
	source := sourceOf(addr)
	if s.penalties.refuses(source) {
		s.count.refusedByPenalty.Add(1)
		_ = conn.Close()
		return
	}
	guarded, err := guard(conn, s.cfg)
	if err != nil {
		_ = conn.Close()
		return
	}
	visit := s.admission.enter(source, guarded.Close)
	if visit == nil {
		s.count.refusedByLimit.Add(1)
		_ = conn.Close()
		return
	}
	c := newConnection(s, guarded, addr, visit)
	if !s.register(c) {
		s.count.refusedByDrain.Add(1)
		s.admission.leave(visit)
		_ = conn.Close()
		return
	}
	go s.run(ctx, c) // ends when the connection does: by its client, its deadlines, Drain or the end of ctx
}

// run carries one connection to its end.
func (s *Server) run(ctx context.Context, c *connection) {
	defer s.unregister(c)
	defer s.admission.leave(c.visit)
	defer func() { s.contain(recover(), c.event(EventPanicked, "handshake")) }()
	defer c.close()
	stop := context.AfterFunc(ctx, c.close)
	defer stop()
	c.run(ctx)
}

func (s *Server) register(c *connection) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return false
	}
	s.connections[c] = struct{}{}
	s.count.openConnections.Add(1)
	return true
}

func (s *Server) unregister(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.connections, c)
	s.count.openConnections.Add(-1)
	if s.draining && len(s.connections) == 0 {
		close(s.empty)
	}
}

func (s *Server) isDraining() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.draining
}

// all returns the connections of this moment.
func (s *Server) all() []*connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*connection, 0, len(s.connections))
	for c := range s.connections {
		list = append(list, c)
	}
	return list
}

// SignedIn returns the identity of every connection that has a session now: one operator may be there more than once.
func (s *Server) SignedIn() []Identity {
	var present []Identity
	for _, c := range s.all() {
		if id, ok := c.present(); ok {
			present = append(present, id)
		}
	}
	return present
}

// Dismiss asks the sessions of every connection that match to leave, ends them after Timeouts.Farewell, and returns how
// many connections that are. It is for operators who were disabled or lost their role.
func (s *Server) Dismiss(match func(Identity) bool) int {
	n := 0
	for _, c := range s.all() {
		if id, ok := c.who(); ok && match(id) {
			n++
			c.leave(LeaveDismissed)
			time.AfterFunc(s.cfg.Timeouts.Farewell, c.force)
		}
	}
	return n
}

// Counters returns what was counted so far.
func (s *Server) Counters() Counters {
	c := s.count.snapshot()
	c.Handshakes = int64(s.admission.handshakes())
	return c
}

// loginTag stands for a login in the log: people type passwords where a name is asked for.
func (s *Server) loginTag(login string) string {
	mac := hmac.New(sha256.New, s.tagKey)
	mac.Write([]byte(login))
	return hex.EncodeToString(mac.Sum(nil)[:4])
}

func (s *Server) observe(e Event) {
	if s.cfg.Observer != nil {
		s.cfg.Observer.Observe(e)
	}
}

// contain notes a panic that was recovered. Its value may hold anything, so only that of the runtime is logged.
func (s *Server) contain(value any, e Event) {
	if value == nil {
		return
	}
	s.count.panics.Add(1)
	what := fmt.Sprintf("%T", value)
	if fault, ok := value.(runtime.Error); ok {
		what = fault.Error()
	}
	s.log.Error("panic contained", "connection", e.Connection, "session", e.Session, "panic", untrusted.Sanitize(what),
		"stack", string(debug.Stack()))
	s.observe(e)
}
