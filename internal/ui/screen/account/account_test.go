package account_test

import (
	"context"
	"flag"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

var update = flag.Bool("update", false, "write the golden files anew")

// doing are the screens that change something: these tests only see that they are opened.
func doing() []screen.Route {
	return []screen.Route{screen.Operate, screen.Verify, screen.HandOff, screen.Reveal}
}

// as is a terminal of an operator at a desk with a self-service portal.
func as(actor core.Actor) func(testing.TB) uitest.Options {
	return func(testing.TB) uitest.Options { return uitest.Options{Actor: actor, Stubs: doing()} }
}

// deskOnly is a desk without a portal.
func deskOnly(actor core.Actor) func(testing.TB) uitest.Options {
	return func(tb testing.TB) uitest.Options {
		return uitest.Options{Actor: actor, Stubs: doing(), Stage: uitest.NewStage(tb, uitest.StageOptions{})}
	}
}

// find opens the card of a person as an operator does.
func find(login string) func(*uitest.Driver) {
	return func(d *uitest.Driver) { d.Type(login).Press("enter") }
}

func card(t *testing.T, o uitest.Options, login string) *uitest.Driver {
	t.Helper()
	o.Stubs = doing()
	d := uitest.NewDriver(t, o)
	find(login)(d)
	return d
}

func TestTheCardLooksAsReviewed(t *testing.T) {
	t.Parallel()
	scenes := []struct {
		name string
		open func(testing.TB) uitest.Options
		act  func(*uitest.Driver)
	}{
		{"locked-l1", deskOnly(coretest.L1()), find("jane.doe")},
		{"self-service", as(coretest.L1()), find("jane.doe")},
		{"guide", as(coretest.L1()), func(d *uitest.Driver) { find("jane.doe")(d); d.Press("enter") }},
		{"loading", as(coretest.L1()), func(d *uitest.Driver) {
			d.Type("jane.doe").Hold().Send(screen.Push{To: screen.Account, With: person(d)})
		}},
		{"unreadable", as(coretest.L1()), func(d *uitest.Driver) {
			d.Stage.Cloud.Fail("Account", 0, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
			find("jane.doe")(d)
		}},
		{"expired", deskOnly(coretest.L1()), find("omar")},
		{"disabled", as(coretest.L1()), find("sam.rivers")},
		{"guarded", as(coretest.L2()), find("ada.admin")},
		{"own", as(coretest.L1()), find("ann.lee")},
		{"service", as(coretest.L2()), find("svc")},
		{"hostile", as(coretest.L1()), find("eve")},
		{"history", history(coretest.L2()), find("jane.doe")},
		{"not-known", notKnown, find("jane.doe")},
		{"ticket", ticketDesk, func(d *uitest.Driver) { find("jane.doe")(d); d.Press("v") }},
		{"which-value", as(coretest.L2()), func(d *uitest.Driver) { find("jane.doe")(d); d.Press("e") }},
		{"chinese", func(tb testing.TB) uitest.Options {
			o := history(coretest.L1())(tb)
			o.Language = text.Chinese
			return o
		}, find("jane.doe")},
	}
	for _, s := range scenes {
		uitest.Gallery(t, *update, s.name, s.open, s.act)
	}
}

func person(d *uitest.Driver) screen.AccountParams {
	return screen.AccountParams{Person: d.Stage.Jane.Person}
}

// history is a desk at which something was done for Jane before.
func history(actor core.Actor) func(testing.TB) uitest.Options {
	return func(tb testing.TB) uitest.Options {
		s := uitest.NewStage(tb, uitest.StageOptions{})
		s.HandOver(tb, "jane.doe", core.VerbUnlock, uitest.Proved)
		k := s.OpenCase(tb, coretest.L2(), s.Jane.ID)
		s.Prove(tb, coretest.L2(), k.Number)
		if _, err := s.Desk.Perform(context.Background(), coretest.L2(), s.ResetJane(k)); err != nil {
			tb.Fatal(err)
		}
		s.Clock.Add(30 * time.Minute)
		return uitest.Options{Stage: s, Actor: actor, Stubs: doing()}
	}
}

// notKnown is a desk at which the outcome of a reset is not known.
func notKnown(tb testing.TB) uitest.Options {
	s := uitest.NewStage(tb, uitest.StageOptions{})
	k := s.OpenCase(tb, coretest.L1(), s.Jane.ID)
	s.Prove(tb, coretest.L1(), k.Number)
	s.Cloud.Fail("SetPassword", 0, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")).After(core.ChangeUnknown))
	if _, err := s.Desk.Perform(context.Background(), coretest.L1(), s.ResetJane(k)); core.CodeOf(err) != core.CodeUnknown {
		tb.Fatalf("the outcome is known: %v", err)
	}
	return uitest.Options{Stage: s, Stubs: doing()}
}

// ticketDesk is a desk that needs a ticket reference for every case.
func ticketDesk(tb testing.TB) uitest.Options {
	s := uitest.NewStage(tb, uitest.StageOptions{Portal: uitest.Portal})
	s.Parts.Rules.Settings.Case.RequireTicket = true
	s.Desk.Rule(s.Parts.Rules)
	return uitest.Options{Stage: s, Stubs: doing()}
}

func TestTheFirstLinesSayWhatIsWrongAndWhatToDo(t *testing.T) {
	t.Parallel()
	d := card(t, deskOnly(coretest.L1())(t), "jane.doe")
	lines := strings.Split(d.Frame().Text(), "\n")[2:]
	for i, want := range []string{"■ Locked since 09:50 after 5 wrong passwords. Unlocks itself at 10:20.", "2 methods are usable.", "▸ Enter  hand the unlock to Level 2"} {
		if !strings.Contains(lines[i], want) {
			t.Errorf("line %d is %q, want %q", i, lines[i], want)
		}
	}
}

func TestEnterDoesTheNextBestAction(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		o     uitest.Options
		login string
		want  any
	}{
		"an L1 hands the unlock over": {deskOnly(coretest.L1())(t), "jane.doe", handOff(core.VerbUnlock, "User Administrator")},
		"an L2 unlocks":               {deskOnly(coretest.L2())(t), "jane.doe", goal(core.VerbUnlock)},
		"an expired password is reset": {
			deskOnly(coretest.L1())(t), "omar.haddad", goal(core.VerbReset),
		},
		"a disabled account is handed off": {deskOnly(coretest.L1())(t), "sam.rivers", handOff("", "User Administrator")},
		"one's own account is handed off":  {deskOnly(coretest.L1())(t), "ann.lee", handOff("", "Global Administrator")},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			d := card(t, tc.o, tc.login).Press("enter")
			if got := stripped(d.Opened().With); got != tc.want {
				t.Errorf("opened %v with %+v, want %+v", d.Opened().To, got, tc.want)
			}
		})
	}
}

