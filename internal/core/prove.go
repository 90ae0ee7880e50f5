package core

import (
	"context"
	"slices"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// StartProof begins to prove the caller of a case, in one way, with one method.
type StartProof struct {
	ID     string
	Case   int64
	Kind   ProofKind
	Method string // id of the method; "" picks the first usable one
}

// OperationID implements Operation.
func (o StartProof) OperationID() string { return o.ID }

// Verb implements Operation.
func (o StartProof) Verb() Verb { return VerbStartProof }

// Permission implements Operation.
func (o StartProof) Permission() rbac.Permission { return rbac.CaseWork }

// Validate implements Operation.
func (o StartProof) Validate() error {
	if o.Case <= 0 || o.Kind == "" {
		return Fail(CodeInvalid, sentence.Of("error.no_case"))
	}
	return nil
}

func (o StartProof) apply(ctx context.Context, w *desktop) error {
	c, account, err := w.caseAccount(ctx, o.Case)
	if err != nil {
		return err
	}
	w.about(c)
	if err := w.d.verificationOpen(ctx, account.ID); err != nil {
		return err
	}
	prover, method, err := w.d.pick(account, o)
	if err != nil {
		return err
	}
	ch, err := w.challenge(c, account, o.Kind, method)
	if err != nil {
		return err
	}
	if sends(method) {
		if err := w.countSend(ctx, account.ID); err != nil {
			return err
		}
		ch.SentTo, ch.Destination = method.Masked(), method.Destination
	}
	ch.Digest, err = prover.Begin(ctx, ProofRequest{
		Challenge: ch.ID, Account: account, Method: method, Case: c, Life: w.settings.Proof.CodeLife, Digits: w.settings.Proof.CodeDigits,
	})
	if err != nil {
		return err
	}
	w.record.Detail = map[string]string{"kind": string(o.Kind), "challenge": ch.ID}
	w.record.Personal["sent_to"] = ch.SentTo
	if err := w.d.Proofs.CreateChallenge(ctx, ch, w.record); err != nil {
		return err
	}
	w.res.Case, w.res.Challenge, w.res.SentTo = c, ch, ch.SentTo
	return nil
}

// sends reports whether a proof with this method sends something.
func sends(m Method) bool { return !m.Destination.IsZero() }

func (w *desktop) challenge(c Case, a Account, k ProofKind, m Method) (Challenge, error) {
	id, err := w.d.newID("ch_")
	if err != nil {
		return Challenge{}, err
	}
	return Challenge{
		ID: id, Case: c.Number, Account: a.ID, Operator: w.actor.OperatorID, Credential: w.actor.Credential, Kind: k, Method: m.ID,
		TriesLeft: w.settings.Proof.Tries, CreatedAt: w.record.At, ExpiresAt: w.record.At.Add(w.settings.Proof.CodeLife),
	}, nil
}

// countSend counts a code that is about to be sent, per account over all operators and desks: first, and then it looks whether that was one too
// many, so that starting several at once wins nothing. One that is refused is taken back.
func (w *desktop) countSend(ctx context.Context, id AccountID) error {
	p, key, at := w.settings.Proof, "sends:"+id.String(), w.record.At
	_, newest, err := w.d.Attempts.Recent(ctx, key, at, time.Hour)
	if err != nil {
		return err
	}
	near, err := w.d.Attempts.Count(ctx, key, at, p.SendSpacing)
	if err != nil {
		return err
	}
	hour, _, err := w.d.Attempts.Recent(ctx, key, at, time.Hour)
	if err != nil {
		return err
	}
	day, _, err := w.d.Attempts.Recent(ctx, key, at, 24*time.Hour)
	if err != nil {
		return err
	}
	var said sentence.Sentence
	switch {
	case near > 1:
		if newest.Add(p.SendSpacing).Before(at) { // the other one came in between
			newest = at
		}
		said = sentence.Of("throttled.send_spacing", sentence.Time("at", newest.Add(p.SendSpacing)))
	case hour > p.SendsPerHour:
		said = sentence.Of("throttled.sends_hour", sentence.Count("limit", p.SendsPerHour))
	case day > p.SendsPerDay:
		said = sentence.Of("throttled.sends_day", sentence.Count("limit", p.SendsPerDay))
	default:
		return nil
	}
	if err := w.d.Attempts.Forget(ctx, key, at); err != nil {
		return err
	}
	return Fail(CodeThrottled, said)
}

// caseAccount reads the actor's case and its account. Nothing is proved for a forbidden account.
func (w *desktop) caseAccount(ctx context.Context, number int64) (Case, Account, error) {
	c, err := w.d.ownCase(ctx, w.actor, number)
	if err != nil {
		return Case{}, Account{}, err
	}
	dir, err := w.d.directory(c.Person.ID.Directory)
	if err != nil {
		return Case{}, Account{}, err
	}
	a, err := w.d.readAccount(ctx, dir, c.Person.ID.Key)
	if err != nil {
		return Case{}, Account{}, err
	}
	class, err := w.d.classOf(ctx, w.operator, a)
	if err == nil && class.Class == rbac.Forbidden {
		err = deniedByClass(class)
	}
	return c, a, err
}

// pick finds the prover and the method of a StartProof.
func (d *Desk) pick(a Account, o StartProof) (Prover, Method, error) {
	i := slices.IndexFunc(d.Provers, func(p Prover) bool { return p.Kind() == o.Kind })
	if i < 0 {
		return nil, Method{}, Fail(CodeInvalid, sentence.Of("verify.unknown_kind"))
	}
	why := sentence.Of("verify.no_method")
	for _, m := range a.Methods {
		if !d.Provers[i].Uses(m.Kind) || (o.Method != "" && o.Method != m.ID) {
			continue
		}
		if m.Usable {
			return d.Provers[i], m, nil
		}
		why = m.Why
	}
	return nil, Method{}, Fail(CodePolicy, sentence.Of("verify.not_usable", sentence.Nested("why", why)))
}

// verificationOpen refuses while verification is locked for an account: too many used-up challenges, or too many wrong
// entries spread over challenges. The account's sign-in is not concerned.
func (d *Desk) verificationOpen(ctx context.Context, id AccountID) error {
	until, err := d.verificationLock(ctx, id)
	if err != nil || until.IsZero() {
		return err
	}
	return locked(until)
}

func locked(until time.Time) error {
	return Fail(CodeThrottled, sentence.Of("verify.locked", sentence.Time("until", until)))
}

// verificationLock is when verification opens again, zero when it is open.
func (d *Desk) verificationLock(ctx context.Context, id AccountID) (time.Time, error) {
	p := d.Settings().Proof
	until, err := d.lockedUntil(ctx, failuresKey(id), p.Failures, p.FailureWindow)
	if err != nil || !until.IsZero() {
		return until, err
	}
	return d.lockedUntil(ctx, entriesKey(id), entriesLimit(p), p.FailureWindow)
}

// lockedUntil looks whether the newest entry under a key was the one too many, within a window before it: the lock lasts for a whole window
// from then on, however old the others were.
func (d *Desk) lockedUntil(ctx context.Context, key string, limit int, window time.Duration) (time.Time, error) {
	n, newest, err := d.Attempts.Recent(ctx, key, d.Clock.Now(), window)
	if err != nil || n == 0 {
		return time.Time{}, err
	}
	n, _, err = d.Attempts.Recent(ctx, key, newest, window)
	if err != nil || n < limit {
		return time.Time{}, err
	}
	return newest.Add(window), nil
}

func failuresKey(id AccountID) string { return "failures:" + id.String() }
func entriesKey(id AccountID) string  { return "entries:" + id.String() }

// entriesLimit bounds wrong entries over all challenges of one account, so that opening new challenges wins nothing.
func entriesLimit(p policy.Proof) int { return p.Tries * p.Failures }

// ConfirmProof checks what the caller said.
type ConfirmProof struct {
	ID        string
	Challenge string
	Code      *secret.Text
}

// OperationID implements Operation.
func (o ConfirmProof) OperationID() string { return o.ID }

// Verb implements Operation.
func (o ConfirmProof) Verb() Verb { return VerbConfirmProof }

// Permission implements Operation.
func (o ConfirmProof) Permission() rbac.Permission { return rbac.CaseWork }

// Validate implements Operation.
func (o ConfirmProof) Validate() error {
	if n := o.Code.Len(); n == 0 || n > 64 {
		return Fail(CodeInvalid, sentence.Of("verify.no_code"))
	}
	return nil
}

func (o ConfirmProof) apply(ctx context.Context, w *desktop) error {
	ch, err := w.d.Proofs.Challenge(ctx, o.Challenge)
	if err != nil {
		return err
	}
	if ch.Operator != w.actor.OperatorID || ch.Credential != w.actor.Credential {
		return w.foreign(ctx, ch)
	}
	c, _, err := w.caseAccount(ctx, ch.Case)
	if err != nil {
		return err
	}
	w.about(c)
	if err := w.d.verificationOpen(ctx, ch.Account); err != nil {
		return err
	}
	return w.d.compare(ctx, w, ch, c, o.Code)
}

// foreign refuses a challenge that another operator or another credential began. Ids cannot be guessed, so one that another operator knows has
// leaked: it is burnt, which is recorded.
func (w *desktop) foreign(ctx context.Context, ch Challenge) error {
	refused := Fail(CodeUnverified, sentence.Of("verify.other_operator"))
	if ch.Operator == w.actor.OperatorID {
		return refused
	}
	w.record.Case, w.record.Subject, w.record.Code = ch.Case, ch.Account, refused.Code
	w.record.Kind, w.noted = KindDenied, true
	w.record.Detail = map[string]string{"kind": string(ch.Kind), "challenge": ch.ID, "result": "other_operator", "why": refused.Said.ID}
	if err := w.d.Proofs.FailChallenge(ctx, ch.ID, w.record); err != nil {
		return err
	}
	return refused
}

// compare counts first, durably, and compares then.
func (d *Desk) compare(ctx context.Context, w *desktop, ch Challenge, c Case, code *secret.Text) error {
	i := slices.IndexFunc(d.Provers, func(p Prover) bool { return p.Kind() == ch.Kind })
	if i < 0 {
		return Fail(CodeInvalid, sentence.Of("verify.unknown_kind"))
	}
	left, err := d.Proofs.TakeTry(ctx, ch.ID, w.record.At)
	if err != nil {
		return err
	}
	n, err := d.Attempts.Count(ctx, entriesKey(ch.Account), w.record.At, w.settings.Proof.FailureWindow)
	if err != nil {
		return err
	}
	if n > entriesLimit(w.settings.Proof) {
		return locked(w.record.At.Add(w.settings.Proof.FailureWindow))
	}
	right, err := d.Provers[i].Check(ctx, ch, code)
	if err != nil {
		return err
	}
	if !right {
		return w.wrong(ctx, ch, left)
	}
	if err := d.Attempts.Forget(ctx, entriesKey(ch.Account), w.record.At); err != nil {
		return err
	}
	return w.proved(ctx, ch, c, d.Provers[i].Strength())
}

// wrong answers a wrong entry. The words never say what was wrong with it. It is counted also when the operator is gone by then.
func (w *desktop) wrong(ctx context.Context, ch Challenge, left int) error {
	ctx, cancel := detach(ctx, bookkeeping)
	defer cancel()
	w.noted = true
	w.record.Detail = map[string]string{"kind": string(ch.Kind), "challenge": ch.ID, "result": "not_accepted"}
	w.record.Code = CodeUnverified
	if left > 0 {
		w.d.Trail.Note(w.record)
		return Fail(CodeUnverified, sentence.Of("verify.not_accepted", sentence.Count("left", left)))
	}
	if err := w.d.Proofs.FailChallenge(ctx, ch.ID, w.record); err != nil {
		return err
	}
	if _, err := w.d.Attempts.Count(ctx, failuresKey(ch.Account), w.record.At, w.settings.Proof.FailureWindow); err != nil {
		return err
	}
	w.d.tell(Event{Kind: EventAccount, Account: ch.Account})
	return Fail(CodeUnverified, sentence.Of("verify.used_up"))
}

func (w *desktop) proved(ctx context.Context, ch Challenge, c Case, s Strength) error {
	id, err := w.d.newID("ev_")
	if err != nil {
		return err
	}
	e := Evidence{
		ID: id, Case: ch.Case, Account: ch.Account, Operator: w.actor.OperatorID, Credential: w.actor.Credential, Kind: ch.Kind,
		Method: ch.Method, Destination: ch.Destination, Strength: s, ObtainedAt: w.record.At, ExpiresAt: w.record.At.Add(w.settings.Proof.EvidenceLife),
	}
	w.record.Evidence, w.record.Assurance = []string{id}, string(s)
	w.record.Detail = map[string]string{"kind": string(ch.Kind), "challenge": ch.ID, "result": "accepted"}
	if err := w.d.Proofs.Confirm(ctx, ch.ID, e, w.record); err != nil {
		return err
	}
	w.res.Evidence, w.res.Case, w.res.Challenge = e, c, ch
	w.res.Said = sentence.Of("verify.accepted", sentence.Time("until", e.ExpiresAt))
	return nil
}
