package core

import (
	"context"
	"slices"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Offer is one way to prove this caller: a prover with one of the account's methods.
type Offer struct {
	Kind     ProofKind
	Strength Strength
	Method   Method
	Usable   bool
	Why      sentence.Sentence // why not, zero when it is usable
}

// Offers lists the ways to prove the owner of an account, the best first: usable before not usable, strong before weak.
func (d *Desk) Offers(a Account) []Offer {
	var out []Offer
	for _, p := range d.Provers {
		for _, m := range a.Methods {
			if p.Uses(m.Kind) {
				out = append(out, Offer{Kind: p.Kind(), Strength: p.Strength(), Method: m, Usable: m.Usable, Why: m.Why})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Offer) int { return b.rank() - a.rank() })
	return out
}

func (o Offer) rank() int {
	r := int(o.Strength.Points())
	if o.Usable {
		r += 10
	}
	return r
}

// ProofState is what has been proved in a case, what is still needed for an operation, and what the operation would meet.
type ProofState struct {
	Case     Case
	Account  Account // as the directory shows it now
	Class    Classification
	May      rbac.Decision // whether this operator may do it to this account
	OnScreen bool          // this operator may see a new password of this account
	Offers   []Offer
	Counted  []Evidence // evidence that counts for this actor now
	Enough   bool
	Needed   int      // proofs still needed, at least; 0 when Enough
	Channels int      // ways a new password could reach its owner with the evidence at hand
	Reach    []Method // those ways, the best first
}

// ProofState reads what a case has and what verb needs. CodeDenied, CodeNotFound, CodeConflict, CodeUnavailable.
func (d *Desk) ProofState(ctx context.Context, actor Actor, number int64, verb Verb) (ProofState, error) {
	o, err := d.allow(ctx, actor, rbac.CaseWork)
	if err != nil {
		return ProofState{}, err
	}
	w := &desktop{d: d, actor: actor, operator: o, settings: d.Settings()}
	c, a, err := w.caseAccount(ctx, number)
	if err != nil {
		return ProofState{}, err
	}
	all, err := d.Proofs.EvidenceOf(ctx, number)
	if err != nil {
		return ProofState{}, err
	}
	class, err := d.classOf(ctx, o, a)
	if err != nil {
		return ProofState{}, err
	}
	may := d.decisions(o, a, class)
	st := ProofState{
		Case: c, Account: a, Class: class, May: may[permissionOf(verb)], OnScreen: may[rbac.ShowPassword].Allowed, Offers: d.Offers(a),
	}
	for _, e := range all {
		if e.assess(c, actor, verb, d.Clock.Now(), w.settings.Proof) == "" {
			st.Counted = append(st.Counted, e)
		}
	}
	st.Enough = meets(st.Counted, needFor(verb, w.settings.Assurance, class.Class))
	if !st.Enough {
		st.Needed = 1
	}
	for _, ch := range d.channels(a, st.Counted) {
		st.Reach = append(st.Reach, ch.method)
	}
	st.Channels = len(st.Reach)
	return st, nil
}

// permissionOf is the permission an account operation needs; casework for everything that is none.
func permissionOf(v Verb) rbac.Permission {
	if v == VerbReset {
		return Reset{}.Permission()
	}
	if v == VerbUnlock {
		return Unlock{}.Permission()
	}
	return rbac.CaseWork
}
