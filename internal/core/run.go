package core

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// run is one account operation on its way through the pipeline.
type run struct {
	d     *Desk
	actor Actor
	op    AccountOperation
	rules *ruling

	operator Operator
	kase     Case
	dir      Directory
	account  Account
	class    Classification
	grant    rbac.Grant
	evidence []Evidence
	intent   int64

	password    *secret.Text
	onScreen    bool
	handedOut   bool // the password is the caller's to show and to forget
	deliverTo   Method
	consignment Consignment
	unlock      UnlockAnswer
}

func (r *run) readOperator(ctx context.Context) (err error) {
	r.operator, err = r.d.operator(ctx, r.actor)
	return err
}

func (r *run) readCase(ctx context.Context) error {
	number, account, _ := r.op.Target()
	kase, err := r.d.ownCase(ctx, r.actor, number)
	if err != nil {
		return err
	}
	if kase.Person.ID != account {
		return Fail(CodeInvalid, sentence.Of("case.other_account", sentence.Count("case", int(number))))
	}
	r.kase = kase
	return nil
}

func (r *run) readAccount(ctx context.Context) error {
	_, id, seen := r.op.Target()
	dir, err := r.d.directory(id.Directory)
	if err != nil {
		return err
	}
	account, err := r.d.readAccount(ctx, dir, id.Key)
	if err != nil {
		return err
	}
	if seen != "" && seen != account.Version {
		return Fail(CodeConflict, sentence.Of("conflict.changed_meanwhile", sentence.Text("name", account.DisplayName)))
	}
	r.dir, r.account = dir, account
	return nil
}

func (r *run) classify(ctx context.Context) (err error) {
	r.class, err = r.d.classOf(ctx, r.operator, r.account)
	return err
}

func (r *run) request(p rbac.Permission) rbac.Request {
	return rbac.Request{
		Subject: r.operator.Subject(), Permission: p, Operation: r.op.OperationID(),
		Target: rbac.Target{Key: r.account.ID.String(), Roles: r.account.Roles, Class: r.class.Class},
	}
}

func (r *run) authorize(context.Context) error {
	grant, decision := r.rules.authz.Authorize(r.request(r.op.Permission()))
	if !decision.Allowed {
		return DeniedBy(decision, r.class)
	}
	r.grant = grant
	return nil
}

// countChange counts before anything could be guessed or done.
func (r *run) countChange(ctx context.Context) error {
	limit := r.rules.settings.Quota.ChangesPerHour
	n, err := r.d.Attempts.Count(ctx, "changes:"+r.actor.OperatorID, r.d.Clock.Now(), time.Hour)
	if err != nil {
		return err
	}
	if n > limit {
		return Fail(CodeThrottled, sentence.Of("throttled.changes", sentence.Count("limit", limit)))
	}
	return nil
}

func (r *run) weighEvidence(ctx context.Context) error {
	all, err := r.d.Proofs.EvidenceOf(ctx, r.kase.Number)
	if err != nil {
		return err
	}
	why := "evidence.none"
	for i, e := range all {
		reason := e.assess(r.kase, r.actor, r.op.Verb(), r.d.Clock.Now(), r.rules.settings.Proof)
		if reason == "" {
			r.evidence = append(r.evidence, e)
		} else if i == 0 {
			why = reason
		}
	}
	if meets(r.evidence, r.op.need(r.rules.settings.Assurance, r.class.Class)) {
		return nil
	}
	if len(r.evidence) > 0 {
		why = "evidence.not_enough"
	}
	return Fail(CodeUnverified, sentence.Of(why))
}

// askApproval stops what needs a second operator. An approval re-enters here with both ids.
func (r *run) askApproval(context.Context) error {
	if r.op.need(r.rules.settings.Assurance, r.class.Class).Approval {
		return Fail(CodePending, sentence.Of("denied.second_operator", sentence.Nested("why", WhyClass(r.class))))
	}
	return nil
}

func (r *run) prepare(ctx context.Context) error { return r.op.prepare(ctx, r) }

func (r *run) intend(ctx context.Context) error {
	if r.d.latched.Load() {
		return Fail(CodeAuditUnavailable, sentence.Of("error.audit_unavailable"))
	}
	rec := r.record(KindIntent)
	rec.Before = sight(r.account)
	seq, err := r.d.Trail.Intend(ctx, Intent{Record: rec, Evidence: rec.Evidence})
	r.intent = seq
	return err
}

// record is what every record of this operation says.
func (r *run) record(kind RecordKind) Record {
	rec := r.d.base(r.actor, r.operator, kind, r.op.Verb(), r.op.OperationID())
	rec.Policy = r.rules.settings.Version
	rec.Case, rec.Ticket = r.kase.Number, r.kase.Ticket.String()
	_, rec.Subject, _ = r.op.Target()
	rec.Class, rec.Reason = r.class.Class, string(r.class.Reason)
	rec.Evidence, rec.Assurance = ids(r.evidence), reached(r.evidence)
	rec.Personal = personal(r.account)
	rec.Detail = map[string]string{}
	if r.onScreen {
		rec.Detail["delivery"] = "screen"
	} else if r.deliverTo.ID != "" {
		rec.Detail["delivery"] = string(r.deliverTo.Kind)
		rec.Personal["sent_to"] = r.deliverTo.Masked()
	}
	return rec
}

func personal(a Account) map[string]string {
	return map[string]string{"login": a.Login.String(), "name": a.DisplayName.String(), "department": a.Department.String()}
}

func ids(evidence []Evidence) []string {
	out := make([]string, 0, len(evidence))
	for _, e := range evidence {
		out = append(out, e.ID)
	}
	return out
}

// reached is the assurance reached, in words for the trail: "strong", "weak+weak".
func reached(evidence []Evidence) string {
	out := make([]string, 0, len(evidence))
	for _, e := range evidence {
		out = append(out, string(e.Strength))
	}
	slices.Sort(out)
	return strings.Join(out, "+")
}

// release lets go of what was prepared and not used.
func (r *run) release() {
	if r.consignment != nil {
		r.consignment.Abort()
	}
	if r.password != nil && !r.handedOut {
		r.password.Destroy()
	}
}

// refused records an operation that ended before its intent and returns its error. Nothing was changed by then, whatever went wrong.
func (r *run) refused(ctx context.Context, at Step, err error) error {
	e := *AsError(err)
	e.Changed = NothingChanged
	if e.Said.ID == "error.internal" { // which says that nobody knows; here it is known
		e.Said = sentence.Of("error.internal_before")
	}
	rec := r.record(KindDenied)
	rec.Code = e.Code
	rec.Detail["step"], rec.Detail["why"] = string(at), e.Said.ID
	ctx, cancel := detach(ctx, bookkeeping)
	defer cancel()
	if _, noted := r.d.Trail.Append(ctx, rec); noted != nil {
		r.d.Log.WarnContext(ctx, "a refusal could not be recorded", "operation", r.op.OperationID(), "error", noted)
	}
	return &e
}

// needFor is the requirement of a verb; one that has none of its own needs what a guarded account needs.
func needFor(v Verb, a policy.Assurance, c rbac.Class) policy.Requirement {
	if v == VerbUnlock {
		return requirement(a.UnlockPlain, a.Guarded, c)
	}
	if v == VerbReset {
		return requirement(a.ResetPlain, a.Guarded, c)
	}
	return a.Guarded
}
