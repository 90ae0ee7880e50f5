package core_test

import (
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

// sums are the recorded sums of searches: operator and count.
func sums(b *coretest.Bench) (out []string) {
	for _, r := range b.Store.All() {
		if r.Verb == core.VerbSearch && r.Kind == core.KindLook {
			out = append(out, r.Actor.OperatorID+" "+r.Detail["searches"])
		}
	}
	return out
}

func TestSearchesAreRecordedInSum(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	search := func(a core.Actor, times int) {
		for range times {
			if err := b.Desk.Search(t.Context(), a, text("jane"), func(core.SearchResult) {}); err != nil {
				t.Fatal(err)
			}
		}
	}
	search(coretest.L1(), 3)
	search(coretest.L2(), 2)
	b.Desk.SumUp(time.Minute)
	if got := sums(b); len(got) != 0 {
		t.Fatalf("recorded too early: %v", got)
	}
	if _, err := b.Desk.Card(t.Context(), coretest.L1(), b.Jane.ID); err != nil {
		t.Fatal(err)
	}
	if got := sums(b); len(got) != 1 || got[0] != "l1 3" {
		t.Fatalf("before the card: %v", got)
	}
	b.Clock.Add(time.Minute)
	b.Desk.SumUp(time.Minute)
	b.Desk.SumUp(time.Minute)
	if got := sums(b); len(got) != 2 || got[1] != "l2 2" {
		t.Fatalf("after a minute: %v", got)
	}
	search(coretest.L2(), 1)
	if err := b.Desk.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := sums(b); len(got) != 3 || got[2] != "l2 1" {
		t.Fatalf("at the end: %v", got)
	}
}

// Opening cases is no way round the limit on cards.
func TestCasesAreCountedLikeCards(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	b.Parts.Rules.Settings.Quota.CardsPerHour = 2
	b.Desk = core.NewDesk(b.Parts)
	for i, login := range []string{"anna", "bert", "carl"} {
		a := coretest.Jane(b.Clock.Now())
		a.Login = text(login)
		id := b.Dir.Put(a).ID
		_, err := b.Desk.Perform(t.Context(), coretest.L1(), core.OpenCase{ID: b.Op(), Account: id})
		if i < 2 && err != nil {
			t.Fatal(err)
		}
		if i < 2 {
			b.OpenCase(t, coretest.L1(), id) // the same case again is not counted
			continue
		}
		if e := code(t, err, core.CodeThrottled); e.Said.ID != "throttled.cases" {
			t.Fatalf("%+v", e)
		}
	}
}

func TestACaseIsHandedOnlyToARoleThatWorksOnCases(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	for _, op := range []core.HandOff{
		{ID: b.Op(), Case: c.Number, To: rbac.ReportsReader, Reason: text("x")},
		{ID: b.Op(), Case: c.Number, To: rbac.UserAdministrator, Reason: text("x"), Wanted: "operator.edit"},
		{ID: b.Op(), Case: c.Number, To: "Chief", Reason: text("x")},
	} {
		_, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
		code(t, err, core.CodeInvalid)
	}
	if now, _ := b.Store.Case(t.Context(), c.Number); now.Status != core.CaseOpen {
		t.Fatalf("the case is %s", now.Status)
	}
}

func TestAHandoffWithoutProofSaysThatNothingGoesWithIt(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	res, err := b.Desk.Perform(t.Context(), coretest.L1(), core.HandOff{ID: b.Op(), Case: c.Number, To: rbac.UserAdministrator, Reason: text("x")})
	if err != nil || res.Said.ID != "handoff.done_unproved" {
		t.Fatalf("%+v, %v", res.Said, err)
	}
}

func TestThereIsNothingToRevealOfAnAuthenticatorApp(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	_, err := b.Desk.Perform(t.Context(), coretest.L2(), core.Reveal{ID: b.Op(), Account: b.Jane.ID, Method: "totp:1", Reason: text("x")})
	code(t, err, core.CodeNotFound)
}

// T41: a role that is given in the middle of a session counts from the next sign-in on; one that is taken away is gone at once.
func TestARoleGivenMidSessionNeedsANewSignIn(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	o, _ := b.Operators.Operator(t.Context(), "l1")
	l1 := coretest.L1()
	l1.Held = core.HeldBy(o)
	o.Roles = append(o.Roles, rbac.UserAdministrator)
	b.Operators.Put(o)
	c := b.OpenCase(t, l1, b.Jane.ID)
	b.Prove(t, l1, c.Number)
	_, err := b.Desk.Perform(t.Context(), l1, core.Unlock{ID: b.Op(), Case: c.Number, Account: b.Jane.ID})
	code(t, err, core.CodeDenied)
	who, may, err := b.Desk.WhoAmI(t.Context(), l1)
	if err != nil || len(who.Roles) != 1 || may[rbac.Unlock].Allowed {
		t.Fatalf("%v, %v", who.Roles, err)
	}

	anew := l1
	anew.Held = core.HeldBy(o)
	if _, err = b.Desk.Perform(t.Context(), anew, core.Unlock{ID: b.Op(), Case: c.Number, Account: b.Jane.ID}); err != nil {
		t.Fatalf("after signing in again: %v", err)
	}
	o.Roles = []rbac.Role{rbac.UserAdministrator}
	b.Operators.Put(o)
	_, err = b.Desk.Card(t.Context(), l1, b.Jane.ID)
	if e := code(t, err, core.CodeDenied); e.Said.ID != "denied.sign_in_again" {
		t.Fatalf("%+v", e)
	}
}

func TestABackendThatPanicsIsRedAndTheRestIsTold(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	b.Dir.Panic("Probe", 1)
	all := b.Desk.Health(t.Context())
	if len(all) != 2 || all[0].Level != core.Red || all[0].Name != "corp" || all[1].Level != core.Green {
		t.Fatalf("%+v", all)
	}
}

// Whoever reads the whole trail may ask about one person in it, and still opens no card.
func TestAnAuditorResolvesANameAndOpensNoCard(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	id, _, err := b.Desk.Resolve(t.Context(), coretest.Auditor(), text("jane.doe"))
	if err != nil || id != b.Jane.ID {
		t.Fatalf("%v, %v", id, err)
	}
	_, err = b.Desk.Card(t.Context(), coretest.Auditor(), id)
	code(t, err, core.CodeDenied)
	_, err = b.Desk.Perform(t.Context(), coretest.Auditor(), core.OpenCase{ID: b.Op(), Account: id})
	code(t, err, core.CodeDenied)
}
