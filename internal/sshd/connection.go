package sshd

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// connection is one client from its first byte to its last session.
type connection struct {
	server *Server
	id     string
	net    *guardedConn
	addr   netip.Addr
	visit  *visit
	born   time.Time

	refusedChannels atomic.Int64
	refusedRequests atomic.Int64
	probing         atomic.Bool
	handlers        sync.WaitGroup // one for each session

	mu       sync.Mutex
	identity Identity // zero until the handshake is finished
	sessions map[*Session]struct{}
	opened   int         // sessions so far
	alone    time.Time   // since when there is no session
	leaving  LeaveReason // empty: not leaving
}

func newConnection(s *Server, conn *guardedConn, addr netip.Addr, v *visit) *connection {
	id := make([]byte, 8)
	_, _ = rand.Read(id) // never fails: crypto/rand ends the process instead
	now := s.cfg.Now()
	return &connection{
		server: s, id: hex.EncodeToString(id), net: conn, addr: addr, visit: v,
		born: now, alone: now, sessions: map[*Session]struct{}{},
	}
}

// close ends the connection at once; all that waits for it is freed.
func (c *connection) close() { _ = c.net.Close() }

func (c *connection) event(kind EventKind, detail string) Event {
	id, _ := c.who()
	return Event{Kind: kind, Connection: c.id, Identity: id, Source: c.addr, Detail: untrusted.New(detail)}
}

// run authenticates and serves. The caller closes the connection.
func (c *connection) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	conn, channels, requests, ok := c.handshake(ctx)
	if !ok {
		return
	}
	c.server.count.signedIn.Add(1)
	c.server.log.Info("signed in", "connection", c.id, "operator", c.identity.OperatorID, "source", c.addr.String(),
		"factors", c.identity.Factors, "client", c.identity.ClientVersion)
	c.server.observe(c.event(EventSignedIn, ""))
	defer c.signedOut()
	defer c.handlers.Wait()
	c.serve(ctx, conn, channels, requests)
}

func (c *connection) signedOut() {
	c.server.log.Info("signed out", "connection", c.id, "operator", c.identity.OperatorID,
		"duration", c.server.cfg.Now().Sub(c.born).Round(time.Millisecond))
	c.server.observe(c.event(EventSignedOut, ""))
}

// serve is the loop of an authenticated connection. It runs until x/crypto closes both channels, which it does when
// the connection is closed from either side; until then it must take whatever comes, or that loop would stand still.
func (c *connection) serve(ctx context.Context, conn gossh.Conn, channels <-chan gossh.NewChannel, requests <-chan *gossh.Request) {
	limits := c.server.cfg.Timeouts
	tick := time.NewTicker(min(limits.KeepAlive, limits.Sessionless, limits.Lifetime))
	defer tick.Stop()
	for channels != nil || requests != nil {
		select {
		case channel, ok := <-channels:
			if !ok {
				channels = nil
				continue
			}
			c.open(ctx, channel)
		case request, ok := <-requests:
			if !ok {
				requests = nil
				continue
			}
			c.request(request)
		case <-tick.C:
			c.lookAfter(conn)
		}
	}
}

// open admits a session channel or refuses the channel.
func (c *connection) open(ctx context.Context, channel gossh.NewChannel) {
	if channel.ChannelType() != "session" {
		_ = channel.Reject(gossh.Prohibited, "only sessions are served")
		c.refusedChannel(channel.ChannelType())
		return
	}
	session := c.admit()
	if session == nil {
		_ = channel.Reject(gossh.ResourceShortage, "no more sessions on this connection")
		c.refusedChannel("session")
		return
	}
	ch, requests, err := channel.Accept()
	if err != nil {
		c.dismissed(session)
		return
	}
	session.attach(ch)
	c.handlers.Go(func() { // ends with the channel, then with the handler, whose context that ends
		defer c.dismissed(session)
		session.serve(ctx, requests)
	})
}

// admit takes a place among the sessions of the connection, or returns nil.
func (c *connection) admit() *Session {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.leaving != "" || len(c.sessions) >= c.server.cfg.Limits.Channels {
		return nil
	}
	c.opened++
	s := newSession(c, c.id+"-"+strconv.Itoa(c.opened), c.identity)
	c.sessions[s] = struct{}{}
	return s
}

// dismissed gives the place of a session back. A connection that is leaving goes with its last one.
func (c *connection) dismissed(s *Session) {
	c.mu.Lock()
	delete(c.sessions, s)
	c.alone = c.server.cfg.Now()
	gone := len(c.sessions) == 0 && c.leaving != ""
	c.mu.Unlock()
	if gone {
		c.close()
	}
}

// request answers a request about the connection as a whole. None is served; those that clients send in good faith
// are not held against them.
func (c *connection) request(r *gossh.Request) {
	_ = r.Reply(false, nil)
	switch r.Type {
	case "keepalive@openssh.com", "no-more-sessions@openssh.com":
	default:
		c.refusedRequest(r.Type, "")
	}
}

func (c *connection) refusedChannel(kind string) {
	c.server.count.channelsRefused.Add(1)
	c.refused(kind, "", c.refusedChannels.Add(1) == int64(c.server.cfg.Limits.ChannelRefusals))
}

func (c *connection) refusedRequest(kind, session string) {
	c.server.count.requestsRefused.Add(1)
	c.refused(kind, session, c.refusedRequests.Add(1) == int64(c.server.cfg.Limits.RequestRefusals))
}

// refused reports a refusal; the last one that is tolerated ends the connection.
func (c *connection) refused(kind, session string, last bool) {
	event := c.event(EventRefused, kind)
	event.Session = session
	c.server.log.Info("request refused", "connection", c.id, "session", session, "type", event.Detail)
	c.server.observe(event)
	if !last {
		return
	}
	c.server.count.flooded.Add(1)
	c.server.observe(c.event(EventFlooded, kind))
	c.close()
}
