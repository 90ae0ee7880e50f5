package core_test

import (
	"context"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

func proofState(t *testing.T, b *coretest.Bench, a core.Actor, number int64, v core.Verb) core.ProofState {
	t.Helper()
	st, err := b.Desk.ProofState(context.Background(), a, number, v)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestProofStateSaysWhatTheOperationWouldMeet(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	reset, unlock := proofState(t, b, coretest.L1(), c.Number, core.VerbReset), proofState(t, b, coretest.L1(), c.Number, core.VerbUnlock)
	if !reset.May.Allowed || unlock.May.Allowed || unlock.May.Rule != rbac.RuleNotGranted {
		t.Errorf("Level 1: reset %+v, unlock %+v", reset.May, unlock.May)
	}
	if reset.Case.Number != c.Number || reset.Account.Version != b.Jane.Version || reset.Class.Class != rbac.Plain || reset.OnScreen {
		t.Errorf("%+v", reset)
	}
	if reset.Enough || reset.Needed != 1 || reset.Channels != 1 || reset.Reach[0].ID != "mail:1" {
		t.Errorf("before the proof: %+v", reset)
	}
}

func TestTheMethodThatServedAsProofReachesNobody(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	b.ProveBy(t, coretest.L1(), c.Number, core.ProofMail)
	st := proofState(t, b, coretest.L1(), c.Number, core.VerbReset)
	if !st.Enough || st.Needed != 0 || len(st.Counted) != 1 || st.Channels != 0 || len(st.Reach) != 0 {
		t.Errorf("%+v", st)
	}
}

func TestAnAccountWithARoleIsKnownToNeedMoreBeforeAnythingIsProved(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	b.Jane.Roles = []rbac.Role{rbac.GlobalAdministrator}
	b.Jane = b.Dir.Put(b.Jane)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	st := proofState(t, b, coretest.L1(), c.Number, core.VerbReset)
	if st.May.Allowed || st.May.Rule != rbac.RuleTargetRole || st.Class.Reason != core.ReasonAdminRole {
		t.Errorf("%+v %+v", st.May, st.Class)
	}
}
