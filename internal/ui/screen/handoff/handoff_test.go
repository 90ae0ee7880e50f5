package handoff_test

import (
	"context"
	"errors"
	"flag"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// code is what the authenticator apps show in these tests.
const code = "481516"

// call is a terminal of Level 1.
type call struct {
	*uitest.Driver
	t *testing.T
}

// newStage builds a desk at which these operators are signed in.
func newStage(t testing.TB, signedIn ...string) *uitest.Stage {
	t.Helper()
	s := uitest.NewStage(t, uitest.StageOptions{Portal: uitest.Portal})
	s.TOTP.Code = code
	s.Parts.Presence = coretest.Presence(signedIn)
	s.Desk = core.NewDesk(s.Parts)
	return s
}

func newCall(t *testing.T, s *uitest.Stage) *call {
	t.Helper()
	return &call{uitest.NewDriver(t, uitest.Options{Stage: s}), t}
}

// unlock opens the handoff of Jane's unlock from her card.
func unlock(t *testing.T, signedIn ...string) *call {
	t.Helper()
	c := newCall(t, newStage(t, append(signedIn, "l1")...))
	c.Type("jane.doe").Press("enter", "u")
	return c
}

// form is the handoff of Jane's unlock with the caller proved.
func form(t *testing.T, signedIn ...string) *call {
	t.Helper()
	c := unlock(t, signedIn...)
	c.Type(code).Press("enter")
	return c.wait()
}

func (c *call) wait() *call {
	c.After(time.Second)
	return c
}

func (c *call) enter() *call {
	c.Press("enter")
	return c.wait()
}

func (c *call) page() string {
	lines := strings.Split(c.Frame().Text(), "\n")
	return strings.Join(strings.Fields(strings.Join(lines[2:], " ")), " ")
}

func (c *call) says(want ...string) *call {
	c.t.Helper()
	for _, w := range want {
		if !strings.Contains(c.page(), w) {
			c.t.Fatalf("the screen does not say %q:\n%s", w, c.Frame().Text())
		}
	}
	return c
}

func (c *call) saysNot(words ...string) *call {
	c.t.Helper()
	for _, w := range words {
		if strings.Contains(c.page(), w) {
			c.t.Fatalf("the screen says %q:\n%s", w, c.Frame().Text())
		}
	}
	return c
}

func (c *call) kase(n int64) core.Case {
	c.t.Helper()
	k, err := c.Stage.Store.Case(context.Background(), n)
	if err != nil {
		c.t.Fatal(err)
	}
	return k
}

func TestHandingAnUnlockToLevel2TakesFiveKeysAtMost(t *testing.T) {
	t.Parallel()
	for _, signedIn := range [][]string{{"l1", "l2"}, {"l1"}} {
		c := newCall(t, newStage(t, signedIn...))
		c.Type("jane.doe")
		keys := 0
		press := func(names ...string) {
			for _, n := range names {
				c.Press(n).After(time.Second)
				keys++
			}
		}
		press("enter", "u")
		c.says("Before the unlock: is this Jane Doe?").Type(code)
		press("enter", "enter")
		c.says("● Handed to Level 2. What was proved counts until 10:10.")
		press("enter")
		c.says("find a person")
		k := c.kase(1)
		if keys > 5 || k.Status != core.CaseWaiting || k.Handoff.Wanted != core.VerbUnlock || k.Handoff.To != rbac.UserAdministrator {
			t.Errorf("%d keys, %+v", keys, k)
		}
		if got := k.Handoff.Reason.String(); got != "Unlock wanted, caller proved 10:00 by authenticator app" {
			t.Errorf("reason %q", got)
		}
	}
}

func TestThatNobodyIsThereIsSaidBeforeTheProof(t *testing.T) {
	t.Parallel()
	c := unlock(t)
	c.says("▲ Nobody of Level 2 is signed in right now. The case would wait until somebody is.", "Before the unlock: is this Jane Doe?")
	c.Press("esc")
	c.says("Case 1 stays open.", "Self-service works").saysNot("Hand off the unlock")

	there := unlock(t, "l2")
	there.saysNot("Nobody of Level 2").says("Before the unlock")
}

func TestTheFormSaysWhatGoesWithTheCase(t *testing.T) {
	t.Parallel()
	c := form(t, "l2")
	c.says("Hand off the unlock of Jane Doe (jane.doe), Controller, Finance?",
		"Proved at 10:00 by authenticator app. The proof goes with the case and counts until 10:10.",
		"▸ Level 2 User Administrator ● 1 signed in", "Level 3 Global Administrator ○ nobody signed in",
		"Reason › Unlock wanted, caller proved 10:00 by authenticator app", "▸ Enter hand to Level 2")
	c.enter().says("The case waits for Level 2. There is nothing to close.", "Case 1", "“A colleague is taking this over now.")
}

func TestNobodyThereIsSaidOnceMoreWhenItIsDone(t *testing.T) {
	t.Parallel()
	c := form(t)
	c.says("▲ Nobody of Level 2 is signed in right now.")
	c.enter().says("Nobody of Level 2 is signed in right now. The case waits; there is nothing to close.", "“A colleague will take this over as soon as possible.")
}

func TestAnotherRoleCanBeChosen(t *testing.T) {
	t.Parallel()
	c := form(t, "l2")
	c.Press("down", "down")
	c.says("▸ Level 3 Global Administrator", "▸ Enter hand to Level 3")
	c.enter().says("● Handed to Level 3.")
	if k := c.kase(1); k.Handoff.To != rbac.GlobalAdministrator {
		t.Errorf("%+v", k.Handoff)
	}
}

func TestTheReasonCanBeWritten(t *testing.T) {
	t.Parallel()
	c := form(t, "l2")
	for range 60 {
		c.Press("backspace")
	}
	c.enter().says("▲ Whoever takes the case needs to know why. Type a reason.")
	c.Type("She is in a hurry: ")
	c.Send(tea.PasteMsg{Content: "flight at noon\x1b[2J"})
	c.enter().says("● Handed to Level 2.")
	if got := c.kase(1).Handoff.Reason.String(); got != "She is in a hurry: flight at noon[2J" {
		t.Errorf("reason %q", got)
	}
}

func TestADoubleEnterHandsOverOnceAndIsReadBeforeItIsLeft(t *testing.T) {
	t.Parallel()
	c := form(t, "l2")
	c.Hold().Press("enter", "enter")
	c.Release()
	c.Press("enter")
	c.says("● Handed to Level 2.")
	n := 0
	for _, r := range c.Stage.Store.All() {
		if r.Verb == core.VerbHandOff && r.Kind == core.KindDesk {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d handoffs", n)
	}
}

func TestHelpIsAskedForWithoutAProof(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t, "l1", "l2"))
	c.Open(screen.HandOff, screen.HandOffParams{Account: c.Stage.Jane})
	c.wait().says("Hand off the case of Jane Doe", "The caller is not proved.", "Reason › Help wanted, caller not proved")
	c.enter().says("● Handed to Level 2, without a proof.")
}

