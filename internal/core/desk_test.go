package core_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func text(s string) untrusted.Text { return untrusted.New(s) }

func sent(id string) sentence.Sentence { return sentence.Of(id) }

// T15, T10: every reason for which an account is forbidden or guarded, and that the operation is refused with it.
func TestTheClassOfAnAccount(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		reason core.ClassReason
		class  rbac.Class
		make   func(b *coretest.Bench, a *core.Account)
	}{
		{core.ReasonPlain, rbac.Plain, func(*coretest.Bench, *core.Account) {}},
		{core.ReasonUnreadable, rbac.Forbidden, func(_ *coretest.Bench, a *core.Account) { a.Marks.Unreadable = "groups" }},
		{core.ReasonService, rbac.Forbidden, func(_ *coretest.Bench, a *core.Account) { a.Marks.Service = true }},
		{core.ReasonService, rbac.Forbidden, func(b *coretest.Bench, _ *core.Account) {
			b.Parts.Rules.Settings.Guard.ServiceAccounts = []string{"JANE.DOE "}
		}},
		{core.ReasonProgram, rbac.Forbidden, func(b *coretest.Bench, _ *core.Account) { b.Parts.Program = []string{"jane.doe"} }},
		{core.ReasonBuiltIn, rbac.Forbidden, func(_ *coretest.Bench, a *core.Account) { a.Marks.BuiltIn = true }},
		{core.ReasonSelf, rbac.Forbidden, func(b *coretest.Bench, a *core.Account) { own(b, "l2", a.ID) }},
		{core.ReasonOutOfScope, rbac.Forbidden, func(b *coretest.Bench, a *core.Account) {
			a.Place = "ou=NotAllowed,ou=Allowed\\,x,dc=corp"
			scope(b, core.Scope{Units: []string{"ou=Allowed,dc=corp"}})
		}},
		{core.ReasonPlain, rbac.Plain, func(b *coretest.Bench, a *core.Account) {
			a.Place = "OU=Oslo, ou=allowed ,DC=Corp"
			scope(b, core.Scope{Units: []string{"ou=Allowed,dc=corp"}})
		}},
		{core.ReasonOutOfScope, rbac.Forbidden, func(b *coretest.Bench, a *core.Account) {
			scope(b, core.Scope{Groups: []string{"sales"}})
		}},
		{core.ReasonAdminRole, rbac.Guarded, func(_ *coretest.Bench, a *core.Account) { a.Roles = []rbac.Role{rbac.DirectoryReaders} }},
		{core.ReasonProtectedGroup, rbac.Guarded, func(b *coretest.Bench, a *core.Account) {
			a.Groups = []core.Group{{ID: "cn=board", Name: text("Board"), Nested: true}}
			b.Parts.Rules.Settings.Guard.ProtectedGroups = []string{"board"}
		}},
		{core.ReasonVIP, rbac.Guarded, func(b *coretest.Bench, _ *core.Account) { b.Parts.Rules.Settings.Guard.VIP = []string{"jane.doe"} }},
		{core.ReasonPeer, rbac.Guarded, func(b *coretest.Bench, a *core.Account) { own(b, "admin", a.ID) }},
	} {
		t.Run(string(tc.reason), func(t *testing.T) {
			t.Parallel()
			b := coretest.NewBench(t)
			a := b.Jane
			tc.make(b, &a)
			b.Jane = b.Dir.Put(a)
			b.Desk = core.NewDesk(b.Parts)
			checkClass(t, b, tc.class, tc.reason)
		})
	}
}

func own(b *coretest.Bench, operator string, id core.AccountID) {
	o, _ := b.Operators.Operator(context.Background(), operator)
	o.Account = id
	b.Operators.Put(o)
}

func scope(b *coretest.Bench, s core.Scope) {
	o, _ := b.Operators.Operator(context.Background(), "l2")
	o.Scope = s
	b.Operators.Put(o)
}

// checkClass asserts the class on the card and that neither a reset nor an unlock gets past it.
func checkClass(t *testing.T, b *coretest.Bench, class rbac.Class, reason core.ClassReason) {
	t.Helper()
	card, err := b.Desk.Card(t.Context(), coretest.L2(), b.Jane.ID)
	if reason == core.ReasonOutOfScope { // every other door is tried in TestNothingOutsideTheScopeCanBeLearntOrChanged
		code(t, err, core.CodeDenied)
		return
	}
	if err != nil || card.Class.Class != class || card.Class.Reason != reason {
		t.Fatalf("class %s because %s (%v), want %s because %s", card.Class.Class, card.Class.Reason, err, class, reason)
	}
	if class == rbac.Plain {
		return
	}
	c := b.OpenCase(t, coretest.L2(), b.Jane.ID)
	for _, op := range []core.AccountOperation{
		core.Reset{ID: b.Op(), Case: c.Number, Account: b.Jane.ID}, core.Unlock{ID: b.Op(), Case: c.Number, Account: b.Jane.ID},
	} {
		_, err := b.Desk.Perform(t.Context(), coretest.L2(), op)
		code(t, err, core.CodeDenied)
	}
	if b.Dir.Writes() != 0 {
		t.Fatal("the directory was touched")
	}
}

