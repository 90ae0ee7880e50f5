package uitest

import (
	"context"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// ID is the id of a person of the embedded directory, by login.
func ID(login string) core.AccountID {
	return core.AccountID{Directory: "embedded", Key: "id-" + login}
}

// HandOver lets the Level 1 operator open a case about a person, prove the caller where proved is true, and hand it to Level 2.
func (s *Stage) HandOver(tb testing.TB, login string, wanted core.Verb, proof Proof) core.Case {
	tb.Helper()
	k := s.OpenCase(tb, coretest.L1(), ID(login))
	if proof == Proved {
		s.Prove(tb, coretest.L1(), k.Number)
	}
	res, err := s.Desk.Perform(context.Background(), coretest.L1(), core.HandOff{
		ID: s.Op(), Case: k.Number, To: rbac.UserAdministrator, Wanted: wanted, Reason: untrusted.New("The caller knows the password."),
	})
	if err != nil {
		tb.Fatalf("hand over: %v", err)
	}
	return res.Case
}

// Proof says whether a handed-over case comes with a proof.
type Proof string

// The proofs.
const (
	Proved   Proof = "proved"
	Unproved Proof = "unproved"
)

// Queue is a Stage at which two cases wait for Level 2, one of them proved four minutes ago, and the Level 2 operator has one open.
func Queue(tb testing.TB) *Stage {
	tb.Helper()
	s := NewStage(tb, StageOptions{Portal: Portal})
	s.HandOver(tb, "jane.doe", core.VerbUnlock, Proved)
	s.Clock.Add(4 * minute)
	s.HandOver(tb, "li.wei", "", Unproved)
	s.Clock.Add(2 * minute)
	s.OpenCase(tb, coretest.L2(), ID("omar.haddad"))
	return s
}
