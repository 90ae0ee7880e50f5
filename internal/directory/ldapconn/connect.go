package ldapconn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// login authenticates a new connection; nil leaves it anonymous.
type login func(ctx context.Context, s *session) error

// connect makes a new connection for a caller who holds a slot; the slot is given back when there is none. The attempt
// goes on when the caller leaves: else a server that swallows packets would never be found out, as every key that an
// operator types ends the search of the key before. What it achieves is kept for the next caller.
func (p *Pool) connect(ctx context.Context, authenticate login) (*session, error) {
	done := make(chan outcome[*session], 1)
	detached := context.WithoutCancel(ctx)
	started := p.spawn(func() { // ends after DialTimeout and OpTimeout per server
		s, err := p.connectFirst(detached, authenticate)
		done <- outcome[*session]{value: s, err: err}
	})
	if !started {
		p.freeSlot()
		return nil, ErrClosed
	}
	select {
	case out := <-done:
		if out.err != nil {
			p.freeSlot()
		}
		return out.value, out.err
	case <-ctx.Done():
		p.keepLater(done, authenticate != nil)
		return nil, fmt.Errorf("directory: %w", ctx.Err())
	}
}

// keepLater waits for an attempt whose caller has left.
func (p *Pool) keepLater(done <-chan outcome[*session], useful bool) {
	settle := func() {
		out := <-done
		switch {
		case out.err != nil:
			p.freeSlot()
		case useful:
			p.release(out.value)
		default:
			p.drop(out.value)
		}
	}
	if !p.spawn(settle) { // ends with the attempt
		settle()
	}
}

// connectFirst tries the servers in their order and returns the first connection. Refused credentials end it: the next
// server would refuse them too, and count it.
func (p *Pool) connectFirst(ctx context.Context, authenticate login) (*session, error) {
	unavailable := &UnavailableError{URL: p.endpoints[0].url, Err: ErrTimeout}
	for _, e := range p.endpoints {
		s, err := p.connectTo(ctx, e, authenticate)
		if err == nil {
			return s, nil
		}
		if errors.Is(err, ErrClosed) {
			return nil, err
		}
		if errors.Is(err, ErrIdentityRejected) {
			return nil, &UnavailableError{URL: e.url, RetryAt: p.identity.state().until, Err: err}
		}
		unavailable = sooner(unavailable, &UnavailableError{URL: e.url, RetryAt: e.gate.state().until, Err: err})
	}
	return nil, unavailable
}

// sooner prefers what can be tried again first.
func sooner(a, b *UnavailableError) *UnavailableError {
	if a.RetryAt.IsZero() || b.RetryAt.Before(a.RetryAt) {
		return b
	}
	return a
}

// connectTo makes one attempt at one server, if its gate is open.
func (p *Pool) connectTo(ctx context.Context, e *endpoint, authenticate login) (*session, error) {
	permit, ok := e.gate.admit(time.Now())
	if !ok {
		return nil, e.gate.state().last
	}
	s, err := p.dial(ctx, e)
	if err == nil && authenticate != nil {
		err = p.signIn(ctx, s, authenticate)
	}
	switch {
	case err == nil, errors.Is(err, ErrIdentityRejected):
		permit.succeeded() // the server works
	case errors.Is(err, ErrClosed):
		permit.undecided()
	default:
		permit.failed(time.Now(), err, pauses{min: p.config.RetryMin, max: p.config.RetryMax})
	}
	return s, err
}

func (p *Pool) dial(ctx context.Context, e *endpoint) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, p.config.DialTimeout)
	defer cancel()
	s, err := e.dial(ctx, p.config.limits())
	if err != nil {
		return nil, err
	}
	if !p.use(s) {
		s.close()
		return nil, ErrClosed
	}
	return s, nil
}

// signIn authenticates a connection, if the gate of the service identity is open. A directory locks an identity that
// keeps trying with a wrong password, so the pauses after a rejection are long.
func (p *Pool) signIn(ctx context.Context, s *session, authenticate login) error {
	permit, ok := p.identity.admit(time.Now())
	if !ok {
		p.discard(s)
		return p.identity.state().last
	}
	err := authenticate(ctx, s)
	switch {
	case err == nil:
		permit.succeeded()
		return nil
	case refusesIdentity(err):
		err = fmt.Errorf("%w: %w", ErrIdentityRejected, err)
		permit.failed(time.Now(), err, pauses{min: rejectedRetryMin, max: rejectedRetryMax})
	default:
		permit.undecided()
	}
	p.discard(s)
	return err
}

// refusesIdentity reports whether a server that answered the bind meant the identity; some codes mean the server itself.
func refusesIdentity(err error) bool {
	if errors.Is(err, ErrIdentityMustChange) {
		return true
	}
	refusal, ok := errors.AsType[*SetupError](err)
	return ok && !slices.Contains([]Code{CodeBusy, CodeUnavailable, CodeOther, CodeOperationsError}, refusal.Code)
}

// discard is drop for a connection whose slot stays with the attempt.
func (p *Pool) discard(s *session) {
	s.kill()
	p.mu.Lock()
	delete(p.active, s)
	p.mu.Unlock()
	s.close()
}
