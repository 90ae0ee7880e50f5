package operate_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/operate"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

func TestAnUnknownOutcomeThatCouldNotBeRecordedIsSaidToBeBoth(t *testing.T) {
	t.Parallel()
	c := unlock(t)
	c.Stage.Cloud.Fail("Unlock", 1, lost())
	c.Stage.Store.Fail("Conclude", 1, errors.New("disk full"))
	c.enter().changed(0, 0).says("? Not known: the directory did not answer, and that could not be recorded.", "▸ Enter check again now")
}

func TestARefusalThatCouldNotBeRecordedSaysThatNothingWasChanged(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Stage.Cloud.Fail("SetPassword", 1, refused())
	c.Stage.Store.Fail("Conclude", 1, errors.New("disk full"))
	c.enter().changed(0, 0).says("■ Nothing was changed, and that could not be recorded.", "▸ Enter look at the card again").saysNot("was not sent")
}

func TestADirectoryThatSawAnotherChangeFirstIsAConflict(t *testing.T) {
	t.Parallel()
	for _, code := range []core.Code{core.CodeConflict, core.CodeNotFound} {
		c := unlock(t)
		c.Stage.Cloud.Fail("Unlock", 1, core.Fail(code, sentence.Of("conflict.changed_meanwhile", sentence.Word("name", "Jane Doe"))))
		c.enter().changed(0, 0).says("■ Somebody else changed Jane Doe in the meantime. Nothing was changed.", "▸ Enter look at the card again")
	}
}

func TestAnAccountThatNeedsASecondOperatorIsRefusedWithThatReason(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t), coretest.L2())
	c.Open(screen.Operate, screen.OperateParams{Goal: core.VerbReset, Account: core.Account{Person: core.Person{ID: uitest.ID("kofi.mensah")}}})
	c.wait().says("It holds the role Helpdesk Administrator. That takes a second operator", "▸ Enter hand off to Level 3").changed(0, 0)
}

func TestAnErrorInsideTheProgramClaimsNothing(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Send(screen.Failed{Of: "perform", Err: core.AsError(errors.New("nobody knows"))})
	c.wait().says("? Something went wrong inside the program.", "▸ Enter look at the card again").saysNot("Nothing was changed")
}

func TestAnOperationThatWasDoneBeforeAReconnectIsNotDoneTwice(t *testing.T) {
	t.Parallel()
	for goal, want := range map[core.Verb][]string{
		core.VerbReset:  {"The password was changed already; nothing was done a second time.", "r begin again"},
		core.VerbUnlock: {"Done already. Nothing was done a second time.", "n next caller"},
	} {
		c := confirming(t, newStage(t), coretest.L2(), goal)
		said := "outcome.repeated"
		if goal == core.VerbReset {
			said = "outcome.repeated_reset"
		}
		c.Send(nil)
		operate.Performed(c.Screen(), core.Result{
			Verb: goal, Outcome: core.Done, Said: sentence.Of(said), Seq: 7, Case: core.Case{Number: 1}, Repeated: true, Proposed: core.AssistedReset,
		}, nil)
		c.wait().says(want...).says("Trail 7 · case 1", "▸ Enter close the case").changed(0, 0)
	}
}

func TestAResultThatComesTooLateChangesNothingOnThePage(t *testing.T) {
	t.Parallel()
	c := unlock(t)
	c.enter().says("● Done.")
	before := c.page()
	c.Send(screen.Event{Event: core.Event{Kind: core.EventAccount, Account: c.Stage.Jane.ID}})
	c.Send(screen.Resumed{})
	if c.page() != before {
		t.Errorf("%s\nbecame\n%s", before, c.page())
	}
}

func TestAnEventAboutSomebodyElseIsNothingHere(t *testing.T) {
	t.Parallel()
	c := reset(t)
	reads := c.Stage.Cloud.Calls("Account")
	c.Send(screen.Event{Event: core.Event{Kind: core.EventAccount, Account: uitest.ID("li.wei")}})
	c.Send(screen.Event{Event: core.Event{Kind: core.EventHealth}})
	if got := c.Stage.Cloud.Calls("Account"); got != reads {
		t.Errorf("%d reads", got-reads)
	}
}