func TestAnAccountThatMayNotBeTouchedCanBeHandedOff(t *testing.T) {
	t.Parallel()
	for _, login := range []string{"svc-backup", "ann.lee", "ada.admin"} {
		s := newStage(t, "l1", "l2")
		c := newCall(t, s)
		a, err := s.Cloud.Account(context.Background(), uitest.ID(login).Key)
		if err != nil {
			t.Fatal(err)
		}
		c.Open(screen.HandOff, screen.HandOffParams{Account: a, To: string(rbac.GlobalAdministrator)})
		c.wait().says("▸ Level 3 Global Administrator")
		c.enter().says("● Handed to Level 3, without a proof.")
	}
}

func TestWhatWasProvedForHelpGoesWithTheCase(t *testing.T) {
	t.Parallel()
	s := newStage(t, "l1", "l2")
	k := s.OpenCase(t, coretest.L1(), s.Jane.ID)
	s.Prove(t, coretest.L1(), k.Number)
	c := newCall(t, s)
	c.Open(screen.HandOff, screen.HandOffParams{Account: s.Jane, Case: k.Number})
	c.wait().says("Help wanted, caller proved 10:00 by authenticator app")
	c.enter().says("● Handed to Level 2. What was proved counts until 10:10.")
}

func TestAProofThatExpiresBeforeTheHandoffIsSaidAndCanBeRenewed(t *testing.T) {
	t.Parallel()
	c := form(t, "l2")
	c.After(10 * time.Minute)
	c.says("The proof expired at 10:10. Whoever takes the case will have to prove the caller again.", "ctrl+r prove again").Press("ctrl+r")
	c.says("Before the unlock: is this Jane Doe?").Type(code)
	c.enter().says("counts until 10:20.")
	c.enter().says("What was proved counts until 10:20.")
}

