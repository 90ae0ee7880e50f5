package operate_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

func TestADoneResetSaysWhereThePasswordWentAndClosesTheCase(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.says("Reset the password of Jane Doe (jane.doe), Controller, Finance?", "A new password goes to j•••@h•••.example and must be changed at sign-in.",
		"The account is locked now. The reset unlocks it.", "Proved at 10:00 by authenticator app. It counts until 10:10.").changed(0, 0)
	c.enter().changed(1, 1)
	c.says("● Done. The new password was sent to j•••@h•••.example at 10:00.", "The account is unlocked.", "Jane Doe is told at 1 address.",
		"Trail 5 · case 1", "close the case as “assisted reset”")
	letter := c.Stage.Courier.Letters()[0]
	if letter.Secret == "" || letter.Secret != c.Stage.Cloud.Password(c.Stage.Jane.ID) {
		t.Errorf("what was sent is not what was set")
	}
	c.saysNot(letter.Secret)
	if all := c.Stage.Store.All(); all[4].Kind != core.KindOutcome || all[4].Seq != 5 {
		t.Errorf("the screen names record 5, which is %+v", all[4])
	}
	c.enter().home().says("Case 1 is closed: assisted reset.")
	if k := c.kase(); k.Status != core.CaseClosed || k.Code != core.AssistedReset {
		t.Errorf("%+v", k)
	}
}

func TestADoneUnlockSaysSo(t *testing.T) {
	t.Parallel()
	c := unlock(t)
	c.says("Unlock Jane Doe (jane.doe), Controller, Finance?", "Locked since 09:50. The password stays as it is.").enter()
	c.says("● Done. The account was unlocked at 10:00.", "“Your account is open again.").changed(1, 0)
	c.enter().home()
	if k := c.kase(); k.Code != core.Unlocked {
		t.Errorf("%+v", k)
	}
}

func TestUnlockingAnUnlockedAccountSaysSo(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	jane := s.Jane
	jane.State.Locked = false
	s.Jane = s.Cloud.Put(jane)
	c := confirming(t, s, coretest.L2(), core.VerbUnlock)
	c.says("It is not locked. Nothing would have to be changed.").enter()
	c.says("● Done. The account was not locked any more; nothing had to be changed.")
}

func TestADirectoryThatRefusesIsQuotedAndTheSameProofCountsAgain(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Stage.Cloud.Fail("SetPassword", 1, refused())
	c.enter().changed(0, 0).says("■", "Nothing was changed", "0000052D", "Trail 5 · case 1", "Enter reset again", "h hand off to Level 2")
	c.enter().changed(1, 1).says("● Done.")
	if ids := c.operations(); len(ids) != 2 {
		t.Errorf("a second try is an operation of its own: %v", ids)
	}
}

