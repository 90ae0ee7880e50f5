package core_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
)

func TestConcludedOperationsAreCountedByDeskAndNameNobody(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Dir.Fail("SetPassword", 1, core.Fail(core.CodePolicy, sent("directory.refused_history")))
	for range 2 {
		_, _ = b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	}
	_, _ = b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c)) // refused before its intent
	got := b.Desk.Counts()
	want := map[core.Counted]int64{{Verb: core.VerbReset, Outcome: core.Refused, Desk: "Oslo"}: 1, {Verb: core.VerbReset, Outcome: core.Done, Desk: "Oslo"}: 1}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for k, n := range want {
		if got[k] != n {
			t.Errorf("%v: %d, want %d", k, got[k], n)
		}
	}
	if all := fmt.Sprint(got); strings.Contains(all, "l1") || strings.Contains(all, "jane") {
		t.Errorf("a metric names somebody: %s", all)
	}
}

func TestTheOwnerIsNotToldOfAnUnlockThatUnlockedNothing(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	for locked, want := range map[bool]int{false: 0, true: 1} {
		a := b.Jane
		a.State.Locked = locked
		b.Jane = b.Dir.Put(a)
		c := b.OpenCase(t, coretest.L2(), b.Jane.ID)
		b.Prove(t, coretest.L2(), c.Number)
		before := len(b.Store.Notices())
		res, err := b.Desk.Perform(t.Context(), coretest.L2(), core.Unlock{ID: b.Op(), Case: c.Number, Account: b.Jane.ID})
		if err != nil || res.Notices != want || len(b.Store.Notices())-before != want {
			t.Errorf("locked %t: %d notices, %v", locked, res.Notices, err)
		}
	}
}
