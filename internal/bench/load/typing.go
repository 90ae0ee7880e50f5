package load

import (
	"context"
	"sync"
	"time"
)

// Typing is what every session does: its keys one after the other, evenly.
type Typing struct {
	Every   time.Duration // between two keys of one session
	For     time.Duration // for how long keys become due
	TimeOut time.Duration // after which a key counts as not answered
	Behind  time.Duration // so far behind the schedule, what was missed is left out and counts as not answered
}

// Typed is what came of it.
type Typed struct {
	Due      int       // keys that became due
	Answered int       //
	TimeOuts int       // of the rest: sent, and nothing came in time
	Late     []float64 // ms from when a key was due to the first byte of its answer, one for each answered key
	Wait     []float64 // ms from when it was sent
	Settled  []float64 // ms from when it was sent to the last byte before the next key
	Bytes    int64     // received meanwhile
}

// Type has all sessions type at once. Their first keys are spread over the time between two keys.
func (c *Crowd) Type(ctx context.Context, t Typing) Typed {
	before := c.Bytes()
	results := make([]Typed, len(c.sessions))
	var all sync.WaitGroup
	begin := time.Now()
	for i, s := range c.sessions {
		first := begin.Add(t.Every * time.Duration(i) / time.Duration(len(c.sessions)))
		all.Go(func() { // ends with the time to type, or ctx
			w := typist{Typing: t, session: s, next: c.keyboards[i], due: first, end: begin.Add(t.For)}
			w.run(ctx)
			results[i] = w.typed
		})
	}
	all.Wait()
	var sum Typed
	for _, r := range results {
		sum.add(r)
	}
	sum.Bytes = c.Bytes() - before
	return sum
}

func (t *Typed) add(o Typed) {
	t.Due, t.Answered, t.TimeOuts = t.Due+o.Due, t.Answered+o.Answered, t.TimeOuts+o.TimeOuts
	t.Late, t.Wait, t.Settled = append(t.Late, o.Late...), append(t.Wait, o.Wait...), append(t.Settled, o.Settled...)
}

// Unanswered is the share of due keys that got no answer, in percent.
func (t Typed) Unanswered() float64 {
	if t.Due == 0 {
		return 100
	}
	return 100 * float64(t.Due-t.Answered) / float64(t.Due)
}

// typist types in one session, with one key in flight.
type typist struct {
	Typing
	session *Session
	next    Keyboard
	due     time.Time
	end     time.Time
	sent    time.Time // of the last key that was answered; zero when there is none
	typed   Typed
}

func (w *typist) run(ctx context.Context) {
	for w.due.Before(w.end) {
		w.skip(time.Now())
		if !w.due.Before(w.end) || sleep(ctx, time.Until(w.due)) != nil {
			break
		}
		w.settled()
		if !w.press(ctx) {
			break
		}
		w.due = w.due.Add(w.Every)
	}
	if ctx.Err() == nil {
		_ = sleep(ctx, w.Every)
		w.settled()
	}
}

// skip gives up keys that a session far behind would have to send all at once.
func (w *typist) skip(now time.Time) {
	if now.Sub(w.due) <= w.Behind {
		return
	}
	for w.due.Before(now) && w.due.Before(w.end) {
		w.due = w.due.Add(w.Every)
		w.typed.Due++
	}
}

// settled notes when the output for the last key ended. It is called before the next key, so that this output is all of that key's.
func (w *typist) settled() {
	if w.sent.IsZero() {
		return
	}
	_, last := w.session.Bytes()
	w.typed.Settled = append(w.typed.Settled, ms(last.Sub(w.sent)))
	w.sent = time.Time{}
}

// press sends one key and waits for its answer; false when the session is over.
func (w *typist) press(ctx context.Context) bool {
	w.typed.Due++
	sent := time.Now()
	answered, err := w.session.press(w.next())
	if err != nil {
		return false
	}
	limit := time.NewTimer(w.TimeOut)
	defer limit.Stop()
	select {
	case at := <-answered:
		w.typed.Answered++
		w.typed.Late = append(w.typed.Late, ms(at.Sub(w.due)))
		w.typed.Wait = append(w.typed.Wait, ms(at.Sub(sent)))
		w.sent = sent
		return true
	case <-limit.C:
		w.typed.TimeOuts++
		return true
	case <-w.session.ended:
		return false
	case <-ctx.Done():
		return false
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