func TestADirectoryThatIsDownWhenTheConfirmationIsCheckedLeavesItStanding(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Stage.Cloud.Fail("Account", 1, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
	c.Stage.Events.Changed(core.Event{Kind: core.EventAccount, Account: c.Stage.Jane.ID})
	c.Send(nil)
	c.says("Reset the password of Jane Doe").enter()
	c.changed(1, 1).says("● Done.")
}

func TestACaseThatCannotBeOpenedIsTriedAgain(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t), coretest.L1())
	c.Stage.Store.Fail("CreateCase", 1, core.Fail(core.CodeAuditUnavailable, sentence.Of("error.audit_unavailable")))
	c.Open(screen.Operate, screen.OperateParams{Goal: core.VerbReset, Account: c.Stage.Jane})
	c.wait().says("■ The trail cannot be written, so nothing is changed.", "▸ Enter try again")
	c.enter().says("Before the reset: is this Jane Doe?")
}

func TestWhoeverGoesBackWhileTheCaseOpensIsBackAtOnce(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t), coretest.L1())
	ended := false
	c.Stage.Store.Do("CreateCase", 1, func(ctx context.Context) error {
		ended = ctx.Err() != nil
		return ctx.Err()
	})
	c.Hold().Open(screen.Operate, screen.OperateParams{Goal: core.VerbReset, Account: c.Stage.Jane})
	c.After(time.Second)
	c.says("asking embedded", "esc cancels").Press("enter", "esc", "esc")
	c.Release()
	if c.home(); ended {
		t.Error("the screen was left before the look began: this test shows nothing")
	}
	c.changed(0, 0).saysNot("Before the reset")
}

func TestATimerHidesThePassword(t *testing.T) {
	t.Parallel()
	c := confirming(t, newStage(t, mayShow), coretest.L2(), core.VerbReset)
	c.press("down", "enter")
	c.Press("space")
	c.Stage.Clock.Add(30 * time.Second)
	c.Send(screen.Woken{For: 2, Msg: operate.Hide()})
	c.saysNot(c.Stage.Cloud.Password(c.Stage.Jane.ID)).says("space shows it for 30 s")
	c.Send(screen.Woken{For: 99, Msg: operate.Hide()}) // of a screen that has closed
	c.says("space shows it for 30 s")
}

func TestEveryCharacterCanBeReadOut(t *testing.T) {
	t.Parallel()
	c := reset(t)
	for r, want := range map[rune]string{'a': "alfa", 'A': "capital Alfa", '7': "digit seven", '-': "hyphen", 'é': "U+00E9"} {
		if got := operate.Spoken(c.Env, r); got != want {
			t.Errorf("%c is read out as %q, want %q", r, got, want)
		}
	}
}

func TestAProofThatExpiresIsNoSurpriseAtTheConfirmation(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.says("It counts until 10:10.")
	if fast, ok := c.Screen().(screen.Fast); !ok || !fast.Ages() {
		t.Error("the confirmation does not age")
	}
	c.After(10 * time.Minute)
	c.says("The proof expired at 10:10.", "▸ Enter prove the caller")
	c.enter().changed(0, 0).says("Before the reset: is this Jane Doe?")
}

func TestAnOperatorWithoutTheRightIsLedToTheHandoff(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t), coretest.L1())
	c.Open(screen.Operate, screen.OperateParams{Goal: core.VerbUnlock, Account: c.Stage.Jane})
	c.wait().says("■ Your role does not allow this. Nothing was changed.", "▸ Enter hand off to Level 2")
	c.enter().says("Before the unlock: is this Jane Doe?")
	c.Press("esc")
	c.home()
}

func TestLeavingTheHandoffOfAnUnprovedCallerLeavesTheGoalToo(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t), coretest.L1())
	c.Type("jane.doe").Press("enter", "r", "ctrl+n")
	c.wait().enter().says("Hand off the reset for Jane Doe").Press("esc")
	c.says("Self-service works").saysNot("Hand off the reset", "Reset the password")
}
