package core

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// HandOff moves a case, with its evidence, to a role.
type HandOff struct {
	ID     string
	Case   int64
	To     rbac.Role
	Wanted Verb // what the case waits for; "" when only help is wanted
	Reason untrusted.Text
}

// OperationID implements Operation.
func (o HandOff) OperationID() string { return o.ID }

// Verb implements Operation.
func (o HandOff) Verb() Verb { return VerbHandOff }

// Permission implements Operation.
func (o HandOff) Permission() rbac.Permission { return rbac.CaseWork }

// Validate implements Operation.
func (o HandOff) Validate() error {
	if !slices.Contains(rbac.OperatorRoles(), o.To) {
		return Fail(CodeInvalid, sentence.Of("handoff.unknown_role", sentence.Word("role", untrusted.New(string(o.To)).String())))
	}
	if !slices.Contains([]Verb{"", VerbReset, VerbUnlock}, o.Wanted) {
		return Fail(CodeInvalid, sentence.Of("handoff.unknown_wish", sentence.Word("wanted", untrusted.New(string(o.Wanted)).String())))
	}
	return checkReason(o.Reason)
}

// checkReason refuses a reason that is missing or too long.
func checkReason(t untrusted.Text) error {
	if reason := strings.TrimSpace(t.Raw()); reason == "" || utf8.RuneCountInString(reason) > maxReason {
		return Fail(CodeInvalid, sentence.Of("handoff.reason", sentence.Count("limit", maxReason)))
	}
	return nil
}

func (o HandOff) apply(ctx context.Context, w *desktop) error {
	w.record.Detail = map[string]string{"to": string(o.To), "wanted": string(o.Wanted)}
	c, err := w.d.ownCase(ctx, w.actor, o.Case)
	if err != nil {
		return err
	}
	if !w.d.rules.Load().grants.Has(o.To, rbac.CaseWork) {
		return Fail(CodeInvalid, sentence.Of("handoff.role_without_cases", sentence.Word("role", string(o.To))))
	}
	evidence, err := w.d.Proofs.EvidenceOf(ctx, c.Number)
	if err != nil {
		return err
	}
	w.about(c)
	w.record.Personal["reason"] = o.Reason.String()
	c.Status, c.AssignedTo = CaseWaiting, ""
	c.Handoff = Handoff{
		To: o.To, Wanted: o.Wanted, Reason: o.Reason, By: w.actor.OperatorID, At: w.record.At,
		Evidence: travelling(evidence, w.record.At, w.record),
	}
	if w.res.Case, err = w.d.Cases.UpdateCase(ctx, c, w.record); err != nil {
		return err
	}
	w.res.Said = sentence.Of("handoff.done", sentence.Word("role", string(o.To)))
	if c.Handoff.Evidence.IsZero() {
		w.res.Said = sentence.Of("handoff.done_unproved", sentence.Word("role", string(o.To)))
	}
	couldTake := func(one Operator) bool { return len(w.d.casesWithin(ctx, one, []Case{c})) == 1 }
	if len(w.d.signedIn(ctx, o.To, couldTake)) == 0 {
		w.res.More = append(w.res.More, sentence.Of("handoff.nobody_there", sentence.Word("role", string(o.To))))
	}
	w.d.tell(Event{Kind: EventHandoff, Case: c.Number, Role: o.To})
	return nil
}

// travelling is when the evidence that goes with a handoff expires, zero when none is usable.
func travelling(all []Evidence, now time.Time, r Record) time.Time {
	var until time.Time
	for _, e := range all {
		if e.SpentAt.IsZero() && e.Operator == r.Actor.OperatorID && now.Before(e.ExpiresAt) && e.ExpiresAt.After(until) {
			until = e.ExpiresAt
		}
	}
	return until
}

// TakeHandoff takes a case that waits for one of the operator's roles. Its evidence is re-bound to the operator, which is recorded.
type TakeHandoff struct {
	ID   string
	Case int64 // 0 takes the one that has waited longest
}

// OperationID implements Operation.
func (o TakeHandoff) OperationID() string { return o.ID }

// Verb implements Operation.
func (o TakeHandoff) Verb() Verb { return VerbTakeHandoff }

// Permission implements Operation.
func (o TakeHandoff) Permission() rbac.Permission { return rbac.CaseWork }

// Validate implements Operation.
func (o TakeHandoff) Validate() error { return nil }

func (o TakeHandoff) apply(ctx context.Context, w *desktop) error {
	waiting, err := w.d.waiting(ctx, w.operator)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(waiting, func(c Case) bool { return o.Case == 0 || c.Number == o.Case })
	if i < 0 {
		return Fail(CodeNotFound, sentence.Of("handoff.nothing_waits"))
	}
	c := waiting[i]
	w.about(c)
	w.record.Detail = map[string]string{"from": c.Handoff.By}
	if w.res.Case, err = w.d.Cases.TakeCase(ctx, c.Number, w.record); err != nil {
		return err
	}
	w.res.Said = sentence.Of("handoff.taken", sentence.Text("name", c.Person.DisplayName), sentence.Text("by", w.d.Operators.Name(ctx, c.Handoff.By)))
	w.d.tell(Event{Kind: EventHandoff, Case: c.Number, Role: c.Handoff.To})
	return nil
}

// mostWaiting is how many waiting cases are looked through for an operator.
const mostWaiting = 500

// waiting lists the cases that wait for a role of the operator and lie in their scope, longest first.
func (d *Desk) waiting(ctx context.Context, o Operator) ([]Case, error) {
	cases, err := d.Cases.ListCases(ctx, CaseFilter{Status: []CaseStatus{CaseWaiting}, Waiting: o.Roles, Limit: mostWaiting})
	return d.casesWithin(ctx, o, cases), err
}

// signedIn lists the operators with that role who have an open terminal and of whom also holds.
func (d *Desk) signedIn(ctx context.Context, r rbac.Role, also func(Operator) bool) []string {
	var out []string
	for _, id := range d.Presence.SignedIn() {
		if o, err := d.Operators.Operator(ctx, id); err == nil && !o.Disabled && slices.Contains(o.Roles, r) && also(o) {
			out = append(out, id)
		}
	}
	return out
}
