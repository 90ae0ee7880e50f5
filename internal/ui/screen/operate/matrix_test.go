package operate_test

import (
	"context"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

// fault is what goes wrong in one step of the pipeline.
type fault struct {
	name string
	do   func() error
}

func faults() []fault {
	code := func(c core.Code, changed core.Changed) func() error {
		return func() error { return core.Fail(c, sentence.Of("error.timeout")).After(changed) }
	}
	return []fault{
		{"unavailable", code(core.CodeUnavailable, core.NothingChanged)},
		{"conflict", code(core.CodeConflict, core.NothingChanged)},
		{"denied", code(core.CodeDenied, core.NothingChanged)},
		{"policy", code(core.CodePolicy, core.NothingChanged)},
		{"invalid", code(core.CodeInvalid, core.NothingChanged)},
		{"throttled", code(core.CodeThrottled, core.NothingChanged)},
		{"unverified", code(core.CodeUnverified, core.NothingChanged)},
		{"pending", code(core.CodePending, core.NothingChanged)},
		{"audit", code(core.CodeAuditUnavailable, core.NothingChanged)},
		{"lost", code(core.CodeUnknown, core.ChangeUnknown)},
		{"panic", func() error { panic("injected") }},
	}
}

// struck is a call at whose confirmation one step of the pipeline is about to fail once.
func struck(t *testing.T, a core.Actor, goal core.Verb, at core.Step, f fault) *call {
	t.Helper()
	s := newStage(t)
	armed := false
	s.Parts.OnStep = func(_ context.Context, step core.Step) error {
		if !armed || step != at {
			return nil
		}
		armed = false
		return f.do()
	}
	s.Desk = core.NewDesk(s.Parts)
	c := confirming(t, s, a, goal)
	armed = true
	return c
}

// Whatever goes wrong in whichever step: what the screen says is true, and there is a next key that leads on.
func TestWhateverGoesWrongTheScreenSaysTheTruth(t *testing.T) {
	t.Parallel()
	goals := map[core.Verb]core.Actor{core.VerbReset: coretest.L1(), core.VerbUnlock: coretest.L2()}
	for goal, actor := range goals {
		for _, at := range core.Steps() {
			for _, f := range faults() {
				t.Run(string(goal)+"/"+string(at)+"/"+f.name, func(t *testing.T) {
					t.Parallel()
					c := struck(t, actor, goal, at, f)
					c.enter()
					c.truthful(goal)
					c.leadsOn()
				})
			}
		}
	}
}

// truthful compares what is said with what happened.
func (c *call) truthful(goal core.Verb) {
	c.t.Helper()
	page, writes, letters := c.page(), c.Stage.Cloud.Writes(), len(c.Stage.Courier.Letters())
	claims := map[string]bool{
		"● Done.":                   writes == 1 && (goal == core.VerbUnlock || letters == 1),
		"Nothing was changed":       writes == 0,
		"nothing is changed":        writes == 0,
		"The password was changed,": writes == 1 && letters == 0,
		"The change was made,":      writes == 1,
		"was not sent to anybody":   letters == 0,
		"is told at":                len(c.Stage.Store.Notices()) > 0,
	}
	said := false
	for words, holds := range claims {
		if !strings.Contains(page, words) {
			continue
		}
		said = true
		if !holds {
			c.t.Errorf("%q is not true: %d changes, %d letters\n%s", words, writes, letters, c.Frame().Text())
		}
	}
	honest := strings.Contains(page, "? Not known") || strings.Contains(page, "may or may not") || strings.Contains(page, "not certain") ||
		strings.Contains(page, "Checked:") || strings.Contains(page, "It took too long")
	if !said && !honest {
		c.t.Errorf("whether anything was changed is not said:\n%s", c.Frame().Text())
	}
	if writes == 1 && strings.Contains(page, "It took too long. Nothing") {
		c.t.Errorf("a change was made:\n%s", c.Frame().Text())
	}
}

// leadsOn presses the next key, then leaves: neither is a dead end.
func (c *call) leadsOn() {
	c.t.Helper()
	before := c.page()
	if !strings.Contains(before, "▸ Enter ") {
		c.t.Fatalf("nothing points at a next key:\n%s", c.Frame().Text())
	}
	c.enter()
	if c.page() == before {
		c.t.Errorf("Enter leads nowhere:\n%s", before)
	}
	for range 6 {
		c.Press("esc")
		c.wait()
	}
	c.home()
}

// An operator who only presses Enter, whatever happens, never makes a change that was not confirmed, and never one twice.
func TestPressingEnterThroughEveryFaultChangesOnceAtMostForEachConfirmation(t *testing.T) {
	t.Parallel()
	for _, f := range faults() {
		for _, at := range []core.Step{core.StepIntend, core.StepWrite, core.StepConclude, core.StepFinish} {
			c := struck(t, coretest.L1(), core.VerbReset, at, f)
			for range 4 {
				c.Press("enter")
				c.wait()
			}
			if writes, intents := c.Stage.Cloud.Writes(), len(c.operations()); writes > intents {
				t.Errorf("%s at %s: %d changes in %d operations", f.name, at, writes, intents)
			}
		}
	}
}

func TestEveryFaultIsSaidInEveryLayout(t *testing.T) {
	t.Parallel()
	for _, size := range uitest.Sizes() {
		for _, f := range faults() {
			c := struck(t, coretest.L1(), core.VerbReset, core.StepPrepare, f)
			c.Resize(size.W, size.H)
			c.enter()
			c.truthful(core.VerbReset)
			c.says("▸ Enter ")
		}
	}
}
