package core_test

import (
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
)

// T115: what has run out does not count again because somebody sets the clock back, also while the program is down.
func TestAClockThatIsSetBackRevivesNoProofAndNoCode(t *testing.T) {
	t.Parallel()
	for name, restart := range map[string]func(b *coretest.Bench){
		"while serving": func(*coretest.Bench) {},
		"while down":    func(b *coretest.Bench) { b.Restart(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, c := ready(t)
			ch := start(t, b, coretest.L1(), c.Number, core.ProofTOTP)
			b.Clock.Add(11 * time.Minute)
			op := b.ResetJane(c)
			_, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
			if e := code(t, err, core.CodeUnverified); e.Said.ID != "evidence.expired" {
				t.Fatalf("%+v", e)
			}
			b.Clock.Add(-10 * time.Minute) // one minute after the proof
			restart(b)
			op.ID = b.Op()
			_, err = b.Desk.Perform(t.Context(), coretest.L1(), op)
			if e := code(t, err, core.CodeUnverified); e.Said.ID != "evidence.burnt" {
				t.Fatalf("an expired proof came back to life: %+v", e)
			}
			_, err = say(t, b, coretest.L1(), ch.ID, coretest.RightCode)
			code(t, err, core.CodeUnverified)
			told := 0
			for _, r := range b.Store.All() {
				if r.Reason == "clock.set_back" && r.Kind == core.KindSystem {
					told++
				}
			}
			if told != 1 || b.Dir.Writes() != 0 {
				t.Fatalf("recorded %d times, %d writes", told, b.Dir.Writes())
			}
			b.Prove(t, coretest.L1(), c.Number)
			op.ID = b.Op()
			if _, err := b.Desk.Perform(t.Context(), coretest.L1(), op); err != nil {
				t.Fatalf("a proof of after does not count: %v", err)
			}
		})
	}
}

func TestAClockThatIsSetBackDoesNotLengthenTheRepeatOfADelivery(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Courier.Fail("Send", 1, core.Fail(core.CodeUnavailable, sent("mail.down")))
	if res, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c)); err != nil || res.Delivery != core.DeliveryFailed {
		t.Fatalf("%+v, %v", res.Delivery, err)
	}
	b.Clock.Add(-time.Hour)
	op := b.ResetJane(c)
	op.Version = ""
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
	code(t, err, core.CodeUnverified)
}

func TestATimeServiceMayCorrectTheClockALittle(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Clock.Add(-2 * time.Second)
	if _, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c)); err != nil {
		t.Fatal(err)
	}
}

func TestNothingIsDoneWhileProofsCannotBeBurnt(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Clock.Add(-time.Minute)
	b.Store.Fail("Burn", 1, core.Fail(core.CodeUnavailable, sent("error.store_unavailable")))
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	code(t, err, core.CodeAuditUnavailable)
	_, err = b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	code(t, err, core.CodeUnverified) // the second time they are
}
