package coretest

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Store is core's Trail, Cases, Proofs, Attempts and Registrations in memory. It survives a "crash": build a new
// Desk on the same Store.
type Store struct {
	Faults
	mu         sync.Mutex
	records    []core.Record
	open       map[core.AccountID]core.OpenIntent
	cases      map[int64]core.Case
	challenges map[string]core.Challenge
	evidence   []core.Evidence
	attempts   map[string][]time.Time
	regs       map[string]core.Registration
	steps      map[string]int64
	notices    []core.Notice
}

// NewStore returns an empty store.
func NewStore() *Store {
	return &Store{
		open: map[core.AccountID]core.OpenIntent{}, cases: map[int64]core.Case{}, challenges: map[string]core.Challenge{},
		attempts: map[string][]time.Time{}, regs: map[string]core.Registration{}, steps: map[string]int64{},
	}
}

// All is every record so far, oldest first.
func (s *Store) All() []core.Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.records)
}

// Notices is the outbox.
func (s *Store) Notices() []core.Notice {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.notices)
}

// begin takes the lock after the planned faults of a method.
func (s *Store) begin(ctx context.Context, method string) error {
	if err := s.hit(ctx, method); err != nil {
		return err
	}
	s.mu.Lock()
	return nil
}

func (s *Store) put(r core.Record) int64 {
	r.Seq = int64(len(s.records)) + 1
	s.records = append(s.records, r)
	return r.Seq
}

// Intend implements core.Trail.
func (s *Store) Intend(ctx context.Context, i core.Intent) (int64, error) {
	if err := s.begin(ctx, "Intend"); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	if _, taken := s.open[i.Record.Subject]; taken {
		return 0, core.Fail(core.CodeConflict, sentence.Of("conflict.other_operation"))
	}
	i.Record.Seq = s.put(i.Record)
	s.open[i.Record.Subject] = core.OpenIntent{Record: i.Record}
	return i.Record.Seq, nil
}

// Conclude implements core.Trail.
func (s *Store) Conclude(ctx context.Context, c core.Conclusion) (int64, error) {
	if err := s.begin(ctx, "Conclude"); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	seq := s.put(c.Record)
	s.settle(c.Record, c.Record.Outcome == core.Unknown)
	for i := range s.evidence {
		e := &s.evidence[i]
		if slices.Contains(c.Spend, e.ID) {
			e.SpentAt, e.SpentBy, e.RepeatUntil = c.Record.At, c.Record.Operation, time.Time{}
		}
		if slices.Contains(c.Keep, e.ID) {
			e.Writes++
		}
	}
	s.notices = append(s.notices, c.Notices...)
	if kase, ok := s.cases[c.Case.Number]; ok {
		kase.UpdatedAt = c.Record.At
		s.cases[kase.Number] = kase
	}
	return seq, nil
}

// settle ends the open intent of a subject, or marks it as unknown.
func (s *Store) settle(r core.Record, unknown bool) {
	o, ok := s.open[r.Subject]
	if !ok {
		return
	}
	if o.Unknown = unknown; unknown {
		s.open[r.Subject] = o
		return
	}
	delete(s.open, r.Subject)
}

