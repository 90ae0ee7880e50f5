package core

import (
	"context"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

const (
	maxTicket = 64  // characters of a ticket reference
	maxReason = 500 // characters of a reason typed by an operator
)

// OpenCase opens a case about an account, or returns the one the operator already has open about it.
type OpenCase struct {
	ID      string
	Account AccountID
	Ticket  untrusted.Text
}

// OperationID implements Operation.
func (o OpenCase) OperationID() string { return o.ID }

// Verb implements Operation.
func (o OpenCase) Verb() Verb { return VerbOpenCase }

// Permission implements Operation.
func (o OpenCase) Permission() rbac.Permission { return rbac.CaseWork }

// Validate implements Operation.
func (o OpenCase) Validate() error {
	if o.Account.IsZero() {
		return Fail(CodeInvalid, sentence.Of("error.no_account"))
	}
	if utf8.RuneCountInString(o.Ticket.Raw()) > maxTicket {
		return Fail(CodeInvalid, sentence.Of("case.ticket_too_long", sentence.Count("limit", maxTicket)))
	}
	return nil
}

func (o OpenCase) apply(ctx context.Context, w *desktop) error {
	if err := o.checkTicket(w); err != nil {
		return err
	}
	mine, err := w.d.Cases.ListCases(ctx, CaseFilter{Status: []CaseStatus{CaseOpen}, AssignedTo: w.actor.OperatorID, Account: o.Account, Limit: 1})
	if err != nil {
		return err
	}
	if len(mine) > 0 && (o.Ticket.IsZero() || o.Ticket == mine[0].Ticket) {
		w.res.Case, w.res.Repeated = mine[0], true
		return nil
	}
	person, err := o.person(ctx, w)
	if err != nil {
		return err
	}
	now := w.record.At
	c := Case{
		Ticket: o.Ticket, Person: person, Desk: w.operator.Desk, Status: CaseOpen,
		OpenedBy: w.actor.OperatorID, AssignedTo: w.actor.OperatorID, OpenedAt: now, UpdatedAt: now,
	}
	w.about(c)
	w.res.Case, err = w.d.Cases.CreateCase(ctx, c, w.record)
	return err
}

// person reads whom the case is about. Opening a case is one more way to look somebody up, so it is counted like a card, and nobody
// outside the operator's scope is looked up.
func (o OpenCase) person(ctx context.Context, w *desktop) (Person, error) {
	dir, err := w.d.directory(o.Account.Directory)
	if err != nil {
		return Person{}, err
	}
	limit := w.settings.Quota.CardsPerHour
	n, err := w.d.Attempts.Count(ctx, "cases:"+w.actor.OperatorID, w.record.At, time.Hour)
	if err != nil {
		return Person{}, err
	}
	if n > limit {
		return Person{}, Fail(CodeThrottled, sentence.Of("throttled.cases", sentence.Count("limit", limit)))
	}
	account, err := dir.Account(ctx, o.Account.Key)
	if err == nil && !w.operator.Scope.Reaches(account) {
		err = outOfScope()
	}
	return account.Person, err
}

func (o OpenCase) checkTicket(w *desktop) error {
	set := w.settings.Case
	if o.Ticket.IsZero() {
		if set.RequireTicket {
			return Fail(CodePolicy, sentence.Of("case.ticket_required"))
		}
		return nil
	}
	pattern, err := regexp.Compile("^(?:" + set.TicketPattern + ")$")
	if err != nil || (set.TicketPattern != "" && !pattern.MatchString(o.Ticket.Raw())) {
		return Fail(CodeInvalid, sentence.Of("case.ticket_pattern", sentence.Word("pattern", set.TicketPattern)))
	}
	return nil
}

// CloseCase closes a case with an outcome code.
type CloseCase struct {
	ID   string
	Case int64
	Code OutcomeCode
}

// OperationID implements Operation.
func (o CloseCase) OperationID() string { return o.ID }

// Verb implements Operation.
func (o CloseCase) Verb() Verb { return VerbCloseCase }

// Permission implements Operation.
func (o CloseCase) Permission() rbac.Permission { return rbac.CaseWork }

// Validate implements Operation.
func (o CloseCase) Validate() error {
	if !slices.Contains(OutcomeCodes(), o.Code) {
		return Fail(CodeInvalid, sentence.Of("case.unknown_code", sentence.Word("code", untrusted.New(string(o.Code)).String())))
	}
	return nil
}

func (o CloseCase) apply(ctx context.Context, w *desktop) error {
	c, err := w.d.ownCase(ctx, w.actor, o.Case)
	if err != nil {
		return err
	}
	w.about(c)
	w.record.Detail = map[string]string{"code": string(o.Code)}
	c.Status, c.Code, c.ClosedAt = CaseClosed, o.Code, w.record.At
	if w.res.Case, err = w.d.Cases.UpdateCase(ctx, c, w.record); err == nil {
		w.d.tell(Event{Kind: EventCase, Case: c.Number})
	}
	return err
}

// ownCase reads an open case that is assigned to the actor. CodeNotFound, CodeConflict when it is closed or waits, CodeDenied when
// it is a colleague's.
func (d *Desk) ownCase(ctx context.Context, actor Actor, number int64) (Case, error) {
	c, err := d.Cases.Case(ctx, number)
	if err != nil {
		return Case{}, err
	}
	field := sentence.Count("case", int(number))
	switch {
	case c.Status == CaseClosed:
		return c, Fail(CodeConflict, sentence.Of("case.closed", field))
	case c.Status == CaseWaiting:
		return c, Fail(CodeConflict, sentence.Of("case.waiting", field, sentence.Word("role", string(c.Handoff.To))))
	case c.AssignedTo != actor.OperatorID:
		return c, Fail(CodeDenied, sentence.Of("case.of_colleague", field))
	default:
		return c, nil
	}
}
