package notify

import (
	"context"
	"time"
)

// Transport takes messages to a mail system. Every error is a *Failure.
type Transport interface {
	// Open connects and has the recipient accepted. *Failure of any step before StepContent.
	Open(ctx context.Context, e Envelope) (Delivery, error)
	// Probe connects as for a message from this sender, and leaves. *Failure of any step before StepRecipient.
	Probe(ctx context.Context, from Address) error
}

// Delivery is a transport that waits for the content. Exactly one of Send and Abort is called.
type Delivery interface {
	// Send hands the content over. *Failure of StepContent or StepFolder; Lost when it cannot be known whether the message was taken.
	Send(ctx context.Context, m Message) error
	// Abort leaves without content.
	Abort()
}

// Envelope says from whom to whom. One message has one recipient.
type Envelope struct {
	From, To Address
}

// Message is what a Delivery carries.
type Message struct {
	ID      string    // Message-ID without its brackets: the same for every try of the same message
	At      time.Time // Date: the same for every try
	Content []byte    // header and body, CRLF line ends (RFC 5322)
}
