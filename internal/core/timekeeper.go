package core

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// clockTolerance is how far the clock may go back before proofs stop counting: more than a time service corrects without being asked.
const clockTolerance = 2 * time.Second

// What burns evidence: Evidence.SpentBy names it instead of an operation.
const (
	BurntByClock   = "clock"   // the clock was set back
	BurntByRestore = "restore" // the store was restored from a backup
)

// timekeeper remembers the latest time the desk has seen. A clock that is set back would make codes and proofs count again that had run out.
type timekeeper struct {
	mu     sync.Mutex
	newest time.Time
}

// saw notes a time.
func (k *timekeeper) saw(at time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if at.After(k.newest) {
		k.newest = at
	}
}

// keepTime burns every proof and every outstanding code when the clock was set back since anything was done here; that is recorded. Counters
// need nothing: what lies in the future counts in them. CodeAuditUnavailable.
func (d *Desk) keepTime(ctx context.Context) error {
	d.times.mu.Lock()
	defer d.times.mu.Unlock()
	now := d.Clock.Now()
	by := d.times.newest.Sub(now)
	if by <= clockTolerance {
		d.times.newest = now.Add(max(0, by))
		return nil
	}
	rec := Record{
		At: now.UTC(), Kind: KindSystem, Reason: "clock.set_back", Policy: d.Settings().Version,
		Detail: map[string]string{"seconds": strconv.FormatInt(int64(by/time.Second), 10)},
	}
	ctx, cancel := detach(ctx, bookkeeping)
	defer cancel()
	if err := d.Proofs.Burn(ctx, BurntByClock, rec); err != nil {
		return Fail(CodeAuditUnavailable, sentence.Of("error.audit_unavailable")).Because(err)
	}
	d.times.newest = now
	d.Log.ErrorContext(ctx, "the clock was set back; proofs and codes no longer count", "by", by)
	d.tell(Event{Kind: EventHealth})
	return nil
}

// recall reads from the trail when the desk did something last, so that a clock that is set back while it is down is noticed too.
func (d *Desk) recall(ctx context.Context) error {
	last, err := d.Trail.Records(ctx, TrailFilter{Limit: 1})
	if err == nil && len(last) > 0 {
		d.times.saw(last[0].At)
	}
	return err
}
