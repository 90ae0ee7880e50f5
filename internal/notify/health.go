package notify

import (
	"context"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// overdue is how old the oldest waiting notice may be before somebody should know.
const overdue = 2 * time.Minute

// Health says whether mail leaves, and what waits or was given up. It connects at most every 15 seconds, for 5 seconds at most.
func (d *Dispatcher) Health(ctx context.Context) core.Health {
	h := core.Health{Name: "mail", Kind: "mail", Level: core.Green, Said: sentence.Of("mail.ok"), At: d.room.clock.Now()}
	d.outboxHealth(ctx, &h)
	if f := d.room.line.health(ctx, d.room.stationery.from); f != nil {
		worsen(&h, core.Red, f.Said())
	}
	if f, at := d.room.line.last(); f != nil {
		h.Details = append(h.Details, sentence.Of("mail.last_trouble", sentence.Time("at", at), sentence.Nested("why", f.Said())))
		if ref := f.ref(); ref != "" {
			h.Details = append(h.Details, sentence.Of("mail.last_reply", sentence.Word("reply", ref)))
		}
	}
	return h
}

func (d *Dispatcher) outboxHealth(ctx context.Context, h *core.Health) {
	waiting, dead, oldest, err := d.outbox.OutboxDepth(ctx)
	if err != nil {
		worsen(h, core.Red, sentence.Of("mail.outbox_unread"))
		return
	}
	if waiting > 0 {
		s := sentence.Of("mail.waiting", sentence.Count("count", waiting), sentence.Time("since", oldest))
		h.Details = append(h.Details, s)
		if h.At.Sub(oldest) >= overdue {
			worsen(h, core.Amber, s)
		}
	}
	if dead > 0 {
		s := sentence.Of("mail.dead", sentence.Count("count", dead))
		h.Details = append(h.Details, s)
		worsen(h, core.Amber, s)
	}
}

// worsen lets the last one speak; they are asked in the order of their weight.
func worsen(h *core.Health, l core.HealthLevel, said sentence.Sentence) { h.Level, h.Said = l, said }
