package core_test

import (
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// mailboxes puts Jane's addresses on file: an unlocked account with these methods and an authenticator app.
func mailboxes(b *coretest.Bench, methods ...core.Method) {
	a := b.Jane
	a.State.Locked = false
	a.Contacts.Mail, a.UPN = text("jane.doe@corp.example"), text("jane@upn.example")
	a.Methods = append([]core.Method{{ID: "totp:1", Kind: core.MethodTOTP}}, methods...)
	b.Jane = b.Dir.Put(a)
}

func alternate(id, address string) core.Method {
	return core.Method{ID: id, Kind: core.MethodAlternate, Destination: text(address)}
}

// One mailbox may be on file twice: in the directory and among the registrations, spelt differently, with a tag. A caller who holds it and
// nothing else must not get a password by it.
func TestAMailboxThatServedAsProofGetsNoPasswordUnderAnyOtherName(t *testing.T) {
	t.Parallel()
	for name, second := range map[string]string{
		"the same": "jane@home.example", "another case": "JANE@Home.Example", "a tag": "jane+bank@home.example",
		"a dot behind the domain": "jane@home.example.", "blanks": " jane@home.example ",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := coretest.NewBench(t)
			mailboxes(b, alternate("alternateMail:0", "jane@home.example"), alternate("alternateMail:1", second))
			c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
			b.ProveBy(t, coretest.L1(), c.Number, core.ProofMail)
			op := b.ResetJane(c)
			for _, to := range []string{"", "alternateMail:1", "alternateMail"} {
				op.ID, op.Deliver = b.Op(), to
				_, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
				if e := code(t, err, core.CodePolicy); e.Said.ID != "delivery.none" {
					t.Fatalf("%q: %+v", to, e)
				}
			}
			if b.Dir.Writes() != 0 {
				t.Fatal("the password was changed")
			}
		})
	}
}

func TestAMailboxRegisteredAtTheDeskIsKnownFromTheDirectoryToo(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	mailboxes(b, alternate("alternateMail:0", "jane@home.example"))
	reg := core.Registration{ID: "r1", Account: b.Jane.ID, Kind: core.MethodAlternate, Destination: text("Jane@home.example")}
	if err := b.Store.Register(t.Context(), reg, core.Record{}); err != nil {
		t.Fatal(err)
	}
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	b.ProveBy(t, coretest.L1(), c.Number, core.ProofMail)
	st, err := b.Desk.ProofState(t.Context(), coretest.L1(), c.Number, core.VerbReset)
	if err != nil || !st.Enough || st.Channels != 0 {
		t.Fatalf("%+v ways, %v", st.Reach, err)
	}
	_, err = b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	code(t, err, core.CodePolicy)
}

// The ids of methods are positions in some directories: an address that comes in front of the others moves them.
func TestAMailboxThatServedAsProofIsKnownAfterItsIDChanged(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	mailboxes(b, alternate("alternateMail:0", "jane@home.example"))
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	b.ProveBy(t, coretest.L1(), c.Number, core.ProofMail)
	mailboxes(b, alternate("alternateMail:0", "aunt@home.example"), alternate("alternateMail:1", "jane@home.example"))
	op := b.ResetJane(c)
	op.Deliver = "alternateMail:1"
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), op)
	code(t, err, core.CodePolicy)
}

// An alternate address that is the primary mailbox, or the user principal name, depends on the account like it.
func TestTheAccountsOwnMailboxIsNoAlternate(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{
		"the primary mailbox": "Jane.Doe@corp.example", "with a tag": "jane.doe+x@corp.example", "the user principal name": "JANE@upn.example",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := coretest.NewBench(t)
			mailboxes(b, alternate("alternateMail:0", address))
			c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
			b.Prove(t, coretest.L1(), c.Number)
			_, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
			if e := code(t, err, core.CodePolicy); e.Said.ID != "delivery.none" {
				t.Fatalf("the password went into a mailbox that needs it: %+v", e)
			}
			locked := b.Jane
			locked.State.Locked = true
			b.Jane = b.Dir.Put(locked)
			_, err = b.Desk.Perform(t.Context(), coretest.L1(), core.StartProof{ID: b.Op(), Case: c.Number, Kind: core.ProofMail})
			e := code(t, err, core.CodePolicy)
			if why, _ := e.Said.Field("why"); why.Inner == nil || why.Inner.ID != "method.mailbox_shut" {
				t.Fatalf("a code was sent into a mailbox that is shut: %+v", e.Said)
			}
		})
	}
}

func TestEveryAddressOnFileIsToldOnce(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	mailboxes(b, alternate("alternateMail:0", "jane@home.example"), alternate("alternateMail:1", "JANE@home.example"))
	a := b.Jane
	a.Contacts.AlternateMails = []untrusted.Text{text("jane@home.example"), text("jane@old.example")}
	b.Jane = b.Dir.Put(a)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	b.Prove(t, coretest.L1(), c.Number)
	if _, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c)); err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for _, n := range b.Store.Notices() {
		told[n.To.Raw()]++
	}
	if len(told) != 3 || told["jane@home.example"] != 1 || told["jane.doe@corp.example"] != 1 || told["jane@old.example"] != 1 {
		t.Fatalf("told %v", told)
	}
}
