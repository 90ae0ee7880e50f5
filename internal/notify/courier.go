package notify

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Courier is core.Courier by mail.
type Courier struct {
	room *Mailroom
}

var _ core.Courier = (*Courier)(nil)

// Reaches implements core.Courier.
func (c *Courier) Reaches(k core.MethodKind) bool {
	return k == core.MethodMail || k == core.MethodAlternate
}

// Probe connects as for a letter, and leaves. CodeUnavailable.
func (c *Courier) Probe(ctx context.Context) error {
	if f := asFailure(c.room.line.Probe(ctx, c.room.stationery.from)); f != nil {
		return f.coreError()
	}
	return nil
}

// Prepare implements core.Courier.
func (c *Courier) Prepare(ctx context.Context, to core.Method) (core.Consignment, error) {
	if !c.Reaches(to.Kind) {
		return nil, core.Fail(core.CodeInvalid, sentence.Of("mail.wrong_method"))
	}
	address, ok := ParseAddress(to.Destination)
	if !ok {
		return nil, (&Failure{Step: StepAddress}).coreError()
	}
	delivery, err := c.room.line.Open(ctx, Envelope{From: c.room.stationery.from, To: address})
	if err != nil {
		return nil, asFailure(err).coreError()
	}
	return &consignment{room: c.room, to: address, delivery: delivery}, nil
}

// consignment is core.Consignment by mail.
type consignment struct {
	room     *Mailroom
	to       Address
	delivery Delivery
}

// Send implements core.Consignment.
func (c *consignment) Send(ctx context.Context, l core.Letter) error {
	m, err := c.compose(l)
	if err != nil {
		c.delivery.Abort()
		return asFailure(err).coreError()
	}
	defer clear(m.Content) // what is in the buffers of the encoder and of the connection is the runtime's
	if err := c.delivery.Send(ctx, m); err != nil {
		return asFailure(err).coreError()
	}
	return nil
}

func (c *consignment) compose(l core.Letter) (Message, error) {
	if l.Secret == nil {
		return Message{}, newFailure(StepMessage, "", errNoSecret)
	}
	sh, ok := c.room.stationery.letter(c.to, c.room.clock.Now(), l)
	if !ok {
		return Message{}, newFailure(StepMessage, "", errNoTemplate)
	}
	return c.room.stationery.write(sh)
}

// Abort implements core.Consignment.
func (c *consignment) Abort() { c.delivery.Abort() }