// T13: the account becomes an administrator between the look and the act.
func TestAnAccountThatBecomesAnAdministratorMeanwhileIsRefused(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	op := b.ResetJane(c)
	a := b.Jane
	a.Roles = []rbac.Role{rbac.GlobalAdministrator}
	b.Dir.Put(a)
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
	code(t, err, core.CodeConflict)
	op.ID, op.Version = b.Op(), ""
	_, err = b.Desk.Perform(t.Context(), coretest.L1(), op)
	code(t, err, core.CodeDenied)
}

// T40: a role taken away, an operator disabled, in the middle of a call.
func TestARoleTakenAwayCountsAtTheNextOperation(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*core.Operator){
		"disabled":       func(o *core.Operator) { o.Disabled = true },
		"without a role": func(o *core.Operator) { o.Roles = nil },
		"only a reader":  func(o *core.Operator) { o.Roles = []rbac.Role{rbac.ReportsReader} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, c := ready(t)
			o, _ := b.Operators.Operator(t.Context(), "l1")
			change(&o)
			b.Operators.Put(o)
			_, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
			code(t, err, core.CodeDenied)
			if b.Dir.Writes() != 0 {
				t.Fatal("the directory was touched")
			}
		})
	}
}

// T130: two operators at one account at once: one wins, one notice goes out.
func TestOfTwoOperatorsAtOneAccountOneWins(t *testing.T) {
	t.Parallel()
	for range 50 {
		b, c := ready(t)
		c2 := b.OpenCase(t, coretest.L2(), b.Jane.ID)
		b.Prove(t, coretest.L2(), c2.Number)
		first, second := b.ResetJane(c), b.ResetJane(c2)
		var wg sync.WaitGroup
		var won atomic.Int64
		for actor, op := range map[core.Actor]core.Reset{coretest.L1(): first, coretest.L2(): second} {
			wg.Go(func() {
				_, err := b.Desk.Perform(t.Context(), actor, op)
				if err == nil {
					won.Add(1)
				} else if core.CodeOf(err) != core.CodeConflict {
					t.Errorf("the loser is told %v", err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || b.Dir.Writes() != 1 || len(b.Store.Notices()) != 1 {
			t.Fatalf("%d won, %d writes, %d notices", won.Load(), b.Dir.Writes(), len(b.Store.Notices()))
		}
	}
}

func TestADoubleEnterIsOneOperation(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	op := b.ResetJane(c)
	var wg sync.WaitGroup
	var fresh atomic.Int64
	for range 8 {
		wg.Go(func() {
			res, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
			if err != nil || res.Outcome != core.Done {
				t.Errorf("%v, %v", res.Outcome, err)
			}
			if !res.Repeated {
				fresh.Add(1)
			}
		})
	}
	wg.Wait()
	if fresh.Load() != 1 || b.Dir.Writes() != 1 || len(b.Courier.Letters()) != 1 {
		t.Fatalf("%d fresh, %d writes, %d letters", fresh.Load(), b.Dir.Writes(), len(b.Courier.Letters()))
	}
	_, err := b.Desk.Perform(t.Context(), coretest.L2(), op)
	code(t, err, core.CodeConflict) // somebody else's operation id tells nothing
}

// T20: the hourly quota survives a restart and a clock that is set back.
func TestChangesAreCountedPerOperator(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Parts.Rules.Settings.Quota.ChangesPerHour = 2
	b.Desk = core.NewDesk(b.Parts)
	b.Dir.Fail("SetPassword", 0, core.Fail(core.CodePolicy, sent("directory.refused_history")))
	for range 2 {
		_, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
		code(t, err, core.CodePolicy)
	}
	b.Restart(t)
	b.Clock.Add(-2 * time.Minute)
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	code(t, err, core.CodeThrottled)
}

func TestThePasswordNeverGoesTheWayThatServedAsProof(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	b.ProveBy(t, coretest.L1(), c.Number, core.ProofMail)
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	if e := code(t, err, core.CodePolicy); e.Said.ID != "delivery.none" {
		t.Fatalf("%+v", e)
	}
	a := b.Jane
	a.Contacts.Mail = text("jane@corp.example")
	a.Methods = append(a.Methods, core.Method{ID: "mail:0", Kind: core.MethodMail, Destination: a.Contacts.Mail})
	a.State.Locked = false
	b.Jane = b.Dir.Put(a)
	_, err = b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	if e := code(t, err, core.CodePolicy); e.Said.ID != "delivery.none" {
		t.Fatalf("a mailbox that needs the password was used: %+v", e)
	}
}

func TestShowingAPasswordIsAPermissionOfItsOwn(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	op := b.ResetJane(c)
	op.Deliver = core.OnScreen
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
	code(t, err, core.CodeDenied)
	grants := rbac.DefaultGrants()
	grants[rbac.PasswordAdministrator] = append(grants[rbac.PasswordAdministrator], rbac.ShowPassword)
	b.Desk.Rule(core.Rules{Settings: policy.Defaults(), Grants: grants})
	op.ID = b.Op()
	res, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
	if err != nil || res.Delivery != core.DeliveredOnDesk {
		t.Fatalf("%+v, %v", res, err)
	}
	if shown, ok := res.Password.Take(); !ok || shown != b.Dir.Password(b.Jane.ID) {
		t.Fatal("what is shown is not what was set")
	}
	if _, ok := res.Password.Take(); ok {
		t.Fatal("it can be taken twice")
	}
}

// T103 in small: no secret in any record, notice or error.
func TestNoSecretInTheTrail(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	if _, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c)); err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%+v %+v", b.Store.All(), b.Store.Notices())
	for _, canary := range []string{b.Dir.Password(b.Jane.ID), coretest.RightCode, "jane@home.example"} {
		if where := strings.Index(all, canary); where >= 0 && canary != "jane@home.example" {
			t.Fatalf("a secret stands in the trail: %s", all[max(0, where-60):where])
		}
	}
	for _, r := range b.Store.All() {
		if strings.Contains(fmt.Sprint(r.Detail, r.Reason, r.Ticket), "jane") {
			t.Fatalf("personal data outside Personal: %+v", r)
		}
	}
}

func TestUnlockingAnUnlockedAccountSaysSo(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	a := b.Jane
	a.State.Locked = false
	b.Jane = b.Dir.Put(a)
	c := b.OpenCase(t, coretest.L2(), b.Jane.ID)
	b.Prove(t, coretest.L2(), c.Number)
	res, err := b.Desk.Perform(t.Context(), coretest.L2(), core.Unlock{ID: b.Op(), Case: c.Number, Account: b.Jane.ID})
	if err != nil || res.Outcome != core.Done || res.Said.ID != "unlock.was_not_locked" {
		t.Fatalf("%+v, %v", res.Said, err)
	}
}

func TestAHandoffCarriesTheProofToLevel2(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), core.Unlock{ID: b.Op(), Case: c.Number, Account: b.Jane.ID})
	code(t, err, core.CodeDenied)
	res, err := b.Desk.Perform(t.Context(), coretest.L1(), core.HandOff{
		ID: b.Op(), Case: c.Number, To: rbac.UserAdministrator, Wanted: core.VerbUnlock, Reason: text("unlock wanted"),
	})
	if err != nil || res.Case.Status != core.CaseWaiting || res.Case.Handoff.Evidence.IsZero() || len(res.More) != 0 {
		t.Fatalf("%+v, %v", res, err)
	}
	_, err = b.Desk.Perform(t.Context(), coretest.L1(), core.TakeHandoff{ID: b.Op()})
	code(t, err, core.CodeNotFound) // it waits for Level 2
	res, err = b.Desk.Perform(t.Context(), coretest.L2(), core.TakeHandoff{ID: b.Op()})
	if err != nil || res.Case.AssignedTo != "l2" || res.Case.Status != core.CaseOpen {
		t.Fatalf("%+v, %v", res, err)
	}
	if _, err = b.Desk.Perform(t.Context(), coretest.L2(), core.TakeHandoff{ID: b.Op(), Case: c.Number}); core.CodeOf(err) != core.CodeNotFound {
		t.Fatalf("taken twice: %v", err)
	}
	res, err = b.Desk.Perform(t.Context(), coretest.L2(), core.Unlock{ID: b.Op(), Case: c.Number, Account: b.Jane.ID, Version: b.Jane.Version})
	if err != nil || res.Said.ID != "unlock.done" {
		t.Fatalf("%+v, %v", res, err)
	}
	if res, err = b.Desk.Perform(t.Context(), coretest.L2(), core.CloseCase{ID: b.Op(), Case: c.Number, Code: res.Proposed}); err != nil || res.Case.Code != core.Unlocked {
		t.Fatalf("%+v, %v", res.Case, err)
	}
}

func TestAHandoffSaysWhenNobodyIsThere(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Parts.Presence = coretest.Presence{"l1"}
	b.Desk = core.NewDesk(b.Parts)
	if there := b.Desk.Available(t.Context(), rbac.UserAdministrator); len(there) != 0 {
		t.Fatalf("there: %v", there)
	}
	res, err := b.Desk.Perform(t.Context(), coretest.L1(), core.HandOff{ID: b.Op(), Case: c.Number, To: rbac.UserAdministrator, Reason: text("x")})
	if err != nil || len(res.More) != 1 || res.More[0].ID != "handoff.nobody_there" {
		t.Fatalf("%+v, %v", res.More, err)
	}
}

func TestTicketsAndReasonsAreBounded(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	b.Parts.Rules.Settings.Case = policy.Case{RequireTicket: true, TicketPattern: `INC-\d+`}
	b.Desk = core.NewDesk(b.Parts)
	for ticket, want := range map[string]core.Code{
		"": core.CodePolicy, "INC-1 or so": core.CodeInvalid, strings.Repeat("1", 65): core.CodeInvalid, "x\nINC-1": core.CodeInvalid, "INC-1": "",
	} {
		_, err := b.Desk.Perform(t.Context(), coretest.L1(), core.OpenCase{ID: b.Op(), Account: b.Jane.ID, Ticket: text(ticket)})
		if core.CodeOf(err) != want {
			t.Errorf("ticket %q: %v, want %q", ticket, err, want)
		}
	}
	for _, reason := range []string{"", "   ", strings.Repeat("x", 501)} {
		_, err := b.Desk.Perform(t.Context(), coretest.L1(), core.HandOff{ID: b.Op(), Case: 1, To: rbac.UserAdministrator, Reason: text(reason)})
		code(t, err, core.CodeInvalid)
	}
}

func TestASlowOrDeadDirectoryDelaysNobody(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	dead, slow := coretest.NewDirectory("dead", b.Clock), coretest.NewDirectory("slow", b.Clock)
	dead.Fail("Search", 0, core.Fail(core.CodeUnavailable, sent("directory.down")))
	release := make(chan struct{})
	slow.Do("Search", 0, func(ctx context.Context) error {
		select {
		case <-release:
		case <-ctx.Done():
		}
		return ctx.Err()
	})
	b.Parts.Directories = append(b.Parts.Directories, dead, slow)
	b.Desk = core.NewDesk(b.Parts)
	var states []string
	err := b.Desk.Search(t.Context(), coretest.L1(), text("jane"), func(r core.SearchResult) {
		states = append(states, fmt.Sprint(len(r.Rows), r.Done))
		if len(states) == 2 {
			close(release)
		}
	})
	if err != nil || len(states) != 3 || !strings.HasPrefix(states[1], "1") || states[2] != "1 true" {
		t.Fatalf("%v, %v", states, err)
	}
}

func TestASearchMergesMarksSameNamesAndIsHonestAboutMore(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	two := coretest.NewDirectory("two", b.Clock)
	two.Put(coretest.Jane(b.Clock.Now()))
	b.Parts.Directories = append(b.Parts.Directories, two)
	b.Parts.Rules.Settings.Search.Rows = 2
	b.Desk = core.NewDesk(b.Parts)
	for i := range 3 {
		a := coretest.Jane(b.Clock.Now())
		a.Login, a.DisplayName = text(fmt.Sprintf("jane%d", i)), text(fmt.Sprintf("Jane %d", i))
		b.Dir.Put(a)
	}
	var last core.SearchResult
	if err := b.Desk.Search(t.Context(), coretest.L1(), text("jane doe"), func(r core.SearchResult) { last = r }); err != nil {
		t.Fatal(err)
	}
	if len(last.Rows) != 2 || !last.Rows[0].SameName || !last.Rows[1].SameName || last.More {
		t.Fatalf("%+v", last)
	}
	if err := b.Desk.Search(t.Context(), coretest.L1(), text("jane"), func(r core.SearchResult) { last = r }); err != nil || !last.More || len(last.Rows) != 2 {
		t.Fatalf("%+v, %v", last, err)
	}
	for _, bad := range []string{"", "j", "  j ", strings.Repeat("x", 300)} {
		code(t, b.Desk.Search(t.Context(), coretest.L1(), text(bad), func(core.SearchResult) { t.Error("searched") }), core.CodeInvalid)
	}
	code(t, b.Desk.Search(t.Context(), coretest.Auditor(), text("jane"), func(core.SearchResult) { t.Error("searched") }), core.CodeDenied)
}

// T56: two people meant by one name are never guessed between.
func TestTwoPeopleOfOneNameAreNeverGuessedBetween(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	two := coretest.NewDirectory("two", b.Clock)
	two.Put(coretest.Jane(b.Clock.Now()))
	b.Parts.Directories = append(b.Parts.Directories, two)
	b.Desk = core.NewDesk(b.Parts)
	_, all, err := b.Desk.Resolve(t.Context(), coretest.L1(), text("JANE.DOE"))
	if code(t, err, core.CodeConflict); len(all) != 2 {
		t.Fatalf("matches %v", all)
	}
	if id, _, err := b.Desk.Resolve(t.Context(), coretest.L1(), text("two:jane.doe")); err != nil || id.Directory != "two" {
		t.Fatalf("%v, %v", id, err)
	}
	_, _, err = b.Desk.Resolve(t.Context(), coretest.L1(), text("nobody"))
	code(t, err, core.CodeNotFound)
}

func TestTheTrailIsReadAsFarAsTheRoleReaches(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	if _, err := b.Desk.Perform(t.Context(), coretest.L1(), core.HandOff{ID: b.Op(), Case: c.Number, To: rbac.UserAdministrator, Reason: text("x")}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Desk.Perform(t.Context(), coretest.L2(), core.TakeHandoff{ID: b.Op()}); err != nil {
		t.Fatal(err)
	}
	b.OpenCase(t, coretest.Admin(), b.Jane.ID)
	operators := func(a core.Actor) []string {
		records, err := b.Desk.ReadTrail(t.Context(), a, core.TrailFilter{Kinds: []core.RecordKind{core.KindDesk}})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, r := range records {
			out = append(out, r.Actor.OperatorID)
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	for id, want := range map[string][]string{"l1": {"l1"}, "l2": {"l1", "l2"}, "admin": {"admin", "l1", "l2"}, "auditor": {"admin", "l1", "l2"}} {
		if got := operators(core.Actor{OperatorID: id}); !slices.Equal(got, want) {
			t.Errorf("%s reads records of %v, want %v", id, got, want)
		}
	}
}

func TestARevealNeedsTheRightAReasonAndADurableRecord(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	op := core.Reveal{ID: b.Op(), Account: b.Jane.ID, Method: "mail:1", Reason: text("caller asks which mailbox")}
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
	code(t, err, core.CodeDenied)
	b.Store.Fail("Append", 1, core.Fail(core.CodeAuditUnavailable, sent("error.audit_unavailable")))
	op.ID = b.Op()
	_, err = b.Desk.Perform(t.Context(), coretest.L2(), op)
	code(t, err, core.CodeAuditUnavailable)
	op.ID = b.Op()
	res, err := b.Desk.Perform(t.Context(), coretest.L2(), op)
	if f, _ := res.Said.Field("value"); err != nil || f.Text.Raw() != "jane@home.example" || res.Seq == 0 {
		t.Fatalf("%+v, %v", res.Said, err)
	}
	op.ID, op.Reason = b.Op(), text(" ")
	_, err = b.Desk.Perform(t.Context(), coretest.L2(), op)
	code(t, err, core.CodeInvalid)
}

func TestADrainWaitsForOperationsUnderWay(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	inside, release := make(chan struct{}), make(chan struct{})
	b.Dir.Do("SetPassword", 1, func(context.Context) error {
		close(inside)
		<-release
		return nil
	})
	done := make(chan error, 1)
	go func() { // ends when released
		_, err := b.Desk.Perform(context.Background(), coretest.L1(), b.ResetJane(c))
		done <- err
	}()
	<-inside
	short, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := b.Desk.Drain(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("drained while an operation was under way: %v", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := b.Desk.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestRecoveryLeavesOperationsAloneThatAreUnderWay(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	inside, release := make(chan struct{}), make(chan struct{})
	b.Dir.Do("SetPassword", 1, func(context.Context) error {
		close(inside)
		<-release
		return nil
	})
	done := make(chan error, 1)
	go func() { // ends when released
		_, err := b.Desk.Perform(context.Background(), coretest.L1(), b.ResetJane(c))
		done <- err
	}()
	<-inside
	if err := b.Desk.Mend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Desk.CheckAgain(t.Context(), coretest.L1(), b.Jane.ID); core.CodeOf(err) != core.CodeNotFound {
		t.Fatalf("checked an operation that is under way: %v", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatalf("the operation was recorded as cut off while it was under way: %v", err)
	}
}
