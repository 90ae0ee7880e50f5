package operate_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

// code is what the authenticator apps show in these tests.
const code = "481516"

// call is one operator's terminal on a desk of its own, with what the tests ask about.
type call struct {
	*uitest.Driver
	t *testing.T
}

// change changes the settings or the grants of a desk before it opens.
type change func(*core.Rules)

func newStage(t *testing.T, changes ...change) *uitest.Stage {
	t.Helper()
	s := uitest.NewStage(t, uitest.StageOptions{Portal: uitest.Portal})
	s.TOTP.Code = code
	for _, c := range changes {
		c(&s.Parts.Rules)
	}
	s.Desk.Rule(s.Parts.Rules)
	return s
}

// newCall opens a terminal at the home screen.
func newCall(t *testing.T, s *uitest.Stage, a core.Actor) *call {
	t.Helper()
	return &call{uitest.NewDriver(t, uitest.Options{Stage: s, Actor: a}), t}
}

// confirming is a call that stands at the confirmation, the caller proved with the authenticator app.
func confirming(t *testing.T, s *uitest.Stage, a core.Actor, goal core.Verb) *call {
	t.Helper()
	c := newCall(t, s, a)
	k := s.OpenCase(t, a, s.Jane.ID)
	s.Prove(t, a, k.Number)
	c.Open(screen.Operate, screen.OperateParams{Goal: goal, Account: s.Jane, Case: k.Number})
	return c.wait()
}

// reset is a call of Level 1 that stands before a reset.
func reset(t *testing.T, changes ...change) *call {
	t.Helper()
	return confirming(t, newStage(t, changes...), coretest.L1(), core.VerbReset)
}

// unlock is a call of Level 2 that stands before an unlock.
func unlock(t *testing.T) *call {
	t.Helper()
	return confirming(t, newStage(t), coretest.L2(), core.VerbUnlock)
}

// wait lets the moment pass in which keys do not count yet.
func (c *call) wait() *call {
	c.After(time.Second)
	return c
}

// enter presses Enter and waits until the next page takes keys.
func (c *call) enter() *call {
	c.Press("enter")
	return c.wait()
}

// page is what is read on the screen, without line breaks.
func (c *call) page() string {
	lines := strings.Split(c.Frame().Text(), "\n")
	return strings.Join(strings.Fields(strings.Join(lines[2:], " ")), " ")
}

// says fails unless the screen says all of this.
func (c *call) says(want ...string) *call {
	c.t.Helper()
	for _, w := range want {
		if !strings.Contains(c.page(), w) {
			c.t.Fatalf("the screen does not say %q:\n%s", w, c.Frame().Text())
		}
	}
	return c
}

// saysNot fails if the screen says any of this.
func (c *call) saysNot(words ...string) *call {
	c.t.Helper()
	for _, w := range words {
		if strings.Contains(c.page(), w) {
			c.t.Fatalf("the screen says %q:\n%s", w, c.Frame().Text())
		}
	}
	return c
}

// changed fails unless the directory was changed so often, and so many passwords were delivered.
func (c *call) changed(writes, delivered int) *call {
	c.t.Helper()
	if got := c.Stage.Cloud.Writes(); got != writes {
		c.t.Fatalf("%d changes were made, want %d:\n%s", got, writes, c.Frame().Text())
	}
	if got := len(c.Stage.Courier.Letters()); got != delivered {
		c.t.Fatalf("%d letters were delivered, want %d:\n%s", got, delivered, c.Frame().Text())
	}
	return c
}

func (c *call) kase() core.Case {
	c.t.Helper()
	k, err := c.Stage.Store.Case(context.Background(), 1)
	if err != nil {
		c.t.Fatal(err)
	}
	return k
}

// outcomes are the outcomes in the trail, oldest first.
func (c *call) outcomes() []core.Outcome {
	var out []core.Outcome
	for _, r := range c.Stage.Store.All() {
		if r.Kind == core.KindOutcome || r.Kind == core.KindReconciled {
			out = append(out, r.Outcome)
		}
	}
	return out
}

// operations are the ids of the operations on the account, each once.
func (c *call) operations() []string {
	var out []string
	for _, r := range c.Stage.Store.All() {
		if r.Kind == core.KindIntent && !slices.Contains(out, r.Operation) {
			out = append(out, r.Operation)
		}
	}
	return out
}

// home fails unless the terminal shows the home screen.
func (c *call) home() *call {
	c.t.Helper()
	return c.says("find a person")
}

// refused is how a directory refuses a change for a reason that another password may not have.
func refused() error {
	return core.Fail(core.CodePolicy, sentence.Of("directory.refused_history", sentence.Count("remembered", 10))).WithRef("0000052D")
}

// lost is how a directory answers that does not: the change may have been made.
func lost() error {
	return (&core.Error{Code: core.CodeUnknown, Said: sentence.Of("error.timeout")}).After(core.ChangeUnknown)
}

func mayShow(r *core.Rules) {
	r.Grants[rbac.UserAdministrator] = append(r.Grants[rbac.UserAdministrator], rbac.ShowPassword)
}

func needsTicket(r *core.Rules) {
	r.Settings.Case = policy.Case{RequireTicket: true, TicketPattern: "INC-[0-9]+"}
}
