package notify

import (
	"context"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

const (
	batch      = 50               // notices read at once
	idleLook   = 15 * time.Minute // how long an empty outbox is left alone when nobody wakes the Dispatcher
	storePause = time.Minute      // after an outbox that could not be read or written
	minPause   = time.Second      // between two passes that nobody asked for
	keepTime   = 5 * time.Second  // to note what became of a notice when the program is about to end
)

// Dispatcher sends the notices of an outbox: each at least once, and more than once only when a server took it without saying so.
type Dispatcher struct {
	room   *Mailroom
	outbox core.Outbox
	wake   chan struct{}

	mu   sync.Mutex      // one pass at a time
	sent map[string]bool // sent, but the outbox could not be told: never sent again by this process
}

// Run sends notices until ctx ends. It sleeps until Wake, or until the next notice is due.
func (d *Dispatcher) Run(ctx context.Context) {
	for ctx.Err() == nil {
		timer := time.NewTimer(d.pass(ctx))
		select {
		case <-ctx.Done():
		case <-d.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// Wake says that notices were put in. It never blocks.
func (d *Dispatcher) Wake() {
	select {
	case d.wake <- struct{}{}:
	default: // a wake that was not heard yet says the same
	}
}

// pass drains the outbox and returns how long nothing will be due.
func (d *Dispatcher) pass(ctx context.Context) time.Duration {
	err := d.Drain(ctx)
	var pause time.Duration
	if err == nil {
		pause, err = d.untilNext(ctx)
	}
	if err != nil && ctx.Err() == nil {
		d.room.log.ErrorContext(ctx, "the outbox cannot be worked on", "error", err)
		return storePause
	}
	return pause
}

// untilNext is how long to sleep.
func (d *Dispatcher) untilNext(ctx context.Context) (time.Duration, error) {
	now := d.room.clock.Now()
	soon, err := d.outbox.DueNotices(ctx, now.Add(maxBackoff), batch)
	if err != nil {
		return 0, err
	}
	pause := idleLook
	for _, n := range soon {
		pause = min(pause, n.NextTry.Sub(now))
	}
	if len(soon) == batch {
		pause = min(pause, minBackoff) // there may be earlier ones behind these
	}
	return max(pause, minPause), nil
}

// Drain tries every notice that is due now, once. The error is that of the outbox; a notice that cannot be sent is none.
func (d *Dispatcher) Drain(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := &round{Dispatcher: d, now: d.room.clock.Now()}
	for ctx.Err() == nil {
		due, err := d.outbox.DueNotices(ctx, r.now, batch)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, n := range due {
			if err := r.handle(ctx, n); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// round is one pass over the outbox.
type round struct {
	*Dispatcher
	now  time.Time
	down *Failure // why nothing leaves in this round; nil as long as mail leaves
}

// handle tries one notice and notes what became of it.
func (r *round) handle(ctx context.Context, n core.Notice) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !r.sent[n.Key] {
		f := r.try(ctx, n)
		if ctx.Err() != nil && f != nil {
			return ctx.Err() // the program ends; it is tried again after the next start
		}
		if f != nil {
			return r.failed(ctx, n, f)
		}
		r.sent[n.Key] = true
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTime)
	defer cancel()
	if err := r.outbox.NoticeSent(ctx, n.Key); err != nil {
		return err
	}
	delete(r.sent, n.Key)
	return nil
}

// try sends one notice. When nothing leaves, the rest of the round is spared the waiting.
func (r *round) try(ctx context.Context, n core.Notice) *Failure {
	to, ok := ParseAddress(n.To)
	if !ok {
		return &Failure{Step: StepAddress}
	}
	sh, ok := r.room.stationery.notice(to, n)
	if !ok || n.Channel != channelMail {
		return newFailure(StepMessage, "", errNoTemplate)
	}
	if r.down != nil {
		return r.down
	}
	f := r.send(ctx, sh)
	if f != nil && f.Systemic() {
		r.down = f
	}
	return f
}

// channelMail is the channel of the notices this package sends.
const channelMail = "mail"

func (r *round) send(ctx context.Context, sh sheet) *Failure {
	m, err := r.room.stationery.write(sh)
	if err != nil {
		return asFailure(err)
	}
	delivery, err := r.room.line.Open(ctx, Envelope{From: r.room.stationery.from, To: sh.to})
	if err != nil {
		return asFailure(err)
	}
	return asFailure(delivery.Send(ctx, m))
}

// failed notes when to try again, or that it is given up: at once when it can never arrive, else a day after the change.
func (r *round) failed(ctx context.Context, n core.Notice, f *Failure) error {
	dead := f.Permanent() || r.now.Sub(n.At) >= giveUp
	next := r.now.Add(backoff(n.Key, n.Attempts+1))
	if err := r.outbox.NoticeFailed(ctx, n.Key, f.Error(), next, dead); err != nil {
		return err
	}
	if dead {
		r.room.log.ErrorContext(ctx, "a notice was given up: its recipient was not told",
			"notice", n.Key, "kind", n.Kind, "case", n.Case, "attempts", n.Attempts+1, "error", f)
	}
	return nil
}
