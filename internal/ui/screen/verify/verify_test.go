package verify_test

import (
	"context"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/verify"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func TestTheStrongestWayIsReadyAndTheOperatorOnlyTypesTheCode(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.says("Before the reset: is this Jane Doe?", "1 proof needed", "▸ authenticator app strong registered", "code by mail weak j•••@h•••.example",
		"Say “Please read me the 6 digits in your authenticator app.”", "5 tries left")
	p.Type(totp).Press("enter")
	p.done()
	if got := p.evidence(); len(got) != 1 || got[0].Kind != core.ProofTOTP || got[0].Strength != core.Strong {
		t.Errorf("%+v", got)
	}
}

func TestDigitsThatAreTypedBeforeTheWaysAreKnownBelongToTheCode(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := &proof{Driver: prove(t, s, "omar.haddad").Driver, t: t}
	p.Hold()
	p.open("jane.doe", core.VerbUnlock)
	p.Type("4815")
	p.Release()
	p.says("Before the unlock: is this Jane Doe?", "Code › 4 8 1 5 _ _").Type("16").Press("enter")
	if got := p.evidence(); len(got) != 1 {
		t.Errorf("%+v\n%s", got, p.Frame().Text())
	}
}

func TestAWrongCodeSaysHowManyTriesAreLeftAndNeverWhy(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Type("111111").Press("enter")
	p.says("▲ Code not accepted, 4 tries left.", "Say “That did not work. Please read it to me once more.”", "Code › _ _ _ _ _ _")
	p.saysNot("wrong", "expired", "111111")
	p.Type("222222").Press("enter")
	p.says("3 tries left.").Type(totp).Press("enter")
	p.done()
}

func TestAnIncompleteCodeUsesNoTry(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Type("4815").Press("enter")
	p.says("▲ The code has 6 digits.", "Code › 4 8 1 5 _ _").Type("16")
	p.says("5 tries left").Press("enter")
	p.done()
}

func TestUsedUpTriesGoBackToTheWays(t *testing.T) {
	t.Parallel()
	p := jane(t)
	for range 5 {
		p.Type("111111").Press("enter")
	}
	p.wait().says("▲ Not verified: the tries are used up. Nothing was changed.", "authenticator app strong tries used up", "▸ code by mail",
		"▸ Enter send a code to j•••@h•••.example")
	p.Press("up")
	p.wait().says("▸ authenticator app", "▸ Enter begin")
	p.enter().says("5 tries left").Type(totp).Press("enter")
	p.done()
}

func TestACodeByMailIsSentOnEnterAndSaysWhereAndUntilWhen(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Press("down")
	p.wait().says("▸ code by mail", "“I am sending you a code by mail. Please open your other mailbox, the private one.”", "▸ Enter send a code to j•••@h•••.example")
	if n := p.Stage.Mail.Calls("Begin"); n != 0 {
		t.Fatalf("%d codes were sent before anybody asked for one", n)
	}
	p.enter().says("Sent to j•••@h•••.example at 10:00, counts until 10:10", "“Please read me the 8 digits from the mail I have just sent you.”",
		"ctrl+r send again (from 10:01)").saysNot("jane@home")
	p.Type(mail).Press("enter")
	p.done()
	if got := p.evidence(); len(got) != 1 || got[0].Kind != core.ProofMail {
		t.Errorf("%+v", got)
	}
}

func TestAnotherCodeCanBeSentAfterAWhile(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Press("down")
	p.wait().enter().Press("ctrl+r")
	if n := p.Stage.Mail.Calls("Begin"); n != 1 {
		t.Fatalf("%d codes", n)
	}
	p.After(time.Minute)
	p.says("ctrl+r send again").saysNot("send again (").Press("ctrl+r")
	if p.says("at 10:01, counts until 10:11"); p.Stage.Mail.Calls("Begin") != 2 {
		t.Error("no second code was sent")
	}
	p.After(time.Minute).Press("ctrl+r")
	p.After(time.Minute).Press("ctrl+r")
	p.wait().says("3 codes were sent to this person in the last hour").Type(mail)
	p.Press("enter").Frame()
	p.done() // the last one still counts
}

func TestAnEarlyEnterSendsNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.TOTP.Kinds = nil // nobody has an app
	p := prove(t, s, "jane.doe")
	p.says("▸ code by mail").Press("enter")
	if n := s.Mail.Calls("Begin"); n != 0 {
		t.Fatalf("%d codes", n)
	}
	p.wait().enter().says("counts until 10:10")
}

