package storetest

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func outboxTests() []func(*desk) {
	return []func(*desk){
		noticesAreDueAtOnce, aNoticeIsPutInOnce, aSentNoticeIsGone, aFailedNoticeIsTriedLater, aDeadNoticeIsNotTried, theDepthOfTheOutboxIsKnown,
	}
}

func (d *desk) due(at time.Time) []core.Notice {
	d.Helper()
	due, err := d.DueNotices(d.Context(), at, 0)
	d.must(err)
	return due
}

// put concludes an operation with notices under these keys.
func (d *desk) put(keys ...string) {
	d.Helper()
	c := d.opened(d.alice, d.jane)
	i := d.intent(c, d.alice)
	done := d.conclusion(i, d.intended(i), core.Done)
	for _, k := range keys {
		done.Notices = append(done.Notices, d.notice(c, k))
	}
	d.concluded(done)
}

func (d *desk) wantDue(at time.Time, keys ...string) {
	d.Helper()
	var got []string
	for _, n := range d.due(at) {
		got = append(got, n.Key)
	}
	d.same(got, keys)
}

// noticesAreDueAtOnce, oldest first, not more than asked for.
func noticesAreDueAtOnce(d *desk) {
	d.put("z", "y")
	d.later(time.Minute)
	d.put("a")
	d.wantDue(d.now, "z", "y", "a")
	two, err := d.DueNotices(d.Context(), d.now, 2)
	d.must(err)
	d.same(len(two), 2)
}

// aNoticeIsPutInOnce.
func aNoticeIsPutInOnce(d *desk) {
	d.put("a", "a")
	d.must(d.NoticeFailed(d.Context(), "a", "busy", d.now, false))
	d.put("a")
	d.wantDue(d.now, "a")
	d.same(d.due(d.now)[0].Attempts, 1)
}

// aSentNoticeIsGone, and sending it twice is no error.
func aSentNoticeIsGone(d *desk) {
	d.put("a", "b")
	for range 2 {
		d.must(d.NoticeSent(d.Context(), "a"))
		d.wantDue(d.now, "b")
	}
}

// aFailedNoticeIsTriedLater, with what went wrong.
func aFailedNoticeIsTriedLater(d *desk) {
	d.put("a", "b")
	next := d.now.Add(time.Minute)
	d.must(d.NoticeFailed(d.Context(), "a", "550 <jane@example.org> \xff", next, false))
	d.must(d.NoticeFailed(d.Context(), "never", "", next, false))
	d.wantDue(next.Add(-1), "b")
	d.wantDue(next, "a", "b")
	n := d.due(next)[0]
	if n.Attempts != 1 || !n.NextTry.Equal(next) || n.LastError == "" || n.Dead {
		d.Fatalf("the notice is %+v", n)
	}
}

// aDeadNoticeIsNotTried any more.
func aDeadNoticeIsNotTried(d *desk) {
	d.put("a")
	d.must(d.NoticeFailed(d.Context(), "a", "no such mailbox", d.now, true))
	d.wantDue(d.now.Add(1000 * time.Hour))
}

// theDepthOfTheOutboxIsKnown: waiting, dead, and how long.
func theDepthOfTheOutboxIsKnown(d *desk) {
	d.wantDepth(0, 0, time.Time{})
	first := d.now
	d.put("a")
	second := d.later(time.Minute)
	d.put("b", "c")
	d.wantDepth(3, 0, first)
	d.must(d.NoticeFailed(d.Context(), "a", "", d.now.Add(time.Hour), true))
	d.must(d.NoticeFailed(d.Context(), "b", "", d.now.Add(time.Hour), false))
	d.wantDepth(2, 1, second)
}

func (d *desk) wantDepth(waiting, dead int, oldest time.Time) {
	d.Helper()
	w, x, o, err := d.OutboxDepth(d.Context())
	d.must(err)
	if w != waiting || x != dead || !o.Equal(oldest) {
		d.Fatalf("%d waiting since %v, %d dead; want %d since %v, %d", w, o, x, waiting, oldest, dead)
	}
}