func TestARefusedHandoffSaysSo(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err       error
		says, key string
	}{
		{core.Fail(core.CodeAuditUnavailable, sentence.Of("error.audit_unavailable")), "■ The trail cannot be written, so nothing is changed.", "▸ Enter try again"},
		{core.Fail(core.CodeConflict, sentence.Of("case.closed", sentence.Count("case", 1))), "■ Case 1 is closed.", "▸ Enter look at the card again"},
	} {
		c := form(t, "l2")
		c.Stage.Store.Fail("UpdateCase", 1, tc.err)
		c.enter().says(tc.says, tc.key)
		if k := c.kase(1); k.Status != core.CaseOpen {
			t.Errorf("%+v", k)
		}
		c.enter()
		if tc.key == "▸ Enter try again" {
			c.says("● Handed to Level 2.")
		}
	}
}

func TestADirectoryThatDoesNotAnswerIsAskedAgain(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t, "l1", "l2"))
	c.Stage.Cloud.Fail("Account", 2, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
	c.Open(screen.HandOff, screen.HandOffParams{Account: c.Stage.Jane, Wanted: core.VerbUnlock})
	c.wait().says("It took too long.", "▸ Enter try again")
	c.enter().says("Before the unlock")
}

func TestADeskThatNeedsTicketsAsksForOne(t *testing.T) {
	t.Parallel()
	s := newStage(t, "l1", "l2")
	s.Parts.Rules.Settings.Case = policy.Case{RequireTicket: true, TicketPattern: "INC-[0-9]+"}
	s.Desk.Rule(s.Parts.Rules)
	c := newCall(t, s)
	c.Open(screen.HandOff, screen.HandOffParams{Account: s.Jane})
	c.says("This desk needs a ticket reference")
	c.Send(tea.PasteMsg{Content: "INC-7"}).Press("enter")
	c.wait().enter().says("● Handed to Level 2, without a proof.", "Case 1 · INC-7")
}

// scene is a page that is kept as it was reviewed.
type scene struct {
	name string
	lang text.Language
	with func(s *uitest.Stage) screen.HandOffParams
	act  func(d *uitest.Driver)
}

func scenes() []scene {
	help := func(s *uitest.Stage) screen.HandOffParams { return screen.HandOffParams{Account: s.Jane} }
	unproved := func(s *uitest.Stage) screen.HandOffParams {
		return screen.HandOffParams{Account: s.Jane, Wanted: core.VerbReset, Unproved: true}
	}
	enter := func(d *uitest.Driver) { d.After(time.Second).Press("enter").After(time.Second) }
	return []scene{
		{name: "form"},
		{name: "help", with: help},
		{name: "unproved", with: unproved},
		{name: "done", act: enter},
		{name: "done-unproved", with: unproved, act: enter},
		{name: "chinese", lang: text.Chinese},
		{name: "chinese-done", lang: text.Chinese, act: enter},
	}
}

