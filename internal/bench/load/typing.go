package load

import (
	"context"
	"sync"
	"time"
)

// Typing is what every session does: its keys one after the other, evenly. The next key waits for the whole answer to the last one: output that
// comes late could be taken for the answer to another key, and a letter that is taken back before it was drawn is never drawn.
type Typing struct {
	Every   time.Duration // between two keys of one session
	For     time.Duration // for how long keys become due
	TimeOut time.Duration // after which a key counts as not answered
	Rest    time.Duration // for the rest of an answer that has begun; some have no end that can be seen
	Behind  time.Duration // so far behind the schedule, what was missed is left out and counts as not answered
}

// Typed is what came of it.
type Typed struct {
	Due      int       // keys that became due
	Answered int       //
	TimeOuts int       // of the rest: sent, and nothing came in time
	Late     []float64 // ms from when a key was due to the first byte of its answer, one for each answered key
	Wait     []float64 // ms from when it was sent
	Whole    []float64 // ms from when it was sent to the end of its answer
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
	t.Late, t.Wait, t.Whole = append(t.Late, o.Late...), append(t.Wait, o.Wait...), append(t.Whole, o.Whole...)
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
	typed   Typed
}

func (w *typist) run(ctx context.Context) {
	for w.due.Before(w.end) {
		w.skip(time.Now())
		if !w.due.Before(w.end) || sleep(ctx, time.Until(w.due)) != nil {
			break
		}
		if !w.press(ctx) {
			break
		}
		w.due = w.due.Add(w.Every)
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

// press sends one key and waits for its answer; false when the session is over.
func (w *typist) press(ctx context.Context) bool {
	w.typed.Due++
	sent := time.Now()
	a, err := w.session.press(w.next())
	if err != nil {
		return false
	}
	at, ok := w.wait(ctx, a.first, w.TimeOut)
	if !ok {
		if !w.lives(ctx) {
			return false
		}
		w.typed.TimeOuts++
		return true
	}
	w.typed.Answered++
	w.typed.Late = append(w.typed.Late, ms(at.Sub(w.due)))
	w.typed.Wait = append(w.typed.Wait, ms(at.Sub(sent)))
	if at, ok = w.wait(ctx, a.whole, w.Rest); ok {
		w.typed.Whole = append(w.typed.Whole, ms(at.Sub(sent)))
	}
	return w.lives(ctx)
}

// wait waits for a time, as long as the session lives.
func (w *typist) wait(ctx context.Context, coming <-chan time.Time, limit time.Duration) (at time.Time, ok bool) {
	late := time.NewTimer(limit)
	defer late.Stop()
	select {
	case at = <-coming:
		return at, true
	case <-late.C:
	case <-w.session.ended:
	case <-ctx.Done():
	}
	return at, false
}

// lives reports whether there is anybody left to answer.
func (w *typist) lives(ctx context.Context) bool {
	select {
	case <-w.session.ended:
		return false
	default:
		return ctx.Err() == nil
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
