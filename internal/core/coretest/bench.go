package coretest

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Bench is a Desk on fakes, with one operator of each level and one locked account.
type Bench struct {
	Desk      *core.Desk
	Clock     *Clock
	Dir       *Directory
	Store     *Store
	Operators *Operators
	TOTP      *Prover
	Mail      *Prover
	Courier   *Courier
	Events    *Events
	Jane      core.Account // locked; authenticator app and alternate mail
	Parts     core.Parts
	ops       atomic.Int64
}

// L1 is the Level 1 operator of a Bench.
func L1() core.Actor { return actor("l1") }

// L2 is the Level 2 operator.
func L2() core.Actor { return actor("l2") }

// Admin is the Global Administrator.
func Admin() core.Actor { return actor("admin") }

// Auditor is the Reports Reader.
func Auditor() core.Actor { return actor("auditor") }

func actor(id string) core.Actor {
	return core.Actor{OperatorID: id, Credential: "key:" + id, Session: "s-" + id, Source: "127.0.0.1"}
}

// NewBench builds a Bench.
func NewBench(tb testing.TB) *Bench {
	tb.Helper()
	b := &Bench{
		Clock: NewClock(), Store: NewStore(), Courier: &Courier{}, Events: &Events{},
		TOTP: &Prover{Way: core.ProofTOTP, Worth: core.Strong, Kinds: []core.MethodKind{core.MethodTOTP}},
		Mail: &Prover{Way: core.ProofMail, Worth: core.Weak, Kinds: []core.MethodKind{core.MethodMail, core.MethodAlternate}},
	}
	b.Dir = NewDirectory("corp", b.Clock)
	b.Operators = NewOperators(
		operator("l1", rbac.PasswordAdministrator), operator("l2", rbac.UserAdministrator),
		operator("admin", rbac.GlobalAdministrator), operator("auditor", rbac.ReportsReader))
	b.Jane = b.Dir.Put(Jane(b.Clock.Now()))
	b.Parts = core.Parts{
		Directories: []core.Directory{b.Dir}, Operators: b.Operators, Cases: b.Store, Proofs: b.Store, Attempts: b.Store,
		Registrations: b.Store, Trail: b.Store, Provers: []core.Prover{b.TOTP, b.Mail}, Couriers: []core.Courier{b.Courier},
		Presence: Presence{"l1", "l2"}, Events: b.Events, Clock: b.Clock, Log: slog.New(slog.DiscardHandler),
		Rules: core.Rules{Settings: policy.Defaults(), Grants: rbac.DefaultGrants()},
	}
	b.Desk = core.NewDesk(b.Parts)
	return b
}

func operator(id string, r rbac.Role) core.Operator {
	return core.Operator{ID: id, Login: id, Name: untrusted.New("Operator " + id), Roles: []rbac.Role{r}, Desk: "Oslo"}
}

// Jane is a plain, locked account with an authenticator app and an alternate mailbox.
func Jane(now time.Time) core.Account {
	return core.Account{
		Person: core.Person{Login: untrusted.New("jane.doe"), DisplayName: untrusted.New("Jane Doe"), Department: untrusted.New("Finance")},
		Origin: core.CloudOnly,
		State: core.State{
			Enabled: true, Locked: true, LockedSince: now.Add(-10 * time.Minute), UnlocksAt: now.Add(20 * time.Minute), WrongPasswords: 5,
			PasswordSet: now.Add(-30 * 24 * time.Hour),
		},
		Policy: core.PasswordPolicy{Known: true, MinLength: 12, MinClasses: 3},
		Methods: []core.Method{
			{ID: "totp:1", Kind: core.MethodTOTP},
			{ID: "mail:1", Kind: core.MethodAlternate, Destination: untrusted.New("jane@home.example")},
		},
	}
}

// Restart builds a new Desk on the same store and directory, as after a crash, and lets it recover.
func (b *Bench) Restart(tb testing.TB) int {
	tb.Helper()
	b.Desk = core.NewDesk(b.Parts)
	open, err := b.Desk.Recover(context.Background())
	if err != nil {
		tb.Fatalf("recover: %v", err)
	}
	return open
}

// Op is a new operation id.
func (b *Bench) Op() string { return fmt.Sprintf("op-%d", b.ops.Add(1)) }

// OpenCase opens a case about an account.
func (b *Bench) OpenCase(tb testing.TB, a core.Actor, account core.AccountID) core.Case {
	tb.Helper()
	res, err := b.Desk.Perform(context.Background(), a, core.OpenCase{ID: b.Op(), Account: account})
	if err != nil {
		tb.Fatalf("open a case: %v", err)
	}
	return res.Case
}

// Prove proves the caller of a case with the authenticator app.
func (b *Bench) Prove(tb testing.TB, a core.Actor, number int64) core.Evidence {
	tb.Helper()
	return b.ProveBy(tb, a, number, core.ProofTOTP)
}

// ProveBy proves the caller of a case in one way.
func (b *Bench) ProveBy(tb testing.TB, a core.Actor, number int64, kind core.ProofKind) core.Evidence {
	tb.Helper()
	ctx := context.Background()
	started, err := b.Desk.Perform(ctx, a, core.StartProof{ID: b.Op(), Case: number, Kind: kind})
	if err != nil {
		tb.Fatalf("start a proof: %v", err)
	}
	code := b.TOTP.right()
	if kind == core.ProofMail {
		code = b.Mail.right()
	}
	done, err := b.Desk.Perform(ctx, a, core.ConfirmProof{ID: b.Op(), Challenge: started.Challenge.ID, Code: secret.FromString(code)})
	if err != nil {
		tb.Fatalf("confirm a proof: %v", err)
	}
	return done.Evidence
}

// ResetJane is a reset of Jane's password in this case.
func (b *Bench) ResetJane(c core.Case) core.Reset {
	return core.Reset{ID: b.Op(), Case: c.Number, Account: b.Jane.ID, Version: b.Jane.Version}
}