func (sc scene) open(t testing.TB) uitest.Options {
	t.Helper()
	return uitest.Options{Stage: newStage(t, "l1", "l2"), Language: sc.lang}
}

func (sc scene) play(t testing.TB) func(*uitest.Driver) {
	return func(d *uitest.Driver) {
		with := screen.HandOffParams{Account: d.Stage.Jane, Wanted: core.VerbUnlock}
		if sc.with != nil {
			with = sc.with(d.Stage)
		} else {
			k := d.Stage.OpenCase(t, coretest.L1(), d.Stage.Jane.ID)
			d.Stage.Prove(t, coretest.L1(), k.Number)
		}
		d.Open(screen.HandOff, with).After(time.Second)
		if sc.act != nil {
			sc.act(d)
		}
	}
}

func TestEveryPageLooksAsReviewed(t *testing.T) {
	t.Parallel()
	for _, sc := range scenes() {
		uitest.Gallery(t, *update, sc.name, sc.open, sc.play(t))
	}
}

func TestEveryPageFitsEverySize(t *testing.T) {
	t.Parallel()
	for _, sc := range scenes() {
		d := uitest.NewDriver(t, sc.open(t))
		sc.play(t)(d)
		uitest.FitsEverywhere(t, d.Screen())
	}
}

func TestRandomMessagesNeverPanic(t *testing.T) {
	t.Parallel()
	for seed := range uint64(16) {
		sc := scenes()[seed%uint64(len(scenes()))]
		d := uitest.NewDriver(t, sc.open(t))
		sc.play(t)(d)
		uitest.Survives(t, d, seed, 120)
	}
}

func TestWhoIsThereMayNotBeKnown(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t, "l1", "l2"))
	c.Hold().Open(screen.HandOff, screen.HandOffParams{Account: c.Stage.Jane})
	c.says("▸ Level 2 User Administrator …").Send(screen.Failed{Of: "roles", Err: core.AsError(errors.New("nobody knows"))})
	c.Release()
	c.wait().says("▸ Enter hand to Level 2")
}

func TestADeskThatFindsAReasonTooLongSaysSoBelowIt(t *testing.T) {
	t.Parallel()
	c := form(t, "l2")
	c.Send(screen.Failed{Of: "hand", Err: core.Fail(core.CodeInvalid, sentence.Of("handoff.reason", sentence.Count("limit", 500)))})
	c.says("▲ A reason has 1 to 500 characters.", "Reason ›")
}

func TestARoleOutsideTheLevelsIsCalledByItsName(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t, "l1"))
	c.Open(screen.HandOff, screen.HandOffParams{Account: c.Stage.Jane, To: string(rbac.ReportsReader)})
	c.wait().says("▸ Reports Reader ○ nobody signed in", "▸ Enter hand to Reports Reader")
}

func TestNothingIsToldAboutOneself(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t, "l1"))
	c.Open(screen.HandOff, screen.HandOffParams{Account: c.Stage.Jane})
	c.wait().says("Level 1 Password Administrator ○ nobody signed in")
}

func TestEscAfterTheHandoffGoesHome(t *testing.T) {
	t.Parallel()
	c := form(t, "l2")
	c.enter().says("● Handed").Press("esc")
	c.says("find a person")
}

func TestLeavingTheFormLeavesTheCaseWithItsOperator(t *testing.T) {
	t.Parallel()
	c := form(t, "l2")
	c.Press("esc")
	if c.says("Self-service works"); c.kase(1).Status != core.CaseOpen {
		t.Errorf("%+v", c.kase(1))
	}
}

func TestWhoeverGoesBackWhileTheCaseOpensIsBackAtOnce(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t, "l1"))
	c.Hold().Open(screen.HandOff, screen.HandOffParams{Account: c.Stage.Jane}).Press("esc")
	c.Release()
	c.says("find a person").saysNot("Cancelled")
}