func handOff(v core.Verb, to string) plainHandOff { return plainHandOff{v, to} }

// plainHandOff and stripped compare what matters of params: accounts hold slices.
type plainHandOff struct {
	wanted core.Verb
	to     string
}

// goal is the goal of an operation.
type goal core.Verb

func stripped(with any) any {
	switch p := with.(type) {
	case screen.OperateParams:
		return goal(p.Goal)
	case screen.HandOffParams:
		return plainHandOff{p.Wanted, p.To}
	default:
		return with
	}
}

func TestLettersDoWhatTheySay(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]screen.Route{"r": screen.Operate, "u": screen.HandOff, "h": screen.HandOff, "v": screen.Verify, "t": screen.Trail} {
		if d := card(t, uitest.Options{}, "jane.doe").Press(key); d.Opened().To != want {
			t.Errorf("%s opened %s, want %s", key, d.Opened().To, want)
		}
	}
}

func TestWhatIsNotAllowedIsDimAndSaysWhoCan(t *testing.T) {
	t.Parallel()
	d := card(t, uitest.Options{W: 140, H: 45}, "jane.doe")
	f := d.Frame()
	if !f.Contains("u unlock (Level 2)") || !f.Contains("e reveal (Level 2)") {
		t.Errorf("the footer says:\n%s", f.Text())
	}
	if f = d.Press("e").Frame(); !f.Contains("Your role may not do this here. Level 2 can") || d.Opened().To != screen.Account {
		t.Errorf("the key must say why:\n%s", f.Text())
	}
}

