package core_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
)

// ready is a desk with a proved caller: everything a reset needs.
func ready(t *testing.T) (*coretest.Bench, core.Case) {
	t.Helper()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	b.Prove(t, coretest.L1(), c.Number)
	return b, c
}

func code(t *testing.T, err error, want core.Code) *core.Error {
	t.Helper()
	if core.CodeOf(err) != want {
		t.Fatalf("error %v has code %q, want %q", err, core.CodeOf(err), want)
	}
	return core.AsError(err)
}

func TestAResetDeliversANewPasswordAndTellsTheOwner(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	res, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	if err != nil {
		t.Fatal(err)
	}
	letters := b.Courier.Letters()
	if len(letters) != 1 || letters[0].To != "jane@home.example" || letters[0].Secret != b.Dir.Password(b.Jane.ID) {
		t.Fatalf("delivered %v, the directory has another password", letters)
	}
	if res.Outcome != core.Done || res.Delivery != core.Delivered || res.Password != nil || res.Notices != 1 {
		t.Fatalf("result %+v", res)
	}
	if n := b.Store.Notices(); len(n) != 1 || n[0].To.Raw() != "jane@home.example" {
		t.Fatalf("notices %v", n)
	}
}

func TestTheIntentIsDurableBeforeTheDirectoryIsTouched(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Dir.Do("SetPassword", 1, func(context.Context) error {
		if !slices.ContainsFunc(b.Store.All(), func(r core.Record) bool { return r.Kind == core.KindIntent }) {
			t.Error("the directory was written to before the intent was recorded")
		}
		return nil
	})
	if _, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c)); err != nil {
		t.Fatal(err)
	}
}

// fault is one thing that goes wrong at a step.
type fault string

const (
	faultError  fault = "error"
	faultPanic  fault = "panic"
	faultCancel fault = "cancel"
	faultCrash  fault = "crash"
)

// TestPipelineMatrix injects an error, a panic, a cancelled caller and a crash followed by Recover at every step of a reset, and asserts whether
// the directory was touched, that the trail tells the truth, and that the operator's words are true.
func TestPipelineMatrix(t *testing.T) {
	t.Parallel()
	for _, step := range core.Steps() {
		for _, f := range []fault{faultError, faultPanic, faultCancel, faultCrash} {
			t.Run(fmt.Sprintf("%s/%s", step, f), func(t *testing.T) {
				t.Parallel()
				inject(t, step, f)
			})
		}
	}
}

