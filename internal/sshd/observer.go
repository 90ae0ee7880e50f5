package sshd

import (
	"net/netip"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// EventKind says what happened.
type EventKind string

// The kinds of events.
const (
	EventSignInFailed   EventKind = "sign_in_failed"  // one wrong try; Detail is the method
	EventSignedIn       EventKind = "signed_in"       // a connection has an identity
	EventSignedOut      EventKind = "signed_out"      // that connection is over
	EventSessionStarted EventKind = "session_started" // a shell or command; Detail is "shell" or "exec"
	EventSessionEnded   EventKind = "session_ended"   // its handler has returned
	EventRefused        EventKind = "request_refused" // a channel or request that is not served; Detail is its type
	EventFlooded        EventKind = "flooded"         // too many of those: the connection was closed
	EventPenalised      EventKind = "penalised"       // the source is refused from now on; Detail is the offence
	EventStalled        EventKind = "stalled"         // a client did not read: its channel was closed
	EventPanicked       EventKind = "panicked"        // a handler failed: its session was ended
)

// Event is one thing that an auditor may want to know. It holds no login of somebody who failed to sign in, because
// people type passwords there: LoginTag is the same for the same login until the server restarts.
type Event struct {
	Kind       EventKind
	Connection string
	Session    string     // empty where the event is not about one session
	Identity   Identity   // zero before sign-in
	Source     netip.Addr // address of the client
	LoginTag   string
	Detail     untrusted.Text
}

// Observer is told what happens at the door. Observe is called from many goroutines and must return soon: handshakes
// and sessions wait for it.
type Observer interface {
	// Observe takes note of one event. It returns no error: what it cannot note it must report by itself.
	Observe(Event)
}
