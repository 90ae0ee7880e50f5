package sshd

import (
	"errors"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// errForced ends the context of a session that was asked to leave and did not.
var errForced = errors.New("sshd: session ended by the server")

// who is the identity of the connection, if it has one yet.
func (c *connection) who() (Identity, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.identity, c.identity.OperatorID != ""
}

// present is the identity of a connection that has a session now.
func (c *connection) present() (Identity, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.identity, len(c.sessions) > 0
}

// leave asks every session to end, admits no other, and closes the connection with the last one: at once if there is
// none. Only the first reason counts.
func (c *connection) leave(why LeaveReason) {
	c.mu.Lock()
	if c.leaving != "" {
		c.mu.Unlock()
		return
	}
	c.leaving = why
	sessions := c.list()
	c.mu.Unlock()
	for _, s := range sessions {
		s.leave(why)
	}
	if len(sessions) == 0 {
		c.close()
	}
}

// force ends the contexts of the sessions that are still there and closes the connection a little later, so that
// handlers which obey can restore the terminal.
func (c *connection) force() {
	c.mu.Lock()
	sessions := c.list()
	c.mu.Unlock()
	for _, s := range sessions {
		s.force()
	}
	time.AfterFunc(c.server.cfg.Timeouts.Close, c.close)
}

// list returns the sessions. c.mu is held.
func (c *connection) list() []*Session {
	sessions := make([]*Session, 0, len(c.sessions))
	for s := range c.sessions {
		sessions = append(sessions, s)
	}
	return sessions
}

// lookAfter is called at every tick: a connection has an age, must be good for something, and must be alive.
func (c *connection) lookAfter(conn gossh.Conn) {
	now := c.server.cfg.Now()
	limits := c.server.cfg.Timeouts
	switch {
	case now.Sub(c.born) >= limits.Lifetime:
		c.leave(LeaveLifetime)
		time.AfterFunc(limits.Farewell, c.force)
	case c.aloneFor(now) >= limits.Sessionless:
		c.server.log.Info("connection without sessions closed", "connection", c.id)
		c.close()
	case c.net.silent() && c.probing.CompareAndSwap(false, true):
		go c.probe(conn) // ends with the answer, or with the connection, which the missing answer closes
	}
}

func (c *connection) aloneFor(now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.sessions) > 0 {
		return 0
	}
	return now.Sub(c.alone)
}

// probe asks for a sign of life. Any answer is one: clients refuse a request that they do not know (RFC 4254, section 4).
func (c *connection) probe(conn gossh.Conn) {
	defer c.probing.Store(false)
	dead := time.AfterFunc(c.server.cfg.Timeouts.KeepAlive, func() {
		c.server.count.lost.Add(1)
		c.server.log.Info("client lost", "connection", c.id)
		c.close()
	})
	defer dead.Stop()
	_, _, _ = conn.SendRequest("keepalive@openssh.com", true, nil)
}