func inject(t *testing.T, step core.Step, f fault) {
	b, c := ready(t)
	op := b.ResetJane(c)
	if f == faultCrash {
		perish(t, b, step, op)
		res, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
		afterCrash(t, b, step, res, err)
		return
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	fired := false
	b.Parts.OnStep = func(_ context.Context, s core.Step) error {
		switch {
		case s != step || fired:
			return nil
		case f == faultError:
			fired = true
			return errors.New("injected")
		case f == faultPanic:
			fired = true
			panic("injected")
		default:
			fired = true
			cancel()
			return nil
		}
	}
	b.Desk = core.NewDesk(b.Parts)
	res, err := b.Desk.Perform(ctx, coretest.L1(), op)
	b.Parts.OnStep = nil
	afterFault(t, b, step, f, res, err)
}

// afterFault says what must be true after something went wrong at a step.
func afterFault(t *testing.T, b *coretest.Bench, step core.Step, f fault, res core.Result, err error) {
	t.Helper()
	committed := step == core.StepWrite || step == core.StepConclude || step == core.StepFinish
	switch {
	case f == faultCancel && committed:
		tornNever(t, b, res, err)
	case f == faultCancel: // the fakes do not look at the context, so the operation goes through or is refused; both must be true
		if (err == nil) != (b.Dir.Writes() == 1) {
			t.Fatalf("error %v, but %d writes", err, b.Dir.Writes())
		}
	case step == core.StepWrite:
		notKnown(t, b, res, err)
	case step == core.StepConclude:
		unrecorded(t, b, err)
	case step == core.StepFinish:
		if err != nil || res.Outcome != core.Done || res.Delivery != core.DeliveryFailed || b.Dir.Writes() != 1 {
			t.Fatalf("a failed delivery is %v, %v, %v", res.Outcome, res.Delivery, err)
		}
	default:
		refusedAt(t, b, step, err)
	}
}

// tornNever: the intent is durable, so a caller who hangs up does not tear the change.
func tornNever(t *testing.T, b *coretest.Bench, res core.Result, err error) {
	t.Helper()
	if err != nil || b.Dir.Writes() != 1 || len(b.Courier.Letters()) != 1 || res.Outcome != core.Done {
		t.Fatalf("a dropped connection tore the change: %v, %d writes", err, b.Dir.Writes())
	}
}

// notKnown: an error nobody can read after the intent means that we do not know.
func notKnown(t *testing.T, b *coretest.Bench, res core.Result, err error) {
	t.Helper()
	e := code(t, err, core.CodeUnknown)
	if e.Changed != core.ChangeUnknown || res.Outcome != core.Unknown {
		t.Fatalf("a write that failed in an unknown way is %v, %v", res.Outcome, err)
	}
	blocked(t, b)
}

func unrecorded(t *testing.T, b *coretest.Bench, err error) {
	t.Helper()
	e := code(t, err, core.CodeAuditUnavailable)
	if e.Changed != core.WasChanged || b.Dir.Writes() != 1 || len(b.Courier.Letters()) != 0 {
		t.Fatalf("an unrecorded change is %v with %d writes, %d delivered", err, b.Dir.Writes(), len(b.Courier.Letters()))
	}
	degradedUntilMended(t, b)
}

func refusedAt(t *testing.T, b *coretest.Bench, step core.Step, err error) {
	t.Helper()
	e := core.AsError(err)
	if e == nil || e.Changed != core.NothingChanged || b.Dir.Writes() != 0 || len(b.Courier.Letters()) != 0 {
		t.Fatalf("refused at %s: %v, %d writes, %d delivered", step, err, b.Dir.Writes(), len(b.Courier.Letters()))
	}
	last := b.Store.All()[len(b.Store.All())-1]
	if last.Kind != core.KindDenied || last.Detail["step"] != string(step) {
		t.Fatalf("the refusal was not recorded: %+v", last)
	}
}

// blocked asserts that nothing more can be done to the account until it was checked, and that the check finds the truth.
func blocked(t *testing.T, b *coretest.Bench) {
	t.Helper()
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	b.Prove(t, coretest.L1(), c.Number)
	op := b.ResetJane(c)
	op.Version = ""
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
	code(t, err, core.CodeConflict)
	writes := b.Dir.Writes()
	b.Clock.Add(time.Minute)
	out, err := b.Desk.CheckAgain(t.Context(), coretest.L1(), b.Jane.ID)
	want := core.Failed
	if writes > 0 {
		want = core.Done
	}
	if err != nil || out != want {
		t.Fatalf("checked again: %v, %v; %d writes had been made", out, err, writes)
	}
}

func degradedUntilMended(t *testing.T, b *coretest.Bench) {
	t.Helper()
	if !b.Desk.Degraded() {
		t.Fatal("changes are still possible although an outcome could not be recorded")
	}
	b.Parts.OnStep = nil
	if err := b.Desk.Mend(t.Context()); err != nil || b.Desk.Degraded() {
		t.Fatalf("not mended: %v", err)
	}
	intents, err := b.Store.OpenIntents(t.Context(), b.Jane.ID)
	if err != nil || len(intents) != 0 {
		t.Fatalf("open after mending: %v, %v", intents, err)
	}
}

// perish stops an operation for ever at a step, as kill -9 does, and starts a new desk on what is left.
func perish(t *testing.T, b *coretest.Bench, step core.Step, op core.Reset) {
	t.Helper()
	reached, gone := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(gone) })
	parts := b.Parts
	parts.OnStep = func(_ context.Context, s core.Step) error {
		if s != step {
			return nil
		}
		close(reached)
		<-gone
		runtime.Goexit()
		return nil
	}
	dead := core.NewDesk(parts)
	go func() { _, _ = dead.Perform(context.Background(), coretest.L1(), op) }() // stopped for ever at the step; ends with the test
	<-reached
	b.Clock.Add(time.Minute)
	b.Restart(t)
}

// afterCrash says what a repeat of the same operation must answer on the recovered desk.
func afterCrash(t *testing.T, b *coretest.Bench, step core.Step, res core.Result, err error) {
	t.Helper()
	done := err == nil && res.Outcome == core.Done && b.Dir.Writes() == 1
	switch {
	case step == core.StepConclude || step == core.StepFinish:
		if !done || !res.Repeated {
			t.Fatalf("after a crash behind the write: %+v, %v, %d writes", res.Outcome, err, b.Dir.Writes())
		}
	case step == core.StepWrite:
		if e := core.AsError(err); e == nil || e.Changed != core.NothingChanged || res.Outcome != core.Failed || b.Dir.Writes() != 0 {
			t.Fatalf("after a crash between intent and write: %v, %v", res.Outcome, err)
		}
	default:
		if !done {
			t.Fatalf("after a crash before the intent the operation should simply work: %v", err)
		}
	}
}
