package notify

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

const (
	probeLimit = 5 * time.Second
	probeFresh = 15 * time.Second // many screens that show health make one probe
)

// watched is a Transport that remembers how it went, for Health and the log.
type watched struct {
	transport Transport
	clock     core.Clock
	log       *slog.Logger

	mu      sync.Mutex
	trouble *Failure // the last one, whatever came after
	at      time.Time
	down    bool // the last message failed for a reason that the next one would meet too

	probing sync.Mutex // held during a probe for health
	probed  time.Time
	found   *Failure
}

// Open implements Transport.
func (w *watched) Open(ctx context.Context, e Envelope) (Delivery, error) {
	d, err := w.transport.Open(ctx, e)
	if err != nil {
		return nil, w.note(ctx, err)
	}
	return &watchedDelivery{delivery: d, line: w}, nil
}

// Probe implements Transport.
func (w *watched) Probe(ctx context.Context, from Address) error {
	if err := w.transport.Probe(ctx, from); err != nil {
		return w.note(ctx, err)
	}
	w.turn(ctx, nil)
	return nil
}

// health probes, unless that was done a moment ago.
func (w *watched) health(ctx context.Context, from Address) *Failure {
	w.probing.Lock()
	defer w.probing.Unlock()
	now := w.clock.Now()
	if age := now.Sub(w.probed); !w.probed.IsZero() && age >= 0 && age < probeFresh {
		return w.found
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeLimit) // the answer is for others too
	defer cancel()
	w.found, w.probed = asFailure(w.Probe(ctx, from)), now
	return w.found
}

// note remembers a failure, unless it is only that the caller went away.
func (w *watched) note(ctx context.Context, err error) *Failure {
	f := asFailure(err)
	if errors.Is(f, context.Canceled) {
		return f
	}
	w.mu.Lock()
	w.trouble, w.at = f, w.clock.Now()
	w.mu.Unlock()
	w.turn(ctx, f)
	return f
}

// turn logs when mail stops leaving and when it leaves again, not every message in between: what becomes of one message is its sender's to
// tell. A failure of this message alone shows that the others leave.
func (w *watched) turn(ctx context.Context, f *Failure) {
	down := f != nil && f.Systemic()
	w.mu.Lock()
	before := w.down
	w.down = down
	w.mu.Unlock()
	switch {
	case down && !before:
		w.log.WarnContext(ctx, "mail does not leave", "server", f.Place, "error", f)
	case !down && before:
		w.log.InfoContext(ctx, "mail leaves again")
	}
}

func (w *watched) last() (*Failure, time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.trouble, w.at
}

// watchedDelivery is a Delivery of a watched Transport.
type watchedDelivery struct {
	delivery Delivery
	line     *watched
}

// Send implements Delivery.
func (d *watchedDelivery) Send(ctx context.Context, m Message) error {
	if err := d.delivery.Send(ctx, m); err != nil {
		return d.line.note(ctx, err)
	}
	d.line.turn(ctx, nil)
	return nil
}

// Abort implements Delivery.
func (d *watchedDelivery) Abort() { d.delivery.Abort() }