func TestAnAccountThatIsNotLockedCannotBeUnlocked(t *testing.T) {
	t.Parallel()
	d := card(t, uitest.Options{Actor: coretest.L2()}, "jdorsey").Press("u")
	if f := d.Frame(); !f.Contains("There is nothing to unlock.") || d.Opened().To != screen.Account {
		t.Errorf("it is not said:\n%s", f.Text())
	}
}

func TestAGuardedAccountSaysWhy(t *testing.T) {
	t.Parallel()
	f := card(t, uitest.Options{Actor: coretest.Admin()}, "kofi").Frame()
	if !f.Contains("It holds the role Helpdesk Administrator.") || !f.Contains("r reset (second person)") || !f.Contains("▲ protected account") {
		t.Errorf("a guarded account:\n%s", f.Text())
	}
}

func TestVerifyOpensTheCaseItNeedsOnce(t *testing.T) {
	t.Parallel()
	d := card(t, uitest.Options{}, "jane.doe")
	d.Hold()
	d.Press("v", "v").Release()
	p, ok := d.Opened().With.(screen.VerifyParams)
	if !ok || p.Case != 1 || p.For != core.VerbUnlock {
		t.Fatalf("opened %v", d.Opened())
	}
	list, err := d.Stage.Desk.ListCases(context.Background(), coretest.L1(), core.CasesMine)
	if err != nil || len(list) != 1 {
		t.Errorf("%d cases, %v", len(list), err)
	}
	d.Press("esc", "v")
	if p, _ := d.Opened().With.(screen.VerifyParams); p.Case != 1 {
		t.Errorf("the second time case %d", p.Case)
	}
}

func TestWithoutAUsableMethodNobodyIsProved(t *testing.T) {
	t.Parallel()
	d := card(t, uitest.Options{}, "omar.haddad").Press("v")
	if f := d.Frame(); !f.Contains("No registered method can prove this caller.") || !f.Contains("v verify (no usable method)") {
		t.Errorf("it is not said:\n%s", f.Text())
	}
}

func TestAColleaguesCaseAndOnesOwnAreSignals(t *testing.T) {
	t.Parallel()
	s := uitest.NewStage(t, uitest.StageOptions{})
	s.OpenCase(t, coretest.L2(), s.Jane.ID)
	s.OpenCase(t, coretest.L1(), s.Jane.ID)
	d := card(t, uitest.Options{Stage: s}, "jane.doe")
	f := d.Frame()
	if !f.Contains("▲ Case 1 is open with Bo Berg.") || !f.Contains("● Your case 2 is open since 10:00.") {
		t.Errorf("signals:\n%s", f.Text())
	}
	if d.Press("r"); d.Opened().With.(screen.OperateParams).Case != 2 {
		t.Errorf("a reset goes on in the open case, not %v", d.Opened().With)
	}
}

func TestTheGuideIsReadOutAndClosesTheCase(t *testing.T) {
	t.Parallel()
	d := card(t, uitest.Options{}, "jane.doe").Press("enter")
	f := d.Frame()
	for _, want := range []string{"“Please open passwordreset.corp.example in your browser.”", "“Please tell me when you are in.”"} {
		if !f.Contains(want) {
			t.Errorf("%q is missing:\n%s", want, f.Text())
		}
	}
	if f.Contains("h•••") {
		t.Error("a masked address stands where it is read to a caller who is not proved")
	}
	f = d.Press("enter").Frame()
	if !f.Contains("Case 1 is closed: solved by self-service.") || !f.Contains("find a person") {
		t.Errorf("after it home is ready for the next caller:\n%s", f.Text())
	}
	k, _, err := d.Stage.Desk.CaseOf(context.Background(), coretest.L1(), 1)
	if err != nil || k.Code != core.ResolvedSelfService {
		t.Errorf("closed as %q, %v", k.Code, err)
	}
}