// Reconcile implements core.Trail.
func (s *Store) Reconcile(ctx context.Context, c core.Conclusion) error {
	if err := s.begin(ctx, "Reconcile"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	r := c.Record
	if o, ok := s.open[r.Subject]; !ok || o.Record.Seq != c.Intent {
		return nil
	}
	s.notices = append(s.notices, c.Notices...)
	s.put(r)
	s.settle(r, false)
	return nil
}

// Append implements core.Trail.
func (s *Store) Append(ctx context.Context, r core.Record) (int64, error) {
	if err := s.begin(ctx, "Append"); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	return s.put(r), nil
}

// Note implements core.Trail; it writes at once.
func (s *Store) Note(r core.Record) {
	if s.begin(context.Background(), "Note") == nil {
		s.put(r)
		s.mu.Unlock()
	}
}

// Performed implements core.Trail.
func (s *Store) Performed(ctx context.Context, operation string) (core.Concluded, error) {
	if err := s.begin(ctx, "Performed"); err != nil {
		return core.Concluded{}, err
	}
	defer s.mu.Unlock()
	for _, r := range slices.Backward(s.records) {
		if r.Operation == operation && (r.Kind == core.KindOutcome || r.Kind == core.KindReconciled) {
			return core.Concluded{Record: r}, nil
		}
	}
	for _, r := range s.records {
		if r.Operation == operation && r.Kind == core.KindIntent {
			return core.Concluded{Record: r, Open: true}, nil
		}
	}
	return core.Concluded{}, core.Fail(core.CodeNotFound, sentence.Of("operation.not_found"))
}

// OpenIntents implements core.Trail.
func (s *Store) OpenIntents(ctx context.Context, account core.AccountID) ([]core.OpenIntent, error) {
	if err := s.begin(ctx, "OpenIntents"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var out []core.OpenIntent
	for id, o := range s.open {
		if account.IsZero() || account == id {
			out = append(out, o)
		}
	}
	return out, nil
}

// Records implements core.Trail.
func (s *Store) Records(ctx context.Context, f core.TrailFilter) ([]core.Record, error) {
	if err := s.begin(ctx, "Records"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var out []core.Record
	for _, r := range slices.Backward(s.records) {
		mine := f.Operator == "" || r.Actor.OperatorID == f.Operator || (f.Cases != "" && s.handled(r.Case, f.Cases))
		if mine && selected(r, f) {
			out = append(out, r)
		}
		if len(out) == limit(f.Limit) {
			break
		}
	}
	return out, nil
}

// selected reports whether a record passes everything of a filter but whose it is.
func selected(r core.Record, f core.TrailFilter) bool {
	return (f.Account.IsZero() || r.Subject == f.Account) && (f.Case == 0 || r.Case == f.Case) &&
		(len(f.Kinds) == 0 || slices.Contains(f.Kinds, r.Kind)) && (f.BeforeSeq == 0 || r.Seq < f.BeforeSeq)
}

func (s *Store) handled(number int64, operator string) bool {
	c := s.cases[number]
	return c.OpenedBy == operator || c.AssignedTo == operator || c.Handoff.By == operator || c.Handoff.TakenBy == operator
}

func limit(n int) int {
	if n == 0 {
		return 100
	}
	return n
}

// Probe implements core.Trail.
func (s *Store) Probe(ctx context.Context) error { return s.hit(ctx, "Probe") }

// Count implements core.Attempts.
func (s *Store) Count(ctx context.Context, key string, at time.Time, window time.Duration) (int, error) {
	if err := s.begin(ctx, "Count"); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	s.attempts[key] = append(s.attempts[key], at)
	n, _ := s.recent(key, at, window)
	return n, nil
}

// Forget implements core.Attempts.
func (s *Store) Forget(ctx context.Context, key string, at time.Time) error {
	if err := s.begin(ctx, "Forget"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.attempts[key], at.Equal); i >= 0 {
		s.attempts[key] = slices.Delete(s.attempts[key], i, i+1)
	}
	return nil
}

// Recent implements core.Attempts.
func (s *Store) Recent(ctx context.Context, key string, at time.Time, window time.Duration) (int, time.Time, error) {
	if err := s.begin(ctx, "Recent"); err != nil {
		return 0, time.Time{}, err
	}
	defer s.mu.Unlock()
	n, newest := s.recent(key, at, window)
	return n, newest, nil
}

func (s *Store) recent(key string, at time.Time, window time.Duration) (n int, newest time.Time) {
	for _, t := range s.attempts[key] {
		if t.After(at.Add(-window)) {
			n++
			if t.After(newest) {
				newest = t
			}
		}
	}
	return n, newest
}

// RegistrationsOf implements core.Registrations.
func (s *Store) RegistrationsOf(ctx context.Context, account core.AccountID) ([]core.Registration, error) {
	if err := s.begin(ctx, "RegistrationsOf"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var out []core.Registration
	for _, r := range s.regs {
		if r.Account == account {
			r.Secret = nil
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b core.Registration) int { return len(a.ID) - len(b.ID) })
	return out, nil
}

// TOTPSecret implements core.Registrations.
func (s *Store) TOTPSecret(ctx context.Context, id string) (*secret.Text, error) {
	if err := s.begin(ctx, "TOTPSecret"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	r, ok := s.regs[id]
	if !ok {
		return nil, core.Fail(core.CodeNotFound, sentence.Of("registration.not_found"))
	}
	return secret.New(slices.Clone(r.Secret)), nil
}

// AcceptStep implements core.Registrations.
func (s *Store) AcceptStep(ctx context.Context, id string, step int64) (bool, error) {
	if err := s.begin(ctx, "AcceptStep"); err != nil {
		return false, err
	}
	defer s.mu.Unlock()
	if last, ok := s.steps[id]; ok && step <= last {
		return false, nil
	}
	s.steps[id] = step
	return true, nil
}

// Register implements core.Registrations.
func (s *Store) Register(ctx context.Context, reg core.Registration, r core.Record) error {
	if err := s.begin(ctx, "Register"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	s.put(r)
	s.regs[reg.ID] = reg
	return nil
}

// Unregister implements core.Registrations.
func (s *Store) Unregister(ctx context.Context, id string, r core.Record) error {
	if err := s.begin(ctx, "Unregister"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	s.put(r)
	delete(s.regs, id)
	return nil
}
