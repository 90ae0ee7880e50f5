package handoff_test

import (
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

func codes() []core.Code {
	return []core.Code{
		core.CodeDenied, core.CodeNotFound, core.CodeConflict, core.CodeInvalid, core.CodePolicy, core.CodeUnverified, core.CodeThrottled,
		core.CodePending, core.CodeUnavailable, core.CodeAuditUnavailable, core.CodeUnknown, core.CodeInternal,
	}
}

// Whatever is refused, and whenever: it is said, the case stays where it was, and there is a next key that leads on.
func TestWhateverIsRefusedTheCaseStaysAndTheNextKeyLeadsOn(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"CreateCase", "CaseOf", "UpdateCase"} {
		for _, code := range codes() {
			t.Run(method+"/"+string(code), func(t *testing.T) {
				t.Parallel()
				c := newCall(t, newStage(t, "l1", "l2"))
				refusal := core.Fail(code, sentence.Of("error.timeout"))
				if method == "CaseOf" {
					c.Stage.Store.Fail("EvidenceOf", 1, refusal)
				} else {
					c.Stage.Store.Fail(method, 1, refusal)
				}
				c.Open(screen.HandOff, screen.HandOffParams{Account: c.Stage.Jane})
				if method == "UpdateCase" {
					c.wait().enter()
				}
				c.wait().says("It took too long. Nothing was changed.", "▸ Enter ").saysNot("Handed")
				for _, r := range c.Stage.Store.All() {
					if r.Verb == core.VerbHandOff && r.Kind == core.KindDesk {
						t.Fatalf("handed off: %+v", r)
					}
				}
				before := c.page()
				if c.enter(); c.page() == before {
					t.Errorf("Enter leads nowhere:\n%s", before)
				}
			})
		}
	}
}

// Every role that can do what is wanted is offered, none that cannot, and the case goes to the one that was chosen.
func TestTheCaseGoesToTheRoleThatWasChosen(t *testing.T) {
	t.Parallel()
	for goal, want := range map[core.Verb][]rbac.Role{
		core.VerbUnlock: {rbac.AuthenticationAdministrator, rbac.UserAdministrator, rbac.PrivilegedAuthenticationAdministrator, rbac.GlobalAdministrator},
		core.VerbReset: {
			rbac.PasswordAdministrator, rbac.HelpdeskAdministrator, rbac.AuthenticationAdministrator, rbac.UserAdministrator,
			rbac.PrivilegedAuthenticationAdministrator, rbac.GlobalAdministrator,
		},
	} {
		for i, role := range want {
			c := newCall(t, newStage(t, "l1", "l2"))
			c.Open(screen.HandOff, screen.HandOffParams{Account: c.Stage.Jane, Wanted: goal, Unproved: true})
			for range want {
				c.Press("up")
			}
			for range i {
				c.Press("down")
			}
			if line := c.Frame().Line("▸"); !strings.Contains(line, string(role)) {
				t.Errorf("row %d is %q, want %s", i, line, role)
			}
			c.wait().enter()
			if k := c.kase(1); k.Handoff.To != role || k.Handoff.Wanted != goal || !k.Handoff.Evidence.IsZero() {
				t.Errorf("%s: %+v", role, k.Handoff)
			}
		}
	}
}