func TestTheGuideCanBeLeftAndFailsTruthfully(t *testing.T) {
	t.Parallel()
	d := card(t, uitest.Options{}, "jane.doe").Press("enter", "esc")
	if f := d.Frame(); f.Contains("SAY TO THE CALLER") || !f.Contains("STATE") {
		t.Fatalf("esc leads back to the card:\n%s", f.Text())
	}
	d.Stage.Store.Fail("CreateCase", 1, core.Fail(core.CodeAuditUnavailable, sentence.Of("error.audit_unavailable")))
	if f := d.Press("enter", "enter").Frame(); !f.Contains("The trail cannot be written, so nothing is changed.") || !f.Contains("SAY TO THE CALLER") {
		t.Errorf("the failure is not told:\n%s", f.Text())
	}
	if f := d.Press("enter").Frame(); !f.Contains("Case 1 is closed") {
		t.Errorf("the second try:\n%s", f.Text())
	}
}

func TestADeskThatNeedsATicketAsksForIt(t *testing.T) {
	t.Parallel()
	d := card(t, ticketDesk(t), "jane.doe").Press("v")
	if f := d.Frame(); !f.Contains("needs a ticket reference") || f.Cursor == nil {
		t.Fatalf("it does not ask:\n%s", f.Text())
	}
	d.Press("enter").Send(tea.PasteMsg{Content: "INC-"}).Type("31").Press("enter")
	if p, ok := d.Opened().With.(screen.VerifyParams); !ok || p.Case != 1 {
		t.Fatalf("opened %v", d.Opened())
	}
	k, _, _ := d.Stage.Desk.CaseOf(context.Background(), coretest.L1(), 1)
	if k.Ticket.Raw() != "INC-31" {
		t.Errorf("ticket %q", k.Ticket.Raw())
	}
}

func TestAnUnknownOutcomeStopsChangesUntilItIsChecked(t *testing.T) {
	t.Parallel()
	d := card(t, notKnown(t), "jane.doe")
	f := d.Frame()
	if !f.Contains("? Not known since 10:00") || !f.Contains("▸ Enter  check again now") || !f.Contains("r reset (outcome not known)") {
		t.Fatalf("the card:\n%s", f.Text())
	}
	if f = d.Press("r").Frame(); d.Opened().To != screen.Account || !f.Contains("Changes wait until it is known") {
		t.Errorf("r must not work:\n%s", f.Text())
	}
	if f = d.Press("enter").Frame(); !f.Contains("? Not known yet. It will be checked again by itself.") {
		t.Errorf("too early to tell:\n%s", f.Text())
	}
	d.After(time.Minute)
	if f = d.Press("enter").After(7 * time.Second).Frame(); !f.Contains("■ Locked since 09:50") {
		t.Errorf("it was checked and nothing had happened:\n%s", f.Text())
	}
}

func TestAColleaguesChangeIsReadAgainAndSaid(t *testing.T) {
	t.Parallel()
	s := uitest.NewStage(t, uitest.StageOptions{})
	d := card(t, uitest.Options{Stage: s}, "jane.doe")
	k := s.OpenCase(t, coretest.L2(), s.Jane.ID)
	s.Prove(t, coretest.L2(), k.Number)
	if _, err := s.Desk.Perform(context.Background(), coretest.L2(), core.Unlock{ID: s.Op(), Case: k.Number, Account: s.Jane.ID}); err != nil {
		t.Fatal(err)
	}
	f := d.Send(nil).Frame()
	if !f.Contains("Bo Berg changed this account at 10:00. This is how it is now.") || !f.Contains("not locked") {
		t.Errorf("the card:\n%s", f.Text())
	}
}