func TestADirectoryThatDoesNotAnswerBeforeAnythingWasSentChangedNothing(t *testing.T) {
	t.Parallel()
	c := unlock(t)
	c.Stage.Cloud.Fail("Unlock", 1, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
	c.enter().changed(0, 0).says("■ It took too long. Nothing was changed. Try again.", "Enter unlock again")
	c.enter().changed(1, 0).says("● Done.")
}

func TestADirectoryThatAnswersNothingAfterTheChangeWasSentIsNotKnown(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Stage.Cloud.Fail("SetPassword", 1, lost())
	c.enter().changed(0, 0)
	c.says("? Not known.", "It may or may not have been made.", "Looked 1 time, last at 10:00: not known yet.", "Enter check again now",
		"“I cannot see yet whether it worked.").saysNot("Done", "Nothing was changed")
	c.After(20 * time.Second)
	c.enter().says("■ Checked: nothing was changed. What was proved is used up", "Enter begin again").changed(0, 0)
	c.enter().says("Before the reset: is this Jane Doe?")
	c.Type(code)
	c.enter().says("Reset the password of Jane Doe")
	c.enter().changed(1, 1).says("● Done.")
}

func TestAChangeThatWasMadeWithoutAnAnswerIsFoundOut(t *testing.T) {
	t.Parallel()
	c := unlock(t)
	c.Stage.Cloud.Fail("Unlock.applied", 1, lost())
	c.enter().changed(1, 0).says("● Checked: the account is unlocked.", "close the case as “unlocked”")
	c.enter().home()
	if got := c.outcomes(); len(got) != 2 || got[0] != core.Unknown || got[1] != core.Done {
		t.Errorf("%v", got)
	}
}

func TestAPasswordThatWasSetWithoutAnAnswerReachedNobodyWhichIsSaid(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Stage.Cloud.Fail("SetPassword.applied", 1, lost())
	c.enter().changed(1, 0).says("▲ Checked: the password was changed, and it was sent to nobody.", "Enter begin again").saysNot("close the case")
	c.enter().says("Before the reset: is this Jane Doe?") // what was proved is spent
	c.Type(code)
	c.enter()
	c.enter().changed(2, 1).says("● Done. The new password was sent")
}

func TestAnOutcomeThatCannotBeCheckedStaysUnknown(t *testing.T) {
	t.Parallel()
	c := unlock(t)
	c.Stage.Cloud.Fail("Unlock", 1, lost())
	c.Stage.Cloud.Do("Account", 2, func(context.Context) error { return core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")) })
	c.enter().says("? Not known.", "It took too long.", "Enter check again now")
	c.Press("enter", "enter")
	c.wait().says("? Not known.", "Looked 3 times, last at 10:00: not known yet.")
}

func TestAnOutcomeThatAnotherTerminalFoundOutArrivesByItself(t *testing.T) {
	t.Parallel()
	c := unlock(t)
	c.Stage.Cloud.Fail("Unlock", 1, lost())
	c.enter().says("? Not known.")
	c.After(20 * time.Second)
	if _, err := c.Stage.Desk.Recover(context.Background()); err != nil {
		t.Fatal(err)
	}
	c.Send(nil)
	c.says("■ Checked: nothing was changed.").changed(0, 0)
}

func TestAPasswordThatCouldNotBeDeliveredIsSaidAndSentAgainWithTheSameProof(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Stage.Courier.Fail("Send", 1, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
	c.enter().changed(1, 0)
	c.says("▲ The password was changed, but it could not be sent to j•••@h•••.example.", "The owner does not have it yet.", "Enter reset again",
		"h hand off to Level 2").saysNot("close the case", "Done")
	c.enter().changed(2, 1).says("● Done. The new password was sent")
	if got := len(c.Stage.Store.All()); got == 0 || len(c.operations()) != 2 {
		t.Errorf("%v", c.operations())
	}
}

func TestAMailServerThatIsDownStopsTheResetBeforeAnythingIsChanged(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Stage.Courier.Fail("Prepare", 1, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
	c.enter().changed(0, 0).says("Nothing was changed.", "Enter reset again")
	c.enter().changed(1, 1).says("● Done.")
}

func TestATrailThatCannotBeWrittenStopsTheChange(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Stage.Store.Fail("Intend", 1, core.Fail(core.CodeAuditUnavailable, sentence.Of("error.audit_unavailable")))
	c.enter().changed(0, 0).says("■ The trail cannot be written, so nothing is changed.", "Enter reset again")
	c.enter().changed(1, 1).says("● Done.")
}

func TestAChangeWhoseOutcomeCouldNotBeRecordedIsNotCalledDone(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Stage.Store.Fail("Conclude", 1, errors.New("disk full"))
	c.enter().changed(1, 0)
	c.says("The change was made, but its outcome could not be recorded.", "The new password was not sent to anybody.").
		saysNot("Done", "close the case")
	c.enter()
	if got := c.Frame().Line("Hand off"); got != "" {
		t.Errorf("the card is not shown: %s", got)
	}
}

func TestAPanicInTheDirectoryIsNotKnown(t *testing.T) {
	t.Parallel()
	c := unlock(t)
	c.Stage.Cloud.Panic("Unlock", 1)
	c.enter().says("? Not known.", "may or may not have been made").changed(0, 0)
}

func TestAColleagueWhoChangedTheAccountIsNoticedBeforeItIsConfirmed(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Stage.Cloud.Put(c.Stage.Jane)
	c.Stage.Events.Changed(core.Event{Kind: core.EventAccount, Account: c.Stage.Jane.ID})
	c.Send(nil)
	c.wait().says("▲ Somebody else changed Jane Doe in the meantime. Nothing was changed.", "Enter look at the card again")
	c.enter().changed(0, 0).saysNot("Reset the password")
}

func TestAColleagueWhoWasFasterMakesTheChangeAConflict(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Stage.Cloud.Put(c.Stage.Jane)
	c.enter().changed(0, 0).says("Somebody else changed Jane Doe in the meantime. Nothing was changed.", "Enter look at the card again")
	c.enter().home()
}

func TestAnAccountWithAnOpenOperationIsNotChanged(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Stage.Store.Fail("Intend", 1, core.Fail(core.CodeConflict, sentence.Of("conflict.other_operation")))
	c.enter().changed(0, 0).says("Enter look at the card again").saysNot("[", "Done")
}

func TestARoleTakenAwayStopsTheOperation(t *testing.T) {
	t.Parallel()
	c := reset(t)
	rules := c.Stage.Parts.Rules
	rules.Grants[rbac.PasswordAdministrator] = []rbac.Permission{rbac.Find, rbac.CaseWork}
	c.Stage.Desk.Rule(rules)
	c.enter().changed(0, 0).says("■ Your role does not allow this. Nothing was changed.", "Enter hand off to Level 2")
	c.enter().says("Hand off the reset for Jane Doe")
}

func TestADisabledOperatorIsOut(t *testing.T) {
	t.Parallel()
	c := reset(t)
	ann, err := c.Stage.Operators.Operator(context.Background(), "l1")
	if err != nil {
		t.Fatal(err)
	}
	ann.Disabled = true
	c.Stage.Operators.Put(ann)
	c.Press("enter")
	if !c.Quit() || c.Stage.Cloud.Writes() != 0 {
		t.Errorf("quit %v, %d changes", c.Quit(), c.Stage.Cloud.Writes())
	}
}

func TestAProofThatWasPresentedTooOftenIsAskedForAgain(t *testing.T) {
	t.Parallel()
	c := reset(t)
	for range c.Stage.Desk.Settings().Proof.EvidenceTries {
		c.Stage.Cloud.Fail("SetPassword", 1, refused())
		c.enter().says("▸ Enter reset again")
	}
	c.enter().changed(0, 0).says("▲ The proof was presented too often. Nothing was changed. Prove the caller again.", "▸ Enter prove the caller")
	c.enter().says("Before the reset: is this Jane Doe?")
	c.Type(code)
	c.enter().says("Reset the password of Jane Doe")
	c.enter().changed(1, 1).says("● Done.")
}

func TestTooManyChangesInAnHourAreRefused(t *testing.T) {
	t.Parallel()
	c := reset(t, func(r *core.Rules) { r.Settings.Quota.ChangesPerHour = 1 })
	if _, err := c.Stage.Store.Count(context.Background(), "changes:l1", c.Stage.Clock.Now(), time.Hour); err != nil {
		t.Fatal(err)
	}
	c.enter().changed(0, 0).says("You have made 1 changes in the last hour", "Nothing was changed.", "Enter look at the card again")
}

func TestACaseThatCannotBeClosedIsSaidAndTriedAgain(t *testing.T) {
	t.Parallel()
	c := unlock(t)
	c.enter()
	c.Stage.Store.Fail("UpdateCase", 1, core.Fail(core.CodeAuditUnavailable, sentence.Of("error.audit_unavailable")))
	c.enter().says("● Done. The account was unlocked", "■ The trail cannot be written", "Enter close the case")
	c.enter().home()
	if k := c.kase(); k.Status != core.CaseClosed {
		t.Errorf("%+v", k)
	}
}

func TestACaseCanBeClosedWithAnotherCode(t *testing.T) {
	t.Parallel()
	c := unlock(t)
	c.enter().Press("o")
	c.says("How did case 1 end?", "▸ unlocked").Press("esc")
	c.says("● Done.").Press("o", "down")
	c.says("▸ contact data put right")
	c.Press("enter", "enter")
	c.home().says("Case 1 is closed: contact data put right.")
}

func TestTheNextCallerIsOneKeyAway(t *testing.T) {
	t.Parallel()
	c := unlock(t)
	c.enter().Press("n")
	c.home()
	if k := c.kase(); k.Status != core.CaseClosed || k.Code != core.Unlocked {
		t.Errorf("%+v", k)
	}
}
