package app

import (
	"slices"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sshd"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func TestTheHubKnowsWhoHasATerminalAndTellsEachOfThem(t *testing.T) {
	t.Parallel()
	h := newHub()
	boxes := map[string]*lineterm.Mailbox{}
	for session, operator := range map[string]string{"s1": "l1", "s2": "l1", "s3": "l2"} {
		boxes[session] = lineterm.NewMailbox(1)
		h.join(session, operator, boxes[session])
	}
	if got := h.SignedIn(); !slices.Equal(got, []string{"l1", "l2"}) {
		t.Errorf("signed in: %v", got)
	}
	if !h.elsewhere("l1", "s1") || h.elsewhere("l2", "s3") || !h.has("s2") {
		t.Error("who sits where is not known")
	}
	h.Changed(core.Event{Kind: core.EventCase, Case: 7})
	h.Changed(core.Event{Kind: core.EventCase, Case: 7}) // told already, and not read: it takes no room
	h.leave("s2")
	h.Changed(core.Event{Kind: core.EventCase, Case: 8}) // for which there is no room: it is dropped where it was posted
	for session, want := range map[string]uint64{"s1": 1, "s2": 0, "s3": 1} {
		if got := boxes[session].Dropped(); got != want {
			t.Errorf("%s: %d messages more than there is room for, want %d", session, got, want)
		}
	}
	if n := h.dropped(); n != 2 {
		t.Errorf("%d were dropped in all", n)
	}
	h.leave("s1")
	if n := h.dropped(); n != 2 {
		t.Errorf("%d were dropped in all", n)
	}
	if h.has("s2") || h.elsewhere("l1", "s1") {
		t.Error("a terminal that has left is still there")
	}
}

func TestTheBellWakesTheDispatcherForAccountsOnly(t *testing.T) {
	t.Parallel()
	woken := 0
	b := bell{newHub(), func() { woken++ }}
	for _, kind := range []core.EventKind{core.EventCase, core.EventHandoff, core.EventOperator, core.EventHealth, core.EventAccount} {
		b.Changed(core.Event{Kind: kind})
	}
	if woken != 1 {
		t.Errorf("woken %d times", woken)
	}
}

func TestTheTrailSaysWhoCameAndWhoWasTurnedAway(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := &doorkeeper{trail: b.store, clock: b.clock}
	l1 := sshd.Identity{OperatorID: "l1", Credential: "key:SHA256:x"}
	for _, e := range []sshd.Event{
		{Kind: sshd.EventSignInFailed, Detail: untrusted.New("password")},
		{Kind: sshd.EventSignedIn, Identity: l1},
		{Kind: sshd.EventRefused, Identity: l1, Session: "s1", Detail: untrusted.New("x11-req\x1b[2J")},
		{Kind: sshd.EventSessionEnded, Identity: l1},
		{Kind: sshd.EventPenalised, LoginTag: "tag-1", Detail: untrusted.New("authfail")},
	} {
		d.Observe(e)
	}
	var verbs []core.Verb
	for _, r := range b.records("") {
		if r.Kind != core.KindSystem {
			continue
		}
		verbs = append(verbs, r.Verb)
		if detail := r.Detail["detail"]; r.Verb == "door.request_refused" && (detail != `x11-req\x1b[2J` || r.Actor.OperatorID != "l1" || r.Actor.Session != "s1") {
			t.Errorf("a refused request is recorded as %+v", r)
		}
		if r.Verb == "door.penalised" && r.Detail["login_tag"] != "tag-1" {
			t.Errorf("a penalty is recorded as %+v", r)
		}
	}
	if want := []core.Verb{"door.signed_in", "door.request_refused", "door.penalised"}; !slices.Equal(verbs, want) {
		t.Errorf("recorded %v, want %v", verbs, want)
	}
}

func TestAKeyOfOnePurposeIsNoKeyOfAnother(t *testing.T) {
	t.Parallel()
	root := secret.FromString("0123456789abcdef0123456789abcdef")
	codes, again, other := derive(root, "codes"), derive(root, "codes"), derive(root, "other")
	if codes.Reveal() != again.Reveal() || codes.Reveal() == other.Reveal() || len(codes.Reveal()) != 32 {
		t.Error("keys are not derived as they must be")
	}
}