func TestComingBackReadsAgainWithoutBlamingAnybody(t *testing.T) {
	t.Parallel()
	d := card(t, deskOnly(coretest.L2())(t), "jane.doe").Press("enter")
	k := d.Stage.OpenCase(t, coretest.L2(), d.Stage.Jane.ID)
	d.Stage.Prove(t, coretest.L2(), k.Number)
	if _, err := d.Stage.Desk.Perform(context.Background(), coretest.L2(), core.Unlock{ID: "u", Case: k.Number, Account: d.Stage.Jane.ID}); err != nil {
		t.Fatal(err)
	}
	f := d.Send(nil).Press("esc").Frame()
	if f.Contains("changed this account") || !f.Contains("● Nothing is wrong with this account.") {
		t.Errorf("the card:\n%s", f.Text())
	}
}

func TestWhichContactValueIsAsked(t *testing.T) {
	t.Parallel()
	d := card(t, uitest.Options{Actor: coretest.L2()}, "jane.doe").Press("e")
	if f := d.Frame(); !f.Contains("Which value of Jane Doe (jane.doe), Finance?") {
		t.Fatalf("it does not ask:\n%s", f.Text())
	}
	d.Press("right", "enter")
	if p, ok := d.Opened().With.(screen.RevealParams); !ok || p.Method.Kind != core.MethodMobile {
		t.Errorf("opened %v", d.Opened())
	}
}

func TestALockOfVerificationIsASignal(t *testing.T) {
	t.Parallel()
	s := uitest.NewStage(t, uitest.StageOptions{})
	for range 3 {
		k := s.OpenCase(t, coretest.L1(), s.Jane.ID)
		res, err := s.Desk.Perform(context.Background(), coretest.L1(), core.StartProof{ID: s.Op(), Case: k.Number, Kind: core.ProofTOTP})
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			wrong(t, s, res.Challenge.ID)
		}
	}
	f := card(t, uitest.Options{Stage: s, W: 140, H: 45}, "jane.doe").Frame()
	if !f.Contains("▲ Verification is locked until 3 Mar") || !f.Contains("○ code not accepted") || f.Contains("caller proved") || !f.Contains("v verify (locked for now)") {
		t.Errorf("the card:\n%s", f.Text())
	}
}

func TestTheCardIsCountedOnceHoweverOftenItIsReadAgain(t *testing.T) {
	t.Parallel()
	d := card(t, uitest.Options{}, "jane.doe")
	for range 5 {
		d.Press("ctrl+r")
	}
	n, _, err := d.Stage.Store.Recent(context.Background(), "cards:l1", d.Stage.Clock.Now(), time.Hour)
	if err != nil || n != 1 {
		t.Errorf("counted %d, %v", n, err)
	}
}

func TestAFailedCardCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{Stubs: doing()})
	d.Stage.Cloud.Fail("Account", 1, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
	find("jane.doe")(d)
	if f := d.Frame(); !f.Contains("■ It took too long.") || !f.Contains("▸ Enter  try again") {
		t.Fatalf("the failure:\n%s", f.Text())
	}
	if f := d.Press("enter").Frame(); !f.Contains("■ Locked since") {
		t.Errorf("the second try:\n%s", f.Text())
	}
}

func TestEveryPlaceIsKeptWhileTheAccountIsRead(t *testing.T) {
	t.Parallel()
	d := uitest.NewDriver(t, uitest.Options{Stubs: doing(), Stage: uitest.NewStage(t, uitest.StageOptions{})})
	d.Type("jane.doe").Hold().Press("enter")
	d.Send(screen.Push{To: screen.Account, With: person(d)})
	before := strings.Split(d.Frame().Text(), "\n")
	after := strings.Split(d.Release().Frame().Text(), "\n")
	for _, label := range []string{"Jane Doe   ", "STATE", "METHODS", "account ", "sign-in", "last seen"} {
		if at(before, label) != at(after, label) {
			t.Errorf("%q moved from line %d to %d", label, at(before, label), at(after, label))
		}
	}
}

