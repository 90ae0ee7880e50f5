package ldapconn

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Pool holds authenticated connections to one directory. All methods may be called from several goroutines.
type Pool struct {
	config    Config
	endpoints []*endpoint
	identity  *gate         // of the service identity
	slots     chan struct{} // one token per connection in use

	mu     sync.Mutex
	closed bool
	idle   []*session            // the last one was used last
	active map[*session]struct{} // in use
	work   sync.WaitGroup        // goroutines of requests and connects
	policy PasswordPolicy        // of the service identity, as of its last bind
	times  latencies
}

// Open checks the configuration. It does not connect: a directory that is down at the start is a directory that may
// come back.
func Open(config Config) (*Pool, error) {
	if err := config.Check(); err != nil {
		return nil, fmt.Errorf("directory connection: %w", err)
	}
	config = config.withDefaults()
	p := &Pool{
		config: config, identity: &gate{}, slots: make(chan struct{}, config.MaxConns), active: map[*session]struct{}{},
	}
	for _, raw := range config.URLs {
		e, err := config.endpoint(raw)
		if err != nil {
			return nil, fmt.Errorf("directory connection: %w", err)
		}
		e.gate = &gate{}
		p.endpoints = append(p.endpoints, e)
	}
	return p, nil
}

// Close ends all connections and waits for the goroutines of the pool. A request in flight loses its answer; the
// caller is expected to have waited for its writes.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	idle := p.idle
	p.idle = nil
	for s := range p.active {
		s.kill()
	}
	p.mu.Unlock()
	for _, s := range idle {
		s.close()
	}
	p.work.Wait()
	return nil
}

// spawn starts a goroutine that Close waits for; false when the pool is closed.
func (p *Pool) spawn(f func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.work.Go(f)
	return true
}

// acquire returns an authenticated connection: one that is idle, or a new one.
func (p *Pool) acquire(ctx context.Context) (*session, error) {
	if err := p.takeSlot(ctx); err != nil {
		return nil, err
	}
	if s := p.takeIdle(time.Now()); s != nil {
		return s, nil
	}
	return p.connect(ctx, p.bindService)
}

// takeSlot waits until fewer than MaxConns connections are in use.
func (p *Pool) takeSlot(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("directory: %w", err)
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	default:
	}
	patience := time.NewTimer(p.config.OpTimeout)
	defer patience.Stop()
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("directory: %w", ctx.Err())
	case <-patience.C:
		return &UnavailableError{URL: p.endpoints[0].url, Err: ErrBusy}
	}
}

func (p *Pool) freeSlot() { <-p.slots }

// takeIdle returns the idle connection that was used last and drops those that are dead or too old.
func (p *Pool) takeIdle(now time.Time) *session {
	p.mu.Lock()
	var dead []*session
	defer func() {
		p.mu.Unlock()
		p.bury(dead)
	}()
	for len(p.idle) > 0 {
		last := len(p.idle) - 1
		s := p.idle[last]
		p.idle = p.idle[:last]
		if !p.usable(s, now) {
			dead = append(dead, s)
			continue
		}
		s.reused = true
		p.active[s] = struct{}{}
		return s
	}
	return nil
}

func (p *Pool) usable(s *session, now time.Time) bool {
	return !s.conn.IsClosing() && s.guard.complaint() == nil &&
		now.Sub(s.used) < p.config.MaxIdle && now.Sub(s.born) < p.config.MaxAge
}

// bury closes connections beside the caller, whom the goodbyes of a dead server do not concern.
func (p *Pool) bury(dead []*session) {
	for _, s := range dead {
		s.kill()
		if !p.spawn(s.close) { // ends at once: the connection is cut already
			s.close()
		}
	}
}

// release gives a connection back for the next caller.
func (p *Pool) release(s *session) {
	s.used = time.Now()
	p.mu.Lock()
	delete(p.active, s)
	keep := !p.closed && p.usable(s, s.used)
	if keep {
		p.idle = append(p.idle, s)
	}
	p.mu.Unlock()
	if !keep {
		s.close()
	}
	p.freeSlot()
}

// drop closes a connection whose state is not known.
func (p *Pool) drop(s *session) {
	s.kill()
	p.mu.Lock()
	delete(p.active, s)
	p.mu.Unlock()
	s.close()
	p.freeSlot()
}

// use marks a new connection as in use; false when the pool was closed meanwhile.
func (p *Pool) use(s *session) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.active[s] = struct{}{}
	return true
}

// isLoss reports whether a read may be tried again on another connection: the connection was lost, nothing else.
func isLoss(err error) bool {
	return errors.Is(err, errNoAnswer) && !errors.Is(err, ErrTooMuch) && !errors.Is(err, errMalformed)
}