func TestAMailThatCannotBeSentSaysSo(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Stage.Mail.Fail("Begin", 1, core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")))
	p.Press("down")
	p.wait().enter().says("■ It took too long. Nothing was changed. Try again.", "▸ Enter send a code to")
	p.After(time.Minute)
	p.enter().says("counts until 10:11")
}

func TestACodeThatExpiredIsSentAgainOnEnter(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Press("down")
	p.wait().enter()
	p.After(10 * time.Minute)
	p.wait().says("▸ Enter send a code to j•••@h•••.example").saysNot("Code ›")
	p.enter().says("counts until 10:20")
}

func TestADeskThatCountsDifferentlyIsBelieved(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Type(totp)
	p.Stage.Store.Do("TakeTry", 1, func(context.Context) error { return core.Fail(core.CodeUnverified, sentence.Of("verify.expired")) })
	p.enter().says("▲", "▸ Enter begin")
	p.enter().Type(totp).Press("enter")
	p.done()
}

func TestAMethodThatCannotBeUsedSaysWhyAndIsSkipped(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	j := s.Jane
	j.Methods = append(j.Methods, core.Method{ID: "mail:0", Kind: core.MethodMail, Destination: untrusted.New("jane@corp.example")})
	s.Jane = s.Cloud.Put(j)
	p := prove(t, s, "jane.doe")
	p.says("○ not readable while locked j•••@c•••.example").Press("down", "down")
	p.wait().says("▸ code by mail weak j•••@h•••.example code by mail")
}

func TestAProofThatLeavesThePasswordNoWayIsWarnedOf(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.saysNot("there is no other channel").Press("down")
	p.says("▲ If you prove the caller this way, the new password cannot be sent there, and there is no other channel.")
	unlock := proveFor(t, newStage(t), "jane.doe", core.VerbUnlock)
	unlock.Press("down")
	unlock.saysNot("there is no other channel")
}

func TestAPersonWithoutMethodsIsHandedOffOrClosed(t *testing.T) {
	t.Parallel()
	p := prove(t, newStage(t), "omar.haddad")
	p.wait().says("■ Omar Haddad has no registered method to be proved with.", "Nothing was changed.", "▸ Enter hand off to Level 2, not proved", "x close the case as “refused, caller not proved”",
		"“I cannot do this on the telephone now. A colleague will get back to you.”")
	p.Press("x")
	p.done().says("Case 1 is closed: refused, caller not proved.")
}

func TestACallerWhoSoundsWrongIsClosedAsFraud(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Press("ctrl+n")
	p.wait().says("■ Jane Doe is not proved.", "t try again").Press("f")
	p.done().says("Case 1 is closed: fraud suspected.")
}

func TestACallerWhoCannotBeProvedIsHandedOffUnproved(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Press("ctrl+n")
	p.wait().enter()
	p.says("Hand off the reset for Jane Doe", "The caller is not proved.", "▸ Level 2 User Administrator").saysNot("authenticator app")
}

func TestTryingAgainGoesBackToTheSameCode(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Type("111111").Press("enter", "ctrl+n")
	p.wait().Press("t")
	p.says("Before the reset: is this Jane Doe?").Type(totp).Press("enter")
	p.done()
}

func TestALockedVerificationIsABanner(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for range s.Desk.Settings().Proof.Failures {
		if _, err := s.Store.Count(context.Background(), "failures:embedded:id-jane.doe", s.Clock.Now(), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	p := prove(t, s, "jane.doe")
	p.wait().says("Verification for this account is locked until 3 Mar 10:00", "The sign-in is not affected.", "▸ Enter hand off to Level 2").saysNot("Code ›")
}

func TestOneProofMayNotBeEnough(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Parts.Rules.Settings.Assurance.ResetPlain = policy.Requirement{Points: 3, Strong: 1}
	s.Desk.Rule(s.Parts.Rules)
	p := prove(t, s, "jane.doe")
	p.Type(totp).Press("enter")
	p.wait().says("1 proved, 1 more needed", "authenticator app strong ● proved", "▸ code by mail")
	p.enter().Type(mail).Press("enter")
	p.done()
	if got := p.evidence(); len(got) != 2 {
		t.Errorf("%+v", got)
	}
}

func TestACallerWhoIsProvedAlreadyIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	k := s.OpenCase(t, coretest.L1(), s.Jane.ID)
	s.Prove(t, coretest.L1(), k.Number)
	prove(t, s, "jane.doe").done()
}

func TestADirectoryThatDoesNotAnswerIsAskedAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := &proof{Driver: prove(t, s, "jane.doe").Driver, t: t}
	s.Cloud.Do("Account", 2, func(context.Context) error { return core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")) })
	p.Press("esc")
	p.open("jane.doe", core.VerbReset)
	p.wait().says("It took too long.", "▸ Enter try again")
	p.enter().says("Before the reset")
}

func TestARoleTakenAwayInBetweenIsSaid(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Stage.Parts.Rules.Grants[rbac.PasswordAdministrator] = []rbac.Permission{rbac.Find}
	p.Stage.Desk.Rule(p.Stage.Parts.Rules)
	p.Type(totp).Press("enter")
	p.wait().says("■ Your role does not allow this. Nothing was changed.")
	if got := p.evidence(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestADoubleEnterChecksACodeOnce(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Type("111111")
	p.Hold().Press("enter", "enter")
	p.Release()
	p.says("4 tries left.")
	if n := p.Stage.Store.Calls("TakeTry"); n != 1 {
		t.Errorf("%d tries were taken", n)
	}
}

func TestACodeCanBePasted(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Send(tea.PasteMsg{Content: " 481-516 "}).Press("enter")
	p.done()
}

func TestTheTerminalDoesNotLockWhileACodeIsOutstandingAndDoesAgainAfterwards(t *testing.T) {
	t.Parallel()
	p := prove(t, newStage(t), "omar.haddad")
	account, err := p.Stage.Cloud.Account(context.Background(), uitest.ID("jane.doe").Key)
	if err != nil {
		t.Fatal(err)
	}
	k := p.Stage.OpenCase(t, coretest.L1(), account.ID)
	life := screen.NewLife(context.Background(), 99, p.Env)
	s := verify.New(p.Env, life, screen.VerifyParams{Account: account, Case: k.Number, For: core.VerbReset})
	if got := holds(s, s.Init()); len(got) != 1 || !got[0].Equal(p.Env.Now.Add(10*time.Minute)) {
		t.Errorf("with a code outstanding: %v", got)
	}
	for _, r := range totp {
		s.Key(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	_, cmd := s.Key(tea.KeyPressMsg{Code: tea.KeyEnter})
	if got := holds(s, cmd); len(got) != 1 || !got[0].Equal(p.Env.Now) {
		t.Errorf("after the proof: %v", got)
	}
}

// holds runs what a screen starts and returns until when it asks the terminal not to lock.
func holds(s screen.Screen, cmd tea.Cmd) []time.Time {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		var out []time.Time
		for _, c := range msg {
			out = append(out, holds(s, c)...)
		}
		return out
	case screen.Landed:
		return holds(s, s.Update(msg.Msg))
	case screen.Hold:
		return []time.Time{msg.Until}
	default:
		return nil
	}
}

func TestAProofThatCannotBeReadAgainIsStillAProof(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Type(totp)
	p.Stage.Cloud.Do("Account", 2, func(context.Context) error { return core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")) })
	p.Press("enter")
	p.done()
	if got := p.evidence(); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestAProofThatNeedsNoOperationAsksPlainly(t *testing.T) {
	t.Parallel()
	proveFor(t, newStage(t), "jane.doe", core.VerbHandOff).says("Is this Jane Doe?")
}

func TestACallerIsHandedToTheRoleThatWasProposed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := &proof{Driver: uitest.NewDriver(t, uitest.Options{Stage: s}), t: t}
	k := s.OpenCase(t, coretest.L1(), s.Jane.ID)
	p.Open(screen.Verify, screen.VerifyParams{Account: s.Jane, Case: k.Number, For: core.VerbReset, To: string(rbac.GlobalAdministrator)})
	p.Press("ctrl+n")
	p.wait().says("▸ Enter hand off to Level 3, not proved").enter()
	p.says("▸ Level 3 Global Administrator")
}

func TestWhereNoMethodCanBeUsedTheReasonsAreShown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	j := s.Jane
	j.Methods = []core.Method{
		{ID: "mail:0", Kind: core.MethodMail, Destination: untrusted.New("jane@corp.example")},
		{ID: "mail:1", Kind: core.MethodAlternate, Destination: untrusted.New("not an address")},
	}
	s.Jane = s.Cloud.Put(j)
	prove(t, s, "jane.doe").wait().says("None of the methods of Jane Doe can be used as a proof.", "○ not readable while locked", "○ not a valid address")
}

func TestMovingWhileACodeIsCheckedDoesNothing(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Type(totp)
	p.Hold().Press("enter", "down", "ctrl+r", "ctrl+n")
	p.says("▸ authenticator app")
	p.Release()
	p.done()
}

func TestWhatIsTypedForOneWayIsNotTheCodeOfAnother(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.Type("4815").Press("down")
	p.wait().Press("up")
	p.says("▸ authenticator app", "Code › _ _ _ _ _ _").Type(totp).Press("enter")
	if p.done(); p.Stage.TOTP.Calls("Begin") != 1 {
		t.Errorf("%d proofs were begun", p.Stage.TOTP.Calls("Begin"))
	}
}

func TestAnExpiredAppCodeIsBegunAgain(t *testing.T) {
	t.Parallel()
	p := jane(t)
	p.After(11 * time.Minute)
	p.wait().says("▸ Enter begin").enter()
	p.says("5 tries left").Type(totp).Press("enter")
	p.done()
}

func TestWhoeverGoesBackBeforeTheWaysAreKnownIsBackAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := &proof{Driver: prove(t, s, "omar.haddad").Driver, t: t}
	p.Press("esc")
	p.Hold()
	p.open("jane.doe", core.VerbReset)
	p.says("Before the reset: is this Jane Doe?").Press("esc")
	p.Release()
	p.done().saysNot("Cancelled")
}