func TestTheCardScrolls(t *testing.T) {
	t.Parallel()
	d := card(t, uitest.Options{}, "jane.doe")
	if f := d.Frame(); f.Contains("at least 12 characters") {
		t.Fatalf("it fits already:\n%s", f.Text())
	}
	f := d.Press("end").Frame()
	if !f.Contains("at least 12 characters") || !f.Contains("Finance, Oslo, Everybody") || !f.Contains("▸ Enter") {
		t.Errorf("the end of the card, below the next key:\n%s", f.Text())
	}
}

func TestAHostileNameCannotCommandTheTerminal(t *testing.T) {
	t.Parallel()
	f := card(t, uitest.Options{W: 140, H: 45}, "eve").Frame()
	if !f.Contains(`Eve\x1b]0;owned\x07 \x1b[2J\u202eenaJ\u200b`) {
		t.Errorf("it must be visible:\n%s", f.Text())
	}
}

func TestTheCardFitsEverySize(t *testing.T) {
	t.Parallel()
	for _, login := range []string{"jane.doe", "omar", "ada", "eve", "ann.lee"} {
		uitest.FitsEverywhere(t, card(t, uitest.Options{}, login).Screen())
	}
	uitest.FitsEverywhere(t, card(t, uitest.Options{}, "jane.doe").Press("enter").Screen())
	uitest.FitsEverywhere(t, card(t, ticketDesk(t), "jane.doe").Press("v").Screen())
	d := uitest.NewDriver(t, uitest.Options{Stubs: doing()})
	d.Hold().Open(screen.Account, person(d))
	uitest.FitsEverywhere(t, d.Screen())
}

func TestTheCardSurvivesAnything(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		o := history(coretest.L2())(t)
		uitest.Survives(t, card(t, o, "jane.doe"), seed, 150)
	}
}

func TestTheCardSurvivesAnyParams(t *testing.T) {
	t.Parallel()
	for _, with := range []any{nil, "", screen.AccountParams{}, screen.AccountParams{Person: core.Person{DisplayName: untrusted.New("Nobody")}}} {
		d := uitest.NewDriver(t, uitest.Options{Stubs: doing()}).Open(screen.Account, with)
		d.Press("r", "u", "v", "h", "e", "t", "c", "enter", "down")
		d.Frame()
	}
}

// at is the first line that holds a text.
func at(lines []string, label string) int {
	for i, l := range lines {
		if strings.Contains(l, label) {
			return i
		}
	}
	return -1
}

// wrong enters a wrong code.
func wrong(t *testing.T, s *uitest.Stage, challenge string) {
	t.Helper()
	_, err := s.Desk.Perform(context.Background(), coretest.L1(), core.ConfirmProof{ID: s.Op(), Challenge: challenge, Code: secret.FromString("00000000")})
	if core.CodeOf(err) != core.CodeUnverified {
		t.Fatalf("a wrong code: %v", err)
	}
}

func TestMethodsThatCanBeUsedStandFirstAndTheOthersSayWhyNot(t *testing.T) {
	t.Parallel()
	s := uitest.NewStage(t, uitest.StageOptions{})
	a := s.Jane
	a.Methods = []core.Method{
		{ID: "p", Kind: core.MethodMobile, Destination: untrusted.New("4712345678")},
		{ID: "m", Kind: core.MethodMail, Destination: untrusted.New("jane@corp.example")},
		{ID: "t", Kind: core.MethodTOTP},
	}
	s.Cloud.Put(a)
	f := card(t, uitest.Options{Stage: s, W: 140, H: 45}, "jane.doe").Frame()
	text := f.Text()
	if app, mail, phone := strings.Index(text, "● authenticator app"), strings.Index(text, "○ mailbox"), strings.Index(text, "○ mobile"); app < 0 || mail < app || phone < mail {
		t.Errorf("the order is wrong:\n%s", text)
	}
	if !f.Contains("not readable while locked") || !f.Contains("no country code") {
		t.Errorf("why not:\n%s", text)
	}
}
