package core

import (
	"context"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Card is everything an operator sees of one account.
type Card struct {
	Account   Account
	Class     Classification
	Diagnosis Diagnosis
	May       map[rbac.Permission]rbac.Decision // for every permission that has the account as its target
	Offers    []Offer
	Recent    []Record // what happened to this account lately, newest first
	Cases     []Case   // open and waiting cases about it
	LockedFor time.Time
	Open      []OpenIntent // operations whose outcome is not known: changes wait
	ReadAt    time.Time
}

// recentRows is how much history a card shows.
const recentRows = 8

// Card reads one account for an operator. Opening a card is recorded and counted. CodeDenied, CodeNotFound, CodeThrottled, CodeUnavailable.
func (d *Desk) Card(ctx context.Context, actor Actor, id AccountID) (Card, error) {
	o, err := d.allow(ctx, actor, rbac.Find)
	if err != nil {
		return Card{}, err
	}
	limit := d.Settings().Quota.CardsPerHour
	n, err := d.Attempts.Count(ctx, "cards:"+actor.OperatorID, d.Clock.Now(), time.Hour)
	if err != nil {
		return Card{}, err
	}
	if n > limit {
		return Card{}, Fail(CodeThrottled, sentence.Of("throttled.cards", sentence.Count("limit", limit)))
	}
	return d.card(ctx, actor, o, id)
}

// Again reads a card once more without counting: after an operation, or when a colleague changed the account. Errors as Card.
func (d *Desk) Again(ctx context.Context, actor Actor, id AccountID) (Card, error) {
	o, err := d.allow(ctx, actor, rbac.Find)
	if err != nil {
		return Card{}, err
	}
	return d.card(ctx, actor, o, id)
}

func (d *Desk) card(ctx context.Context, actor Actor, o Operator, id AccountID) (Card, error) {
	dir, err := d.directory(id.Directory)
	if err != nil {
		return Card{}, err
	}
	a, err := d.readAccount(ctx, dir, id.Key)
	if err != nil {
		return Card{}, err
	}
	class, err := d.classOf(ctx, o, a)
	if err != nil {
		return Card{}, err
	}
	if class.Reason == ReasonOutOfScope {
		return Card{}, deniedByClass(class)
	}
	c := Card{Account: a, Class: class, Offers: d.Offers(a), May: d.decisions(o, a, class), ReadAt: d.Clock.Now()}
	if err := d.history(ctx, &c); err != nil {
		return Card{}, err
	}
	c.Diagnosis = diagnose(c, d.Settings(), d.Clock.Now())
	d.sumUp(func(r Record) bool { return r.Actor == actor })
	rec := d.base(actor, o, KindLook, "account.card", "")
	rec.Subject, rec.Class, rec.Reason, rec.Personal = id, class.Class, string(class.Reason), personal(a)
	d.Trail.Note(rec)
	return c, nil
}

func (d *Desk) history(ctx context.Context, c *Card) (err error) {
	id := c.Account.ID
	if c.Recent, err = d.Trail.Records(ctx, TrailFilter{
		Account: id, Kinds: []RecordKind{KindOutcome, KindDesk, KindReconciled, KindDenied}, Limit: recentRows,
	}); err != nil {
		return err
	}
	if c.Cases, err = d.Cases.ListCases(ctx, CaseFilter{Account: id, Status: []CaseStatus{CaseOpen, CaseWaiting}, Limit: recentRows}); err != nil {
		return err
	}
	if c.Open, err = d.Trail.OpenIntents(ctx, id); err != nil {
		return err
	}
	c.LockedFor, err = d.verificationLock(ctx, id)
	return err
}

func (d *Desk) decisions(o Operator, a Account, c Classification) map[rbac.Permission]rbac.Decision {
	out := map[rbac.Permission]rbac.Decision{}
	for _, p := range []rbac.Permission{
		rbac.CaseWork, rbac.ResetPassword, rbac.Unlock, rbac.Reveal, rbac.SetContact, rbac.ManageMethods, rbac.ShowPassword,
	} {
		out[p] = d.rules.Load().authz.Decide(rbac.Request{
			Subject: o.Subject(), Permission: p,
			Target: rbac.Target{Key: a.ID.String(), Roles: a.Roles, Class: c.Class},
		})
	}
	return out
}

// Reveal shows one contact value in full, with a reason. It is recorded durably before the value is returned.
type Reveal struct {
	ID      string
	Account AccountID
	Method  string // id
	Reason  untrusted.Text
}

// OperationID implements Operation.
func (o Reveal) OperationID() string { return o.ID }

// Verb implements Operation.
func (o Reveal) Verb() Verb { return VerbReveal }

// Permission implements Operation.
func (o Reveal) Permission() rbac.Permission { return rbac.Reveal }

// Validate implements Operation.
func (o Reveal) Validate() error {
	return checkReason(o.Reason)
}

func (o Reveal) apply(ctx context.Context, w *desktop) error {
	dir, err := w.d.directory(o.Account.Directory)
	if err != nil {
		return err
	}
	a, err := w.d.readAccount(ctx, dir, o.Account.Key)
	if err != nil {
		return err
	}
	class, err := w.d.classOf(ctx, w.operator, a)
	if err != nil {
		return err
	}
	if class.Class == rbac.Forbidden && class.Reason != ReasonSelf {
		return deniedByClass(class)
	}
	limit := w.settings.Quota.RevealsPerHour
	if n, err := w.d.Attempts.Count(ctx, "reveals:"+w.actor.OperatorID, w.record.At, time.Hour); err != nil || n > limit {
		if err == nil {
			err = Fail(CodeThrottled, sentence.Of("throttled.reveals", sentence.Count("limit", limit)))
		}
		return err
	}
	for _, m := range a.Methods {
		if m.ID != o.Method || m.Destination.IsZero() {
			continue
		}
		w.record.Subject, w.record.Class, w.record.Personal = a.ID, class.Class, personal(a)
		w.record.Detail = map[string]string{"method": string(m.Kind)}
		w.record.Personal["reason"] = o.Reason.String()
		if w.res.Seq, err = w.d.Trail.Append(ctx, w.record); err != nil {
			return err
		}
		w.res.Account, w.res.Said = a, sentence.Of("reveal.value", sentence.Text("value", m.Destination))
		return nil
	}
	return Fail(CodeNotFound, sentence.Of("reveal.no_method"))
}
