package app

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui"
)

// unseen knows which changes of an operator ended, or go on, while the operator was not there to see it: the connection broke, or the desk was
// stopped. The trail is the source; what is kept in memory only keeps from telling what was seen already.
type unseen struct {
	trail core.Trail
	cases core.Cases
	clock core.Clock

	mu    sync.Mutex
	left  map[string]time.Time // sessions that ended in order, and when: what had happened by then was seen
	broke map[string]time.Time // operators of whom a session ended otherwise, and when
	told  map[string]told      // by operation
	prune time.Time
}

// told is what an operator was told about an operation.
type told struct {
	sentence string // id
	at       time.Time
}

const (
	toldFor     = 8 * time.Hour   // an operation is told about for so long
	toldCases   = 20              // and looked for in so many open cases, the newest first
	toldRecords = 40              // and in so many records of each
	brokeLately = 2 * time.Minute // after a break, an operation may still be on its way to its intent
)

func newUnseen(trail core.Trail, cases core.Cases, clock core.Clock) *unseen {
	return &unseen{trail: trail, cases: cases, clock: clock, left: map[string]time.Time{}, broke: map[string]time.Time{}, told: map[string]told{}}
}

// leave notes that a session ended in order.
func (u *unseen) leave(session string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.left[session] = u.clock.Now()
	u.forget(u.clock.Now())
}

// lose notes that a session of an operator ended otherwise.
func (u *unseen) lose(operator string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.broke[operator] = u.clock.Now()
	u.forget(u.clock.Now())
}

// forget keeps memory bounded. u.mu is held.
func (u *unseen) forget(now time.Time) {
	if now.Sub(u.prune) < time.Hour {
		return
	}
	u.prune = now
	old := func(_ string, at time.Time) bool { return now.Sub(at) > toldFor }
	maps.DeleteFunc(u.left, old)
	maps.DeleteFunc(u.broke, old)
	maps.DeleteFunc(u.told, func(_ string, t told) bool { return now.Sub(t.at) > toldFor })
}

// lostLately reports whether a session of an operator broke a moment ago: more may come.
func (u *unseen) lostLately(operator string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	at, ok := u.broke[operator]
	return ok && u.clock.Now().Sub(at) < brokeLately
}

// of lists what the operator has to be told, newest first: each state of an operation once. It concerns cases the operator still has open.
// Changes of sessions that shown is true for are on another screen.
func (u *unseen) of(ctx context.Context, actor core.Actor, shown func(session string) bool) ([]ui.Unseen, error) {
	open, err := u.cases.ListCases(ctx, core.CaseFilter{Status: []core.CaseStatus{core.CaseOpen}, AssignedTo: actor.OperatorID, Limit: toldCases})
	if err != nil {
		return nil, err
	}
	var out []ui.Unseen
	for _, kase := range open {
		records, err := u.trail.Records(ctx, core.TrailFilter{
			Case: kase.Number, Limit: toldRecords,
			Kinds: []core.RecordKind{core.KindIntent, core.KindOutcome, core.KindReconciled, core.KindDesk},
		})
		if err != nil {
			return out, err
		}
		for _, c := range changesIn(records) {
			if !u.concerns(actor, c) || shown(c.intent.Actor.Session) {
				continue
			}
			if said := c.said(kase.Person); u.tell(c.intent.Operation, said.ID) {
				out = append(out, ui.Unseen{Case: kase.Number, Said: said, Running: c.last.Kind == core.KindIntent})
			}
		}
	}
	return out, nil
}

// concerns reports whether a change is the operator's, of another session, not long ago, and was not seen to its end.
func (u *unseen) concerns(actor core.Actor, c change) bool {
	by := c.intent.Actor
	return by.OperatorID == actor.OperatorID && by.Session != actor.Session && u.clock.Now().Sub(c.intent.At) <= toldFor && !u.wasSeen(c)
}

// wasSeen reports whether the change ended before its session did, in order.
func (u *unseen) wasSeen(c change) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	left, known := u.left[c.intent.Actor.Session]
	return known && c.last.Kind != core.KindIntent && !c.last.At.After(left)
}

// tell reports whether this is news, and remembers that it was told.
func (u *unseen) tell(operation, sentence string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.told[operation].sentence == sentence {
		return false
	}
	u.told[operation] = told{sentence, u.clock.Now()}
	return true
}

// change is what the trail says about one operation.
type change struct {
	intent, last core.Record
	undelivered  bool // the new password could not be sent
}

// changesIn puts the records of each operation together that has an intent, newest first. Records come newest first.
func changesIn(records []core.Record) []change {
	found := map[string]*change{}
	var out []change
	for _, r := range records {
		c := found[r.Operation]
		if c == nil {
			c = &change{}
			found[r.Operation] = c
		}
		if r.Kind == core.KindDesk {
			c.undelivered = c.undelivered || r.Reason == "delivery.failed"
			continue
		}
		if c.last.Seq == 0 {
			c.last = r
		}
		if r.Kind == core.KindIntent && r.Operation != "" {
			c.intent = r
			out = append(out, *c)
		}
	}
	return out
}

// said is what became of the change, in a sentence that claims no more than the trail holds.
func (c change) said(p core.Person) sentence.Sentence {
	name, at := sentence.Text("name", p.DisplayName), sentence.Time("at", c.last.At)
	reset := c.intent.Verb == core.VerbReset
	switch {
	case c.last.Kind == core.KindIntent:
		return sentence.Of("unseen.running", name, at)
	case c.last.Outcome == core.Unknown:
		return sentence.Of("unseen.unknown", name, at)
	case c.last.Outcome != core.Done:
		return sentence.Of("unseen.nothing", name, at)
	case !reset:
		return sentence.Of("unseen.unlocked", name, at)
	case c.last.Kind == core.KindReconciled || c.last.Detail["delivery"] == "screen":
		return sentence.Of("unseen.reset_nobody", name, at)
	case c.undelivered:
		return sentence.Of("unseen.reset_undelivered", name, at, sentence.Word("to", c.last.Personal["sent_to"]))
	default:
		return sentence.Of("unseen.reset", name, at, sentence.Word("to", c.last.Personal["sent_to"]))
	}
}
