package core

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Strength is what a proof is worth.
type Strength string

// The strengths. A proof that is worth nothing is not offered at all.
const (
	Weak   Strength = "weak"
	Strong Strength = "strong"
)

// Points is what a strength counts towards a policy.Requirement.
func (s Strength) Points() policy.Level {
	switch s {
	case Strong:
		return 2
	case Weak:
		return 1
	default:
		return 0
	}
}

// ProofKind names a way to prove a caller.
type ProofKind string

// The ways to prove a caller that exist so far.
const (
	ProofTOTP ProofKind = "totp"
	ProofMail ProofKind = "email"
)

// Challenge is an outstanding proof.
type Challenge struct {
	ID         string
	Case       int64
	Account    AccountID
	Operator   string
	Credential string
	Kind       ProofKind
	Method     string // id of the method it uses
	SentTo     string // masked destination; "" when nothing was sent

	// Destination is where a code was sent, in full; never shown.
	Destination untrusted.Text

	Digest    []byte // keyed hash of the expected code; nil for methods that keep none
	TriesLeft int
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedUp    bool // by wrong entries: a failure
	Confirmed bool
}

// Evidence is an obtained proof: a server-side record bound to case, account, operator and the operator's credential, used once.
type Evidence struct {
	ID          string
	Case        int64
	Account     AccountID
	Operator    string
	Credential  string
	Kind        ProofKind
	Method      string         // id of the method that served as proof
	Destination untrusted.Text // where the code was sent, in full; never shown. Zero when nothing was sent
	Strength    Strength
	ObtainedAt  time.Time
	ExpiresAt   time.Time
	SpentAt     time.Time // zero while it can be used
	SpentBy     string    // id of the operation that spent it
	Writes      int       // operations it was presented to that changed nothing
	RepeatUntil time.Time // set when a delivery failed: the same operation may be repeated until then
	ReboundFrom string    // operator it was bound to before a handoff
}

// assess reports why a piece of evidence does not count for this actor now; "" when it does.
func (e Evidence) assess(c Case, actor Actor, verb Verb, now time.Time, p policy.Proof) string {
	switch {
	case e.Case != c.Number || e.Account != c.Person.ID:
		return "evidence.other_case"
	case e.Operator != actor.OperatorID || e.Credential != actor.Credential:
		return "evidence.other_operator"
	case !e.SpentAt.IsZero() && verb == VerbReset && now.Before(e.RepeatUntil):
		return ""
	case e.SpentBy == BurntByClock || e.SpentBy == BurntByRestore:
		return "evidence.burnt"
	case !e.SpentAt.IsZero():
		return "evidence.spent"
	case !now.Before(e.ExpiresAt) || now.Before(e.ObtainedAt.Add(-time.Minute)):
		return "evidence.expired" // also when the clock was set back behind the proof
	case e.Writes >= p.EvidenceTries:
		return "evidence.used_too_often"
	default:
		return ""
	}
}

// meets reports whether the evidence that counts is enough. Of several proofs of one kind the best counts alone: two codes to one mailbox, or
// two codes of one app, prove nothing that the first did not.
func meets(counted []Evidence, need policy.Requirement) bool {
	best := map[ProofKind]Strength{}
	for _, e := range counted {
		if e.Strength.Points() > best[e.Kind].Points() {
			best[e.Kind] = e.Strength
		}
	}
	points, strong := policy.Level(0), 0
	for _, s := range best {
		points += s.Points()
		if s == Strong {
			strong++
		}
	}
	return points >= need.Points && strong >= need.Strong
}
