package app

import (
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// back is Level 1 at a new terminal.
func back() core.Actor {
	a := actor("l1")
	a.Session = "session-back"
	return a
}

func nowhere(string) bool { return false }

// news are the ids of the sentences an operator who comes back is told.
func news(t *testing.T, u *unseen, shown func(string) bool) []string {
	t.Helper()
	list, err := u.of(t.Context(), back(), shown)
	must(t, err)
	ids := []string{}
	for _, one := range list {
		ids = append(ids, one.Said.ID)
	}
	return ids
}

func sole(ids []string) string {
	if len(ids) != 1 {
		return ""
	}
	return ids[0]
}

func TestAnOperatorWhoComesBackIsToldWhatBecameOfAReset(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	jane := b.locked("jane")[0]
	c := b.prove(actor("l1"), jane)
	_, err := b.desk.Perform(t.Context(), actor("l1"), core.Reset{ID: "r1", Case: c.Number, Account: jane})
	must(t, err)

	u := newUnseen(b.store, b.store, b.clock)
	list, err := u.of(t.Context(), back(), nowhere)
	must(t, err)
	if len(list) != 1 || list[0].Said.ID != "unseen.reset" || list[0].Case != c.Number || list[0].Running {
		t.Fatalf("%+v", list)
	}
	if to, _ := list[0].Said.Field("to"); to.Word != "j•••@h•••.example" {
		t.Errorf("sent to %q", to.Word)
	}
	if again := news(t, u, nowhere); len(again) != 0 {
		t.Errorf("it is told twice: %v", again)
	}
	if other, err := u.of(t.Context(), actor("l2"), nowhere); err != nil || len(other) != 0 {
		t.Errorf("a colleague is told: %+v, %v", other, err)
	}
}

func TestWhatAnOperatorSawIsNotToldAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	jane := b.locked("jane")[0]
	c := b.prove(actor("l2"), jane)
	me := core.Actor{OperatorID: "l2", Credential: "key:l2", Session: "session-back"}
	u := newUnseen(b.store, b.store, b.clock)
	_, err := b.desk.Perform(t.Context(), actor("l2"), core.Unlock{ID: "u1", Case: c.Number, Account: jane})
	must(t, err)

	for name, shown := range map[string]func(string) bool{
		"a terminal that shows it": func(s string) bool { return s == "session-l2" },
	} {
		if list, err := u.of(t.Context(), me, shown); err != nil || len(list) != 0 {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
	b.clock.add(time.Second)
	u.leave("session-l2")
	if list, err := u.of(t.Context(), me, nowhere); err != nil || len(list) != 0 {
		t.Errorf("a session that ended in order: %+v, %v", list, err)
	}
	if list, err := newUnseen(b.store, b.store, b.clock).of(t.Context(), actor("l2"), nowhere); err != nil || len(list) != 0 {
		t.Errorf("the very terminal: %+v, %v", list, err)
	}
	fresh := newUnseen(b.store, b.store, b.clock)
	b.clock.add(toldFor)
	if list, err := fresh.of(t.Context(), me, nowhere); err != nil || len(list) != 0 {
		t.Errorf("after hours: %+v, %v", list, err)
	}
	b.clock.add(-toldFor)
	_, err = b.desk.Perform(t.Context(), actor("l2"), core.CloseCase{ID: newID(), Case: c.Number, Code: core.Unlocked})
	must(t, err)
	if list, err := fresh.of(t.Context(), me, nowhere); err != nil || len(list) != 0 {
		t.Errorf("a closed case: %+v, %v", list, err)
	}
}

func TestTheSentenceClaimsNoMoreThanTheTrailHolds(t *testing.T) {
	t.Parallel()
	intent := core.Record{Seq: 1, Kind: core.KindIntent, Verb: core.VerbReset, Operation: "r1"}
	ended := func(kind core.RecordKind, o core.Outcome, detail ...string) core.Record {
		r := core.Record{Seq: 2, Kind: kind, Verb: core.VerbReset, Operation: "r1", Outcome: o, Detail: map[string]string{}}
		for _, d := range detail {
			r.Detail["delivery"] = d
		}
		return r
	}
	unlock := core.Record{Seq: 1, Kind: core.KindIntent, Verb: core.VerbUnlock, Operation: "r1"}
	undelivered := core.Record{Seq: 3, Kind: core.KindDesk, Operation: "r1", Reason: "delivery.failed"}
	for want, newestFirst := range map[string][]core.Record{
		"unseen.running":           {intent},
		"unseen.unknown":           {ended(core.KindOutcome, core.Unknown), intent},
		"unseen.nothing":           {ended(core.KindOutcome, core.Refused), intent},
		"unseen.reset":             {ended(core.KindOutcome, core.Done, "alternateMail"), intent},
		"unseen.reset_undelivered": {undelivered, ended(core.KindOutcome, core.Done, "alternateMail"), intent},
		"unseen.reset_nobody":      {ended(core.KindReconciled, core.Done), ended(core.KindOutcome, core.Unknown), intent},
		"unseen.unlocked":          {ended(core.KindReconciled, core.Done), ended(core.KindOutcome, core.Unknown), unlock},
	} {
		changes := changesIn(newestFirst)
		if len(changes) != 1 || changes[0].said(core.Person{}).ID != want {
			t.Errorf("%v leads to %+v, want %s", newestFirst, changes, want)
		}
	}
	for _, seen := range []core.Record{ended(core.KindReconciled, core.Failed), ended(core.KindOutcome, core.Failed)} {
		if got := changesIn([]core.Record{seen, intent})[0].said(core.Person{}); got.ID != "unseen.nothing" {
			t.Errorf("%s %s is told as %s", seen.Kind, seen.Outcome, got.ID)
		}
	}
	if shown := changesIn([]core.Record{ended(core.KindOutcome, core.Done, "screen"), intent})[0].said(core.Person{}); shown.ID != "unseen.reset_nobody" {
		t.Errorf("a password nobody saw is told as %s", shown.ID)
	}
	if got := changesIn([]core.Record{ended(core.KindOutcome, core.Done), undelivered}); len(got) != 0 {
		t.Errorf("records without their intent: %+v", got)
	}
}

func TestEachStateOfAnOperationIsToldOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	jane := b.locked("jane")[0]
	c := b.prove(actor("l1"), jane)
	u := newUnseen(b.store, b.store, b.clock)
	under, goOn := make(chan struct{}), make(chan struct{})
	b.desk.OnStep = nil
	b.desk.Directories[0] = &slowDirectory{Directory: b.desk.Directories[0], under: under, goOn: goOn}
	done := make(chan error, 1)
	go func() { // ends when goOn is closed
		_, err := b.desk.Perform(t.Context(), actor("l1"), core.Reset{ID: "r1", Case: c.Number, Account: jane})
		done <- err
	}()
	<-under
	if got := sole(news(t, u, nowhere)); got != "unseen.running" {
		t.Errorf("while it goes on: %s", got)
	}
	if got := news(t, u, nowhere); len(got) != 0 {
		t.Errorf("and again: %v", got)
	}
	close(goOn)
	must(t, <-done)
	if got := sole(news(t, u, nowhere)); got != "unseen.reset" {
		t.Errorf("when it has ended: %s", got)
	}
}

func TestABrokenConnectionIsRememberedForAMoment(t *testing.T) {
	t.Parallel()
	clock := &movable{}
	u := newUnseen(nil, nil, clock)
	u.lose("l1")
	if !u.lostLately("l1") || u.lostLately("l2") {
		t.Error("whose connection broke is not known")
	}
	clock.add(brokeLately)
	if u.lostLately("l1") {
		t.Error("it is remembered for ever")
	}
	u.leave("s1")
	u.tell("r1", sentence.Of("unseen.reset").ID)
	clock.add(2 * toldFor)
	u.leave("s2")
	if len(u.left) != 1 || len(u.broke) != 0 || len(u.told) != 0 {
		t.Errorf("kept: %v, %v, %v", u.left, u.broke, u.told)
	}
}
