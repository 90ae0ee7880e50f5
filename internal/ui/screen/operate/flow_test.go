package operate_test

import (
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/operate"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// press presses keys, one after the other with the pause a person makes, and returns how many there were.
func (c *call) press(keys ...string) int {
	for _, k := range keys {
		c.Press(k)
		c.wait()
	}
	return len(keys)
}

func TestALevel1ResetTakesSixKeysAtMost(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t), coretest.L1())
	c.Type("jane.doe")
	keys := c.press("enter", "r")
	c.says("Before the reset: is this Jane Doe?", "“Please read me the 6 digits in your authenticator app.”")
	c.Type(code)
	keys += c.press("enter", "enter")
	c.says("● Done.").changed(1, 1)
	keys += c.press("enter")
	c.home().says("Case 1 is closed: assisted reset.")
	if keys > 6 {
		t.Errorf("%d keys", keys)
	}
}

func TestLevel2FinishesAHandoffWithThreeKeys(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.HandOver(t, "jane.doe", core.VerbUnlock, uitest.Proved)
	c := newCall(t, s, coretest.L2())
	keys := c.press("ctrl+n")
	c.says("Unlock Jane Doe (jane.doe), Controller, Finance?")
	keys += c.press("enter")
	c.says("● Done. The account was unlocked").changed(1, 0)
	keys += c.press("enter")
	if c.home(); keys > 3 || c.kase().Code != core.Unlocked {
		t.Errorf("%d keys, %+v", keys, c.kase())
	}
}

func TestADoubleEnterIsOneOperationAndClosesNothing(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Hold().Press("enter", "enter", "enter")
	c.Release()
	c.changed(1, 1).says("● Done.")
	c.Press("enter", "enter") // still the same burst of keys
	c.says("● Done.")
	if got := len(c.operations()); got != 1 || c.kase().Status != core.CaseOpen {
		t.Errorf("%d operations, case %s", got, c.kase().Status)
	}
}

func TestAKeyThatCameBeforeTheConfirmationDoesNotConfirm(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := newCall(t, s, coretest.L1())
	c.Type("jane.doe").Press("enter", "r")
	c.Type(code).Press("enter", "enter") // the second one was meant for the code
	c.changed(0, 0).says("Reset the password of Jane Doe").saysNot("▸ Enter")
	c.After(300 * time.Millisecond).Press("enter") // held down
	c.After(300 * time.Millisecond).Press("enter")
	c.changed(0, 0)
	c.wait().says("▸ Enter reset the password")
	c.enter().changed(1, 1)
}

func TestAChangeUnderWayCannotBeLeft(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Hold().Press("enter", "esc")
	c.After(time.Second)
	c.says("Asking embedded. This cannot be cancelled; it goes on even if the connection breaks.", "esc back (under way)")
	c.Release()
	c.says("● Done.").changed(1, 1)
}

func TestCancellingLeavesTheCaseOpenAndSaysSo(t *testing.T) {
	t.Parallel()
	c := reset(t)
	c.Press("esc")
	c.home().changed(0, 0).says("Case 1 stays open.")
}

func TestLeavingTheProofLeavesTheGoalToo(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t), coretest.L1())
	c.Type("jane.doe").Press("enter", "r")
	c.says("Before the reset").Press("esc")
	c.says("Case 1 stays open.", "Self-service works").saysNot("Reset the password")
}

func TestAnAccountThatMayNotBeTouchedIsRefusedBeforeAnythingIsProved(t *testing.T) {
	t.Parallel()
	for login, want := range map[string]string{
		"ada.admin":   "The account holds the role Global Administrator, which your role may not touch.",
		"ann.lee":     "This is your own account. Ask a colleague.",
		"svc-backup":  "This is a service account.",
		"kofi.mensah": "The account holds the role Helpdesk Administrator, which your role may not touch.",
	} {
		c := newCall(t, newStage(t), coretest.L1())
		c.Open(screen.Operate, screen.OperateParams{Goal: core.VerbReset, Account: core.Account{Person: core.Person{ID: uitest.ID(login)}}})
		c.wait().says(want, "Enter hand off to").changed(0, 0)
		if c.enter(); !c.Frame().Contains("Hand off") {
			t.Errorf("%s is not handed off:\n%s", login, c.Frame().Text())
		}
	}
}

func TestAPersonWhomNoPasswordCanReachIsHandedOffBeforeTheProof(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t), coretest.L1())
	c.Type("omar").Press("enter", "r")
	c.wait().says("A new password would reach nobody: Omar Haddad has no usable channel for it. Nothing was changed.", "Enter hand off to Level 2")
	c.enter().says("Omar Haddad has no registered method to be proved with.", "hand off to Level 2, not proved")
	c.enter().says("Hand off the reset for Omar Haddad", "The caller is not proved.", "Reset wanted, caller not proved")
	c.enter().says("● Handed to Level 2, without a proof.").changed(0, 0)
	c.enter().home()
	if k := c.kase(); k.Status != core.CaseWaiting || k.Handoff.Wanted != core.VerbReset {
		t.Errorf("%+v", k)
	}
}

func TestTheMailboxThatServedAsProofCannotCarryThePassword(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	k := s.OpenCase(t, coretest.L1(), s.Jane.ID)
	s.ProveBy(t, coretest.L1(), k.Number, core.ProofMail)
	c := newCall(t, s, coretest.L1())
	c.Open(screen.Operate, screen.OperateParams{Goal: core.VerbReset, Account: s.Jane, Case: k.Number})
	c.wait().says("There is no usable channel besides the one that served as proof", "Nothing was changed.", "Enter hand off to Level 2").changed(0, 0)
}

