package coretest

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// RightCode is the code that a Prover of this package accepts unless it names another.
const RightCode = "12345678"

// Prover is a core.Prover that accepts one code.
type Prover struct {
	Faults
	Way   core.ProofKind
	Worth core.Strength
	Kinds []core.MethodKind
	Code  string // that it accepts; "" is RightCode
}

// Kind implements core.Prover.
func (p *Prover) Kind() core.ProofKind { return p.Way }

// Strength implements core.Prover.
func (p *Prover) Strength() core.Strength { return p.Worth }

// Uses implements core.Prover.
func (p *Prover) Uses(k core.MethodKind) bool { return slices.Contains(p.Kinds, k) }

// Begin implements core.Prover.
func (p *Prover) Begin(ctx context.Context, _ core.ProofRequest) ([]byte, error) {
	return nil, p.hit(ctx, "Begin")
}

// Check implements core.Prover.
func (p *Prover) Check(ctx context.Context, _ core.Challenge, code *secret.Text) (bool, error) {
	if err := p.hit(ctx, "Check"); err != nil {
		return false, err
	}
	return code.Reveal() == p.right(), nil
}

func (p *Prover) right() string { return cmp.Or(p.Code, RightCode) }

// Sent is one letter that a Courier delivered.
type Sent struct {
	To     string
	Kind   core.LetterKind
	Secret string
}

// Courier is a core.Courier in memory.
type Courier struct {
	Faults
	mu      sync.Mutex
	sent    []Sent
	aborted int
}

// Reaches implements core.Courier.
func (c *Courier) Reaches(k core.MethodKind) bool {
	return k == core.MethodMail || k == core.MethodAlternate
}

// Prepare implements core.Courier.
func (c *Courier) Prepare(ctx context.Context, to core.Method) (core.Consignment, error) {
	if err := c.hit(ctx, "Prepare"); err != nil {
		return nil, err
	}
	return &consignment{c, to.Destination.Raw()}, nil
}

// Letters is what was delivered.
func (c *Courier) Letters() []Sent {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.sent)
}

// Aborted is how many consignments were given up.
func (c *Courier) Aborted() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.aborted
}

type consignment struct {
	c  *Courier
	to string
}

// Send implements core.Consignment.
func (s *consignment) Send(ctx context.Context, l core.Letter) error {
	if err := s.c.hit(ctx, "Send"); err != nil {
		return err
	}
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	s.c.sent = append(s.c.sent, Sent{To: s.to, Kind: l.Kind, Secret: l.Secret.Reveal()})
	return nil
}

// Abort implements core.Consignment.
func (s *consignment) Abort() {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	s.c.aborted++
}
