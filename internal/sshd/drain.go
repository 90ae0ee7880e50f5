package sshd

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// LeaveReason says why a session has to go.
type LeaveReason string

// The reasons.
const (
	LeaveDrain     LeaveReason = "drain"     // the server stops
	LeaveDismissed LeaveReason = "dismissed" // the operator is no longer welcome
	LeaveLifetime  LeaveReason = "lifetime"  // the connection is as old as one may be
)

// errStillThere means that a handler has not returned although its context ended and its connection is closed.
var errStillThere = errors.New("sshd: sessions have not ended")

// Drain ends the service in order: no new connections, handshakes and channels; sessions are asked to leave; operations
// in flight are waited for, up to Timeouts.Drain; sessions that are still there are ended, up to Timeouts.Farewell after
// they were asked; connections are closed. The end of ctx shortens every wait. It returns nil when everything has ended,
// and otherwise what has not. Draining again waits for the same.
func (s *Server) Drain(ctx context.Context) error {
	asked := s.cfg.Now()
	s.stop()
	for _, c := range s.all() {
		c.leave(LeaveDrain)
	}
	operations := s.waitForOperations(ctx)
	s.waitUntilEmpty(ctx, s.cfg.Timeouts.Farewell-s.cfg.Now().Sub(asked))
	for _, c := range s.all() {
		c.force()
	}
	return errors.Join(operations, s.waitForTheRest())
}

// stop closes the door: after it no connection and no channel comes in.
func (s *Server) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return
	}
	s.draining = true
	for listener := range s.listeners {
		_ = listener.Close()
	}
	if len(s.connections) == 0 {
		close(s.empty)
	}
}

func (s *Server) waitForOperations(ctx context.Context) error {
	if s.cfg.Operations == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeouts.Drain)
	defer cancel()
	if err := s.cfg.Operations.Wait(ctx); err != nil {
		return fmt.Errorf("operations in flight: %w", err)
	}
	return nil
}

// waitUntilEmpty waits for the last connection to end, for d at most.
func (s *Server) waitUntilEmpty(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(max(0, d))
	defer timer.Stop()
	select {
	case <-s.empty:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// waitForTheRest waits for connections that were forced. It is not bound to the context of the drain: that may be over
// already, and what is left of the connections then takes no longer than Timeouts.Close and a little.
func (s *Server) waitForTheRest() error {
	timer := time.NewTimer(2 * s.cfg.Timeouts.Close)
	defer timer.Stop()
	select {
	case <-s.empty:
		return nil
	case <-timer.C:
		return fmt.Errorf("%w: %d connections", errStillThere, s.count.openConnections.Load())
	}
}
