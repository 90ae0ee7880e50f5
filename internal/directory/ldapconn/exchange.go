package ldapconn

import (
	"context"
	"fmt"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// Patience beyond the end of a call.
const (
	// drainTime is how long the rest of an abandoned search may take before its connection is closed: opening another
	// costs more than reading a few more entries.
	drainTime = time.Second
	// killTime is how long a request on a killed connection may take to notice.
	killTime = 500 * time.Millisecond
	// proofAge is how long a connection may have been idle before a write asks whether it still lives. A write on a
	// dead one would leave this machine and never be answered.
	proofAge = 5 * time.Second
)

// reply is the end of one request that was answered: the answer, and what go-ldap decoded before it.
type reply[T any] struct {
	value   T
	answer  answer
	library error // what go-ldap said about it
}

// read runs a request that changes nothing. A connection that died in the pool is replaced without a word.
func read[T any](ctx context.Context, p *Pool, op func(*ldap.Conn) (T, error)) (reply[T], error) {
	for {
		s, err := p.acquire(ctx)
		if err != nil {
			return reply[T]{}, err
		}
		reused := s.reused // a released connection belongs to whoever takes it next
		r, kept, err := readOn(ctx, p, s, op)
		if kept {
			p.release(s)
		}
		if err == nil || !reused || !isLoss(err) || ctx.Err() != nil {
			return r, err
		}
	}
}

// readOn runs a read on s. With kept the connection stays with the caller, else it is taken care of.
func readOn[T any](ctx context.Context, p *Pool, s *session, op func(*ldap.Conn) (T, error)) (r reply[T], kept bool, err error) {
	start := time.Now()
	timer := time.NewTimer(p.config.OpTimeout)
	defer timer.Stop()
	done := send(p, s, op)
	select {
	case out := <-done:
		a, answered := s.guard.outcome()
		r = reply[T]{value: out.value, answer: a, library: out.err}
		if !answered {
			lost := &UnavailableError{URL: s.endpoint.url, Err: s.cause(out.err)}
			p.drop(s)
			return r, false, lost
		}
		p.times.note(start, time.Since(start))
		return r, true, nil
	case <-ctx.Done():
		finishLater(p, s, done, drainTime)
		return r, false, fmt.Errorf("directory: %w", ctx.Err())
	case <-timer.C:
		s.kill()
		finishLater(p, s, done, killTime)
		return r, false, &UnavailableError{URL: s.endpoint.url, Err: ErrTimeout}
	}
}

// finishLater waits beside the caller for the end of a request that nobody waits for any more.
func finishLater[T any](p *Pool, s *session, done <-chan outcome[T], patience time.Duration) {
	settle := func() {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		select {
		case <-done:
		case <-timer.C:
			s.kill()
			<-done
		}
		if _, answered := s.guard.outcome(); answered {
			p.release(s)
			return
		}
		p.drop(s)
	}
	if !p.spawn(settle) { // ends after patience
		settle()
	}
}

// write runs a request that changes something. It is repeated on another connection only when not one byte was sent.
func write[T any](ctx context.Context, p *Pool, op func(*ldap.Conn) (T, error)) (answer, error) {
	for {
		s, err := p.acquireProven(ctx)
		if err != nil {
			return answer{}, &WriteError{Err: err}
		}
		a, failed := writeOn(ctx, p, s, op)
		if failed == nil {
			return a, a.err()
		}
		if failed.Sent || !s.reused || ctx.Err() != nil {
			return answer{}, failed
		}
	}
}

// writeOn runs a write on s and takes care of s. When the time is up the connection is cut first and judged then, so
// that nothing can leave after the verdict.
func writeOn[T any](ctx context.Context, p *Pool, s *session, op func(*ldap.Conn) (T, error)) (answer, *WriteError) {
	start, before := time.Now(), s.wire.sent.Load()
	finished, cause := settle(ctx, p, s, op)
	a, answered := s.guard.outcome()
	if answered {
		p.times.note(start, time.Since(start))
		p.release(s)
		return a, nil
	}
	failed := &WriteError{Sent: !finished || s.guard.wrote() && s.wire.sent.Load() > before, Err: s.cause(cause)}
	p.dropAfter(s, finished)
	return answer{}, failed
}

// settle runs a request to its end: the answer, the end of ctx or the end of patience. In the last two cases the
// connection is cut; finished is false when the request does not even notice that.
func settle[T any](ctx context.Context, p *Pool, s *session, op func(*ldap.Conn) (T, error)) (finished bool, cause error) {
	limited, cancel := context.WithTimeoutCause(ctx, p.config.OpTimeout, ErrTimeout)
	defer cancel()
	done := send(p, s, op)
	select {
	case out := <-done:
		return true, out.err
	case <-limited.Done():
		s.kill()
		return waited(done), context.Cause(limited)
	}
}

// dropAfter closes the connection; one whose request is stuck is only cut, as closing it would wait.
func (p *Pool) dropAfter(s *session, finished bool) {
	if finished {
		p.drop(s)
		return
	}
	p.mu.Lock()
	delete(p.active, s)
	p.mu.Unlock()
	p.freeSlot()
}

// waited gives a request on a killed connection time to end and reports whether it did.
func waited[T any](done <-chan outcome[T]) bool {
	timer := time.NewTimer(killTime)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// acquireProven returns a connection that answered a moment ago.
func (p *Pool) acquireProven(ctx context.Context) (*session, error) {
	for {
		s, err := p.acquire(ctx)
		if err != nil {
			return nil, err
		}
		if !s.reused || time.Since(s.used) < proofAge {
			return s, nil
		}
		_, kept, err := readOn(ctx, p, s, askNothing)
		if kept {
			return s, nil
		}
		if ctx.Err() != nil {
			return nil, err
		}
	}
}

// askNothing reads the root entry without attributes: the cheapest question there is.
func askNothing(c *ldap.Conn) (*ldap.SearchResult, error) {
	return c.Search(&ldap.SearchRequest{
		Scope: ldap.ScopeBaseObject, SizeLimit: 1, Filter: "(objectClass=*)", Attributes: []string{"1.1"},
	})
}
