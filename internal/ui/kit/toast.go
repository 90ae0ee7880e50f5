package kit

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Toast is a short sentence that goes away by itself.
type Toast struct {
	Text  string
	State theme.State
	// For is how long it is shown once it is its turn.
	For time.Duration
}

// maxToasts bounds the queue; the oldest waiting one gives way.
const maxToasts = 8

// Toasts shows one toast after the other, the oldest first.
type Toasts struct {
	Theme *theme.Theme

	queue []Toast
	until time.Time // end of queue[0]
}

// Push adds a toast at that time. A toast that says the same as the last one is
// not added again.
func (q *Toasts) Push(t Toast, now time.Time) {
	if n := len(q.queue); n > 0 && q.queue[n-1].Text == t.Text {
		return
	}
	q.queue = append(q.queue, t)
	if len(q.queue) == 1 {
		q.until = now.Add(t.For)
	}
	if len(q.queue) > maxToasts {
		q.queue = append(q.queue[:1], q.queue[2:]...)
	}
}

// Tick moves on when the time of the toast shown is over and reports whether it
// did.
func (q *Toasts) Tick(now time.Time) bool {
	if len(q.queue) == 0 || now.Before(q.until) {
		return false
	}
	q.Dismiss(now)
	return true
}

// Dismiss takes away the toast shown; the next one has its turn from now on.
func (q *Toasts) Dismiss(now time.Time) {
	if len(q.queue) == 0 {
		return
	}
	q.queue = q.queue[1:]
	if len(q.queue) > 0 {
		q.until = now.Add(q.queue[0].For)
	}
}

// NextAt returns when the queue changes by itself, and whether it will.
func (q *Toasts) NextAt() (time.Time, bool) { return q.until, len(q.queue) > 0 }

// Height returns the lines of the toast shown.
func (q *Toasts) Height(w int) int {
	if len(q.queue) == 0 {
		return 0
	}
	return q.statement().Height(w)
}

// View draws the toast shown.
func (q *Toasts) View(w, h int) []string {
	if len(q.queue) == 0 {
		return Clamp(nil, w, h)
	}
	return q.statement().View(w, h)
}

func (q *Toasts) statement() *Statement {
	return &Statement{Theme: q.Theme, State: q.queue[0].State, Text: q.queue[0].Text}
}
