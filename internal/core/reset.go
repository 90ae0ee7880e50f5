package core

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/core/password"
	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// OnScreen as Reset.Deliver shows the new password to the operator, who needs rbac.ShowPassword for it.
const OnScreen = "screen"

// Reset sets a generated password, which reaches its owner and not the operator, and clears a lock.
type Reset struct {
	ID      string
	Case    int64
	Account AccountID
	Version string // of the account as the operator saw it
	Deliver string // id or kind of the method to deliver to, OnScreen, or "" for the best one that did not serve as proof
	Behalf  Behalf
}

// OperationID implements Operation.
func (o Reset) OperationID() string { return o.ID }

// Verb implements Operation.
func (o Reset) Verb() Verb { return VerbReset }

// Permission implements Operation.
func (o Reset) Permission() rbac.Permission { return rbac.ResetPassword }

// Validate implements Operation.
func (o Reset) Validate() error {
	if o.Case <= 0 || o.Account.IsZero() {
		return Fail(CodeInvalid, sentence.Of("error.no_case"))
	}
	return nil
}

// Target implements AccountOperation.
func (o Reset) Target() (int64, AccountID, string) { return o.Case, o.Account, o.Version }

func (o Reset) need(a policy.Assurance, c rbac.Class) policy.Requirement {
	return needFor(VerbReset, a, c)
}

func (o Reset) proposed() OutcomeCode { return AssistedReset }

func (o Reset) notice(*run) NoticeKind { return NoticeReset }

// prepare chooses where the password goes, connects the transport, and makes the password.
func (o Reset) prepare(ctx context.Context, r *run) error {
	if err := o.choose(ctx, r); err != nil {
		return err
	}
	p := r.account.Policy
	rules := password.Rules{
		MinLength: p.MinLength, MinClasses: p.MinClasses, ForbidNames: p.NamesBanned, ASCIIOnly: true,
	}
	made, err := password.Generate(rules, passwordPerson(r.account), r.d.Entropy)
	if err != nil {
		return Fail(CodePolicy, sentence.Of("password.cannot_generate")).Because(err)
	}
	r.password = made
	return nil
}

func (o Reset) choose(ctx context.Context, r *run) error {
	if o.Deliver == OnScreen {
		if _, d := r.rules.authz.Authorize(r.request(rbac.ShowPassword)); !d.Allowed {
			return DeniedBy(d, r.class)
		}
		r.onScreen = true
		return nil
	}
	channels := r.d.channels(r.account, r.evidence)
	for _, c := range channels {
		if o.Deliver != "" && o.Deliver != c.method.ID && o.Deliver != string(c.method.Kind) {
			continue
		}
		consignment, err := c.courier.Prepare(ctx, c.method)
		if err != nil {
			return err
		}
		r.deliverTo, r.consignment = c.method, consignment
		return nil
	}
	return Fail(CodePolicy, sentence.Of("delivery.none"))
}

func (o Reset) write(ctx context.Context, r *run) error {
	return r.dir.SetPassword(ctx, r.grant, PasswordChange{
		Account: r.account.ID, Version: r.account.Version, Password: r.password,
		MustChange: r.rules.settings.Delivery.MustChange, Behalf: o.Behalf,
	})
}

// finish delivers the password, or hands it out once to the operator who may see it.
func (o Reset) finish(ctx context.Context, r *run, res *Result) {
	if r.account.State.Locked {
		res.More = append(res.More, sentence.Of("reset.also_unlocked"))
	}
	if r.onScreen {
		res.Said, res.Delivery, res.Password = sentence.Of("reset.done_screen"), DeliveredOnDesk, r.password
		r.handedOut = true
		return
	}
	to := r.deliverTo.Masked()
	consignment := r.consignment
	r.consignment = nil
	err := consignment.Send(ctx, Letter{
		Kind: LetterPassword, Name: r.account.DisplayName, Login: r.account.Login, Secret: r.password,
		Case: r.kase.Number, Ticket: r.kase.Ticket,
	})
	res.SentTo = to
	if err != nil {
		res.Said = sentence.Of("reset.done_undelivered", sentence.Word("to", to))
		r.undelivered(ctx, res, err)
		return
	}
	res.Said, res.Delivery = sentence.Of("reset.done_delivered", sentence.Word("to", to), sentence.Time("at", r.d.Clock.Now())), Delivered
}

func (o Reset) happened(before Sighting, now Account) bool {
	after := sight(now)
	return after.PasswordSet > before.PasswordSet ||
		(after.Version != before.Version && after.MustChange && !before.MustChange)
}

func passwordPerson(a Account) password.Person {
	return password.Person{
		Login: a.Login.Raw(), GivenName: a.GivenName.Raw(), Surname: a.Surname.Raw(), DisplayName: a.DisplayName.Raw(),
	}
}
