package ldapconn

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// session is one connection. It carries one request at a time.
type session struct {
	endpoint *endpoint
	wire     *wire
	guard    *guard
	conn     *ldap.Conn
	born     time.Time
	used     time.Time // end of the last request
	reused   bool      // it lay in the pool before: it may have died unnoticed
}

// dial connects and starts TLS. Nobody is authenticated yet.
func (e *endpoint) dial(ctx context.Context, l limits) (*session, error) {
	if ber.Debug {
		return nil, ErrDebug
	}
	tcp, err := (&net.Dialer{}).DialContext(ctx, "tcp", e.address)
	if err != nil {
		return nil, err
	}
	w := &wire{Conn: tcp}
	secure, err := e.secure(ctx, w)
	if err != nil {
		_ = tcp.Close()
		return nil, err
	}
	return newSession(e, w, secure, l)
}

func newSession(e *endpoint, w *wire, secure net.Conn, l limits) (*session, error) {
	g := newGuard(secure, l)
	conn := ldap.NewConn(g, true)
	if conn.Debug {
		_ = w.Close()
		return nil, ErrDebug
	}
	conn.Start() // its two goroutines end with the connection
	now := time.Now()
	return &session{endpoint: e, wire: w, guard: g, conn: conn, born: now, used: now}, nil
}

// secure brings TLS up: after StartTLS where the URL says so, else from the first byte.
func (e *endpoint) secure(ctx context.Context, w *wire) (*tls.Conn, error) {
	if e.startTLS {
		stop := context.AfterFunc(ctx, func() { _ = w.Close() })
		err := startTLS(w)
		if !stop() || err != nil {
			return nil, setupError(StepStartTLS, errors.Join(ctx.Err(), err))
		}
	}
	secure := tls.Client(w, e.tls)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, fmt.Errorf("TLS: %w", err)
	}
	return secure, nil
}

// kill ends the connection without waiting: whoever waits on it gets an error.
func (s *session) kill() { _ = s.wire.Close() }

// close ends the connection and waits for go-ldap. No request may be in flight.
func (s *session) close() {
	s.kill()
	_ = s.conn.Close()
}

// cause says why a request has no answer.
func (s *session) cause(err error) error {
	complaint := s.guard.complaint()
	switch {
	case errors.Is(err, ErrTimeout), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err // we ended it
	case complaint != nil:
		return fmt.Errorf("%w: %w", errNoAnswer, complaint)
	case errors.Is(err, ldap.ErrMalformedPacket), errors.Is(err, errPanic):
		return fmt.Errorf("%w: %w", errMalformed, err)
	case errors.Is(err, ldap.ErrSizeLimitExceeded):
		return fmt.Errorf("%w: %w", ErrTooMuch, err)
	case err == nil:
		return errNoAnswer
	}
	return fmt.Errorf("%w: %w", errNoAnswer, err)
}

// outcome is what go-ldap made of a request. The answer itself is with the guard.
type outcome[T any] struct {
	value T
	err   error
}

// send starts one request. The channel gets its outcome when the answer is there or the connection has ended.
func send[T any](p *Pool, s *session, op func(*ldap.Conn) (T, error)) <-chan outcome[T] {
	done := make(chan outcome[T], 1)
	s.guard.begin()
	started := p.spawn(func() { // ends with the answer or with the connection
		done <- protect(s.conn, op)
	})
	if !started {
		done <- outcome[T]{err: ErrClosed}
	}
	return done
}

// protect turns a panic of the library over a hostile answer into an error.
func protect[T any](conn *ldap.Conn, op func(*ldap.Conn) (T, error)) (out outcome[T]) {
	defer func() {
		if recover() != nil {
			out.err = errPanic
		}
	}()
	value, err := op(conn)
	return outcome[T]{value: value, err: err}
}
