package sshd

import "sync/atomic"

// Counters is a snapshot of what happened since the start, and of what is there now. Each field is exact; together
// they are not of one instant.
type Counters struct {
	Connections       uint64 // accepted from the listener
	RefusedByLimit    uint64 // closed at once: too many connections in all or of one source
	RefusedByPenalty  uint64 // closed at once: the source has misbehaved
	RefusedByDrain    uint64 // closed at once: the server is draining
	HandshakesEvicted uint64 // ended to make room for another handshake
	HandshakesExpired uint64 // not signed in when the time was up
	SignedIn          uint64
	SignInFailures    uint64 // wrong tries, not connections
	SignInFaults      uint64 // tries that could not be decided
	Penalties         uint64 // sources that became refused
	Sessions          uint64 // shells and commands started
	ChannelsRefused   uint64
	RequestsRefused   uint64 // of channels and of connections
	EnvRefused        uint64 // variables not on the list or past a bound
	ResizesCoalesced  uint64 // replaced by a newer one before anybody looked
	Flooded           uint64 // connections closed after too many refusals
	Stalled           uint64 // channels closed because nobody read what was written
	Unclosed          uint64 // connections closed because a client did not agree to the close of a channel
	Lost              uint64 // connections closed because no keep-alive came back
	Panics            uint64

	OpenConnections int64 // now, handshakes included
	Handshakes      int64 // now
	OpenSessions    int64 // now
}

// counters is the living form of Counters.
type counters struct {
	connections, refusedByLimit, refusedByPenalty, refusedByDrain atomic.Uint64
	handshakesEvicted, handshakesExpired                          atomic.Uint64
	signedIn, signInFailures, signInFaults, penalties             atomic.Uint64
	sessions, channelsRefused, requestsRefused, envRefused        atomic.Uint64
	resizesCoalesced, flooded, stalled, unclosed, lost, panics    atomic.Uint64
	openConnections, openSessions                                 atomic.Int64
}

func (c *counters) snapshot() Counters {
	return Counters{
		Connections:       c.connections.Load(),
		RefusedByLimit:    c.refusedByLimit.Load(),
		RefusedByPenalty:  c.refusedByPenalty.Load(),
		RefusedByDrain:    c.refusedByDrain.Load(),
		HandshakesEvicted: c.handshakesEvicted.Load(),
		HandshakesExpired: c.handshakesExpired.Load(),
		SignedIn:          c.signedIn.Load(),
		SignInFailures:    c.signInFailures.Load(),
		SignInFaults:      c.signInFaults.Load(),
		Penalties:         c.penalties.Load(),
		Sessions:          c.sessions.Load(),
		ChannelsRefused:   c.channelsRefused.Load(),
		RequestsRefused:   c.requestsRefused.Load(),
		EnvRefused:        c.envRefused.Load(),
		ResizesCoalesced:  c.resizesCoalesced.Load(),
		Flooded:           c.flooded.Load(),
		Stalled:           c.stalled.Load(),
		Unclosed:          c.unclosed.Load(),
		Lost:              c.lost.Load(),
		Panics:            c.panics.Load(),
		OpenConnections:   c.openConnections.Load(),
		OpenSessions:      c.openSessions.Load(),
	}
}
