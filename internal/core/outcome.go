package core

import (
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Outcome is what came of an operation after its intent was recorded.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused" // the directory said no; nothing was changed
	Failed  Outcome = "failed"  // it could not be tried; nothing was changed
	Unknown Outcome = "unknown" // sent, no answer: may or may not have happened
)

// DeliveryState says what became of a secret.
type DeliveryState string

// The states of a delivery.
const (
	NoDelivery      DeliveryState = ""
	Delivered       DeliveryState = "delivered"
	DeliveryFailed  DeliveryState = "failed"
	DeliveredOnDesk DeliveryState = "shown" // shown once to an operator who may see it
)

// Result is what Perform did.
type Result struct {
	Operation string
	Verb      Verb
	Outcome   Outcome
	Said      sentence.Sentence   // one sentence: what happened
	More      []sentence.Sentence // what else is worth saying: delivery, notices, what was already so
	Seq       int64               // number of the outcome in the trail
	Case      Case
	Account   Account // as it was before the change
	Delivery  DeliveryState
	SentTo    string       // masked
	Password  *secret.Text // only with the permission to see it; shown once
	Notices   int          // notices put into the outbox
	Proposed  OutcomeCode  // proposed for closing the case
	Challenge Challenge
	Evidence  Evidence
	Repeated  bool // this operation id had been performed before; nothing was done again
}
