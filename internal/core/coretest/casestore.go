package coretest

import (
	"context"
	"slices"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// CreateCase implements core.Cases.
func (s *Store) CreateCase(ctx context.Context, c core.Case, r core.Record) (core.Case, error) {
	if err := s.begin(ctx, "CreateCase"); err != nil {
		return core.Case{}, err
	}
	defer s.mu.Unlock()
	c.Number = int64(len(s.cases)) + 1
	r.Case = c.Number
	s.put(r)
	s.cases[c.Number] = c
	return c, nil
}

// UpdateCase implements core.Cases.
func (s *Store) UpdateCase(ctx context.Context, c core.Case, r core.Record) (core.Case, error) {
	if err := s.begin(ctx, "UpdateCase"); err != nil {
		return core.Case{}, err
	}
	defer s.mu.Unlock()
	if !s.cases[c.Number].UpdatedAt.Equal(c.UpdatedAt) {
		return core.Case{}, core.Fail(core.CodeConflict, sentence.Of("case.changed_meanwhile"))
	}
	c.UpdatedAt = r.At
	s.put(r)
	s.cases[c.Number] = c
	return c, nil
}

// TakeCase implements core.Cases.
func (s *Store) TakeCase(ctx context.Context, number int64, r core.Record) (core.Case, error) {
	if err := s.begin(ctx, "TakeCase"); err != nil {
		return core.Case{}, err
	}
	defer s.mu.Unlock()
	c := s.cases[number]
	if c.Status != core.CaseWaiting {
		return core.Case{}, core.Fail(core.CodeConflict, sentence.Of("case.taken"))
	}
	c.Status, c.AssignedTo, c.UpdatedAt = core.CaseOpen, r.Actor.OperatorID, r.At
	c.Handoff.TakenBy, c.Handoff.TakenAt = r.Actor.OperatorID, r.At
	for i := range s.evidence {
		e := &s.evidence[i]
		if e.Case == number && e.SpentAt.IsZero() && r.At.Before(e.ExpiresAt) {
			e.ReboundFrom, e.Operator, e.Credential = e.Operator, r.Actor.OperatorID, r.Actor.Credential
		}
	}
	s.put(r)
	s.cases[number] = c
	return c, nil
}

// Case implements core.Cases.
func (s *Store) Case(ctx context.Context, number int64) (core.Case, error) {
	if err := s.begin(ctx, "Case"); err != nil {
		return core.Case{}, err
	}
	defer s.mu.Unlock()
	c, ok := s.cases[number]
	if !ok {
		return core.Case{}, core.Fail(core.CodeNotFound, sentence.Of("case.not_found", sentence.Count("case", int(number))))
	}
	return c, nil
}

// ListCases implements core.Cases.
func (s *Store) ListCases(ctx context.Context, f core.CaseFilter) ([]core.Case, error) {
	if err := s.begin(ctx, "ListCases"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var out []core.Case
	for n := int64(1); n <= int64(len(s.cases)); n++ {
		c := s.cases[n]
		if (len(f.Status) == 0 || slices.Contains(f.Status, c.Status)) && (f.AssignedTo == "" || c.AssignedTo == f.AssignedTo) &&
			(f.Account.IsZero() || c.Person.ID == f.Account) && (f.HandledBy == "" || s.handled(n, f.HandledBy)) &&
			(len(f.Waiting) == 0 || (c.Status == core.CaseWaiting && slices.Contains(f.Waiting, c.Handoff.To))) {
			out = append(out, c)
		}
	}
	if len(f.Waiting) == 0 {
		slices.Reverse(out)
	}
	return out[:min(len(out), limit(f.Limit))], nil
}

// CreateChallenge implements core.Proofs.
func (s *Store) CreateChallenge(ctx context.Context, c core.Challenge, r core.Record) error {
	if err := s.begin(ctx, "CreateChallenge"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	s.put(r)
	s.challenges[c.ID] = c
	return nil
}

// Challenge implements core.Proofs.
func (s *Store) Challenge(ctx context.Context, id string) (core.Challenge, error) {
	if err := s.begin(ctx, "Challenge"); err != nil {
		return core.Challenge{}, err
	}
	defer s.mu.Unlock()
	c, ok := s.challenges[id]
	if !ok {
		return c, core.Fail(core.CodeNotFound, sentence.Of("verify.no_challenge"))
	}
	return c, nil
}

// TakeTry implements core.Proofs.
func (s *Store) TakeTry(ctx context.Context, id string, at time.Time) (int, error) {
	if err := s.begin(ctx, "TakeTry"); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	c := s.challenges[id]
	switch {
	case c.Confirmed:
		return 0, core.Fail(core.CodeUnverified, sentence.Of("verify.already_confirmed"))
	case !at.Before(c.ExpiresAt):
		return 0, core.Fail(core.CodeUnverified, sentence.Of("verify.expired"))
	case c.TriesLeft <= 0 || c.UsedUp:
		return 0, core.Fail(core.CodeUnverified, sentence.Of("verify.no_tries"))
	}
	c.TriesLeft--
	s.challenges[id] = c
	return c.TriesLeft, nil
}

// FailChallenge implements core.Proofs.
func (s *Store) FailChallenge(ctx context.Context, id string, r core.Record) error {
	if err := s.begin(ctx, "FailChallenge"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	c := s.challenges[id]
	c.UsedUp = true
	s.challenges[id] = c
	s.put(r)
	return nil
}

// Confirm implements core.Proofs.
func (s *Store) Confirm(ctx context.Context, challenge string, e core.Evidence, r core.Record) error {
	if err := s.begin(ctx, "Confirm"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	c := s.challenges[challenge]
	if c.Confirmed {
		return core.Fail(core.CodeConflict, sentence.Of("verify.already_confirmed"))
	}
	c.Confirmed = true
	s.challenges[challenge] = c
	s.evidence = append(s.evidence, e)
	s.put(r)
	return nil
}

// EvidenceOf implements core.Proofs.
func (s *Store) EvidenceOf(ctx context.Context, caseNumber int64) ([]core.Evidence, error) {
	if err := s.begin(ctx, "EvidenceOf"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var out []core.Evidence
	for _, e := range slices.Backward(s.evidence) {
		if e.Case == caseNumber {
			out = append(out, e)
		}
	}
	return out, nil
}

// AllowRepeat implements core.Proofs.
func (s *Store) AllowRepeat(ctx context.Context, ids []string, until time.Time, r core.Record) error {
	if err := s.begin(ctx, "AllowRepeat"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	for i := range s.evidence {
		if slices.Contains(ids, s.evidence[i].ID) {
			s.evidence[i].RepeatUntil = until
		}
	}
	s.put(r)
	return nil
}

// Burn implements core.Proofs.
func (s *Store) Burn(ctx context.Context, why string, r core.Record) error {
	if err := s.begin(ctx, "Burn"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	for i := range s.evidence {
		e := &s.evidence[i]
		if e.RepeatUntil = (time.Time{}); e.SpentAt.IsZero() {
			e.SpentAt, e.SpentBy = r.At, why
		}
	}
	for id, c := range s.challenges {
		if !c.Confirmed {
			c.UsedUp, c.TriesLeft = true, 0
			s.challenges[id] = c
		}
	}
	s.put(r)
	return nil
}
