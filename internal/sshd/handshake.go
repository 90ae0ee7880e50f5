package sshd

import (
	"context"
	"errors"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// errDraining ends a handshake that finished while the server began to drain.
var errDraining = errors.New("sshd: the server is draining")

// handshake ends with an identity or not at all.
func (c *connection) handshake(ctx context.Context) (gossh.Conn, <-chan gossh.NewChannel, <-chan *gossh.Request, bool) {
	ctx, cancel := context.WithTimeout(ctx, c.server.cfg.Timeouts.Grace)
	defer cancel()
	attempt := &signIn{server: c.server, connection: c.id, source: c.addr, trust: c.net.trust}
	conn, channels, requests, err := gossh.NewServerConn(c.net, attempt.config(ctx))
	evicted := c.server.admission.handshakeOver(c.visit)
	if err != nil {
		c.failed(attempt, evicted, err)
		return nil, nil, nil, false
	}
	if err := c.become(conn.Permissions); err != nil {
		c.server.log.Error("connection given up after its handshake", "connection", c.id, "error", err)
		c.close()
		refuseAll(channels, requests)
		return nil, nil, nil, false
	}
	return conn, channels, requests, true
}

// refuseAll empties what x/crypto has to give until its loop has ended.
func refuseAll(channels <-chan gossh.NewChannel, requests <-chan *gossh.Request) {
	go gossh.DiscardRequests(requests) // ends with the connection, which is closed
	for channel := range channels {
		_ = channel.Reject(gossh.Prohibited, "")
	}
}

// become takes the identity from the finished handshake and lifts its deadline.
func (c *connection) become(p *gossh.Permissions) error {
	id, err := identityOf(p)
	if err != nil {
		return err
	}
	if err := c.net.authenticated(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.leaving != "" {
		return errDraining
	}
	c.identity = id
	c.alone = c.server.cfg.Now()
	return nil
}

// failed counts a handshake that came to nothing, and penalises its source.
func (c *connection) failed(attempt *signIn, evicted bool, err error) {
	s := c.server
	s.log.Info("handshake failed", "connection", c.id, "source", c.addr.String(), "error", untrusted.Sanitize(err.Error()))
	offence := OffenceNoAuth
	switch {
	case evicted:
		s.count.handshakesEvicted.Add(1)
		return
	case s.isDraining():
		return
	case c.net.expired():
		s.count.handshakesExpired.Add(1)
		offence = OffenceGrace
	case attempt.tried:
		offence = OffenceAuthFailed
	}
	if s.penalties.add(c.visit.source, offence) {
		s.count.penalties.Add(1)
		s.log.Warn("source refused for a while", "source", c.visit.source.String(), "offence", string(offence))
		s.observe(c.event(EventPenalised, string(offence)))
	}
}