func TestADeskThatNeedsTicketsAsksForOneFirst(t *testing.T) {
	t.Parallel()
	c := newCall(t, newStage(t, needsTicket), coretest.L1())
	c.Type("jane.doe").Press("enter", "r")
	c.says("This desk needs a ticket reference for every case.").Type("nonsense").Press("enter")
	c.says("▲ That is not a ticket reference of this desk")
	for range len("nonsense") {
		c.Press("backspace")
	}
	c.Type("INC-2231").Press("enter")
	c.says("Before the reset: is this Jane Doe?").Type(code)
	c.press("enter", "enter")
	c.says("● Done.", "case 1 · INC-2231")
}

func TestWhereSeveralChannelsExistTheOperatorChooses(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	jane := s.Jane
	second := jane.Methods[1]
	second.ID, second.Destination = "mail:2", untrusted.New("jane@club.example")
	jane.Methods = append(jane.Methods, second)
	s.Jane = s.Cloud.Put(jane)
	c := confirming(t, s, coretest.L1(), core.VerbReset)
	c.says("▸ j•••@h•••.example alt. mail j•••@c•••.example alt. mail", "↓ send it elsewhere").Press("down")
	s.Courier.Fail("Send", 1, lost())
	c.enter().says("▲ The password was changed, but it could not be sent", "c send it elsewhere").Press("c")
	c.wait().says("The password did not arrive, so the same proof counts once more, until 10:10.")
	c.enter().changed(2, 1).says("● Done.")
}

func TestAnOperatorWhoMaySeePasswordsSeesOneOnAKeyForAWhile(t *testing.T) {
	t.Parallel()
	c := confirming(t, newStage(t, mayShow), coretest.L2(), core.VerbReset)
	c.Press("down")
	c.says("A new password is shown here, to you, and must be changed at sign-in.").enter()
	c.says("● Done. The new password can be shown until you leave this page.", "space shows it for 30 s").changed(1, 0)
	password := c.Stage.Cloud.Password(c.Stage.Jane.ID)
	c.saysNot(password).Press("space")
	c.says(password).Press("space")
	c.saysNot(password).Press("space")
	c.After(29 * time.Second)
	c.says(password)
	c.After(time.Second)
	c.saysNot(password)
}

func TestAShownPasswordIsSpelledOnAKey(t *testing.T) {
	t.Parallel()
	c := confirming(t, newStage(t, mayShow), coretest.L2(), core.VerbReset)
	c.press("down", "enter")
	c.Press("s")
	c.saysNot("hyphen").Press("space", "s")
	c.says("- hyphen", "capital ", "digit ")
	c.Resize(60, 16)
	first := c.Frame().Text()
	c.says("▸ Enter").Press("down", "down")
	if c.Frame().Text() == first {
		t.Error("where the spelling does not fit, it cannot be scrolled")
	}
	c.Press("s")
	c.saysNot("hyphen")
}

func TestAShownPasswordIsForgottenWhenItsPageIsLeft(t *testing.T) {
	t.Parallel()
	c := confirming(t, newStage(t, mayShow), coretest.L2(), core.VerbReset)
	c.press("down", "enter")
	c.Press("space")
	held := operate.SecretOf(c.Screen())
	if held.Len() == 0 {
		t.Fatal("nothing is held")
	}
	c.Press("esc")
	for deadline := time.Now().Add(10 * time.Second); held.Len() > 0; {
		if time.Now().After(deadline) {
			t.Fatal("the password is still there")
		}
	}
	c.saysNot(c.Stage.Cloud.Password(c.Stage.Jane.ID))
}

func TestAPasswordForAScreenThatWasLeftIsForgotten(t *testing.T) {
	t.Parallel()
	c := confirming(t, newStage(t, mayShow), coretest.L2(), core.VerbReset)
	c.Press("down")
	c.Hold().Press("enter", "ctrl+g")
	c.Release()
	c.home().changed(1, 0).saysNot(c.Stage.Cloud.Password(c.Stage.Jane.ID))
}

func TestWarningsSayWhatTheChangeWillNotSolve(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*core.State){
		"▲ The account is disabled.":    func(s *core.State) { s.Enabled = false },
		"▲ The account has expired.":    func(s *core.State) { s.AccountExpired = true },
		"▲ The password has expired.":   func(s *core.State) { s.PasswordExpired = true },
		"It is locked. The password st": func(s *core.State) { s.LockedSince = time.Time{} },
	} {
		s := newStage(t)
		jane := s.Jane
		change(&jane.State)
		s.Jane = s.Cloud.Put(jane)
		confirming(t, s, coretest.L2(), core.VerbUnlock).says(want)
	}
}

func TestEveryPageIsSaidInChineseToo(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := &call{uitest.NewDriver(t, uitest.Options{Stage: s, Language: text.Chinese}), t}
	k := s.OpenCase(t, coretest.L1(), s.Jane.ID)
	s.Prove(t, coretest.L1(), k.Number)
	c.Open(screen.Operate, screen.OperateParams{Goal: core.VerbReset, Account: s.Jane, Case: k.Number})
	c.wait().says("重置 Jane Doe (jane.doe), Controller, Finance 的密码？", "▸ Enter 重置密码")
	s.Courier.Fail("Send", 1, lost())
	c.enter().says("▸ Enter 再次重置")
	c.enter().says("通知 Jane Doe")
}
