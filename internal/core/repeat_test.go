package core_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

// held stops the next password change inside the directory until release is closed. Perform's answer comes over done.
func held(t *testing.T, b *coretest.Bench, op core.Reset) (release chan struct{}, done chan error) {
	t.Helper()
	inside, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	b.Dir.Do("SetPassword", 1, func(context.Context) error {
		close(inside)
		<-release
		return nil
	})
	go func() { // ends when released
		_, err := b.Desk.Perform(context.Background(), coretest.L1(), op)
		done <- err
	}()
	<-inside
	return release, done
}

// An operation id is whatever a caller says it is: a second operator who brings the same one must not make the desk lose sight of the first.
func TestAnotherOperatorsUseOfAnIDDoesNotMakeAnOperationLookCutOff(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	op := b.ResetJane(c)
	release, done := held(t, b, op)
	_, err := b.Desk.Perform(t.Context(), coretest.L2(), core.Unlock{ID: op.ID, Case: c.Number, Account: b.Jane.ID})
	code(t, err, core.CodeConflict)
	if err := b.Desk.Mend(t.Context()); err != nil {
		t.Fatal(err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	for _, r := range b.Store.All() {
		if r.Outcome == core.Unknown {
			t.Fatalf("an operation under way was recorded as cut off: %+v", r)
		}
	}
}

func TestOneIDForTwoThingsAtOnceIsNotTheSameOperation(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	other := coretest.Jane(b.Clock.Now())
	other.Login = text("omar.haddad")
	omar := b.Dir.Put(other)
	c2 := b.OpenCase(t, coretest.L1(), omar.ID)
	op := b.ResetJane(c)
	release, done := held(t, b, op)
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	res, err := b.Desk.Perform(short, coretest.L1(), core.Reset{ID: op.ID, Case: c2.Number, Account: omar.ID})
	if e := code(t, err, core.CodeConflict); e.Said.ID != "conflict.operation_id" || res.Outcome != "" {
		t.Fatalf("Omar's reset was answered with Jane's: %+v, %+v", res, e)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestASecondEnterWhoseConnectionDropsIsNotToldThatNothingWasChanged(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	op := b.ResetJane(c)
	release, done := held(t, b, op)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := b.Desk.Perform(gone, coretest.L1(), op)
	if e := code(t, err, core.CodeConflict); e.Changed != core.ChangeUnknown {
		t.Fatalf("%+v", e)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestARepeatAnswersNobodyWhoIsNoOperatorAnyMore(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	op := b.ResetJane(c)
	if _, err := b.Desk.Perform(t.Context(), coretest.L1(), op); err != nil {
		t.Fatal(err)
	}
	o, _ := b.Operators.Operator(t.Context(), "l1")
	o.Disabled = true
	b.Operators.Put(o)
	res, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
	if code(t, err, core.CodeDenied); res.Outcome != "" {
		t.Fatalf("told a disabled operator %+v", res)
	}
}

// A repeat of what was found not to have happened is an error that a program can tell from success.
func TestARepeatOfWhatDidNotHappenIsAFailureWithACode(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	op := b.ResetJane(c)
	perish(t, b, core.StepWrite, op)
	res, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
	if e := code(t, err, core.CodeUnavailable); res.Outcome != core.Failed || e.Changed != core.NothingChanged {
		t.Fatalf("%+v, %+v", res.Outcome, e)
	}
}

// Operations come and go while the server drains; waiting for them never breaks.
func TestADrainBearsOperationsThatBeginMeanwhile(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	stop := make(chan struct{})
	idle := make(chan struct{})
	for range 4 {
		go func() { // ends with the test
			for {
				select {
				case <-stop:
					idle <- struct{}{}
					return
				default:
					_, _ = b.Desk.Perform(context.Background(), coretest.L1(), core.HandOff{ID: b.Op(), Case: 99, To: rbac.UserAdministrator, Reason: text("x")})
				}
			}
		}()
	}
	for range 2000 {
		short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		_ = b.Desk.Drain(short)
		cancel()
	}
	close(stop)
	for range 4 {
		<-idle
	}
	if err := b.Desk.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// A backend that answers with something nobody declared is not believed: it may have been sent.
func TestABareErrorAfterTheIntentIsNotTakenForNothingChanged(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]error{
		"a timeout": context.DeadlineExceeded, "a cancel": context.Canceled, "anything": errors.New("broken pipe"),
		"changed, and then an error": core.Fail(core.CodeUnavailable, sent("directory.down")).After(core.WasChanged),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, c := ready(t)
			b.Dir.Fail("SetPassword.applied", 1, wrong)
			res, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
			if e := code(t, err, core.CodeUnknown); res.Outcome != core.Unknown || e.Changed != core.ChangeUnknown {
				t.Fatalf("%+v, %+v", res.Outcome, e)
			}
		})
	}
}

// I5: whoever learns later that the change was made tells the owner then, once.
func TestTheOwnerIsToldOfAChangeThatIsFoundOutLater(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]func(t *testing.T, b *coretest.Bench, op core.Reset){
		"after a crash": func(t *testing.T, b *coretest.Bench, op core.Reset) { perish(t, b, core.StepConclude, op) },
		"after no answer": func(t *testing.T, b *coretest.Bench, op core.Reset) {
			t.Helper()
			b.Dir.Fail("SetPassword.applied", 1, errors.New("cut off"))
			_, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
			code(t, err, core.CodeUnknown)
			if n := b.Store.Notices(); len(n) != 0 {
				t.Fatalf("told before it was known: %v", n)
			}
			for range 2 {
				_, _ = b.Desk.CheckAgain(t.Context(), coretest.L1(), b.Jane.ID)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, c := ready(t)
			op := b.ResetJane(c)
			late(t, b, op)
			n := b.Store.Notices()
			if len(n) != 1 || n[0].Kind != core.NoticeReset || n[0].To.Raw() != "jane@home.example" || n[0].Case != c.Number {
				t.Fatalf("notices %+v", n)
			}
		})
	}
}

func TestAnInternalErrorBeforeTheIntentSaysThatNothingWasChanged(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Operators.Panic("Owner", 1)
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	if e := code(t, err, core.CodeInternal); e.Changed != core.NothingChanged || e.Said.ID != "error.internal_before" {
		t.Fatalf("%+v", e)
	}
}

// "The same proof counts" is said only where that was written down.
func TestARepeatThatCouldNotBeRecordedIsNotPromised(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Courier.Fail("Send", 1, core.Fail(core.CodeUnavailable, sent("mail.down")))
	b.Store.Fail("AllowRepeat", 1, core.Fail(core.CodeAuditUnavailable, sent("error.audit_unavailable")))
	res, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	if err != nil || res.Delivery != core.DeliveryFailed || res.More[len(res.More)-1].ID != "delivery.failed_for_good" {
		t.Fatalf("%+v, %v", res.More, err)
	}
}

// Callers choose operation ids, which stand in the trail and in logs.
func TestAnOperationIDIsAShortWord(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	for _, id := range []string{"", "two words", "line\nbreak", "\x1b[2J", "\u202e", strings.Repeat("x", 65), "\xff"} {
		op := b.ResetJane(c)
		op.ID = id
		_, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
		code(t, err, core.CodeInvalid)
	}
	if b.Dir.Writes() != 0 {
		t.Fatal("the directory was touched")
	}
	op := b.ResetJane(c)
	op.ID = "op_" + strings.Repeat("A-z.9", 12)
	if _, err := b.Desk.Perform(t.Context(), coretest.L1(), op); err != nil {
		t.Fatal(err)
	}
}
