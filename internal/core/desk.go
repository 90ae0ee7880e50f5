package core

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Parts are what a Desk is put together from. Every field is needed unless it says otherwise.
type Parts struct {
	Directories   []Directory
	Operators     Operators
	OperatorStore OperatorStore
	Cases         Cases
	Proofs        Proofs
	Attempts      Attempts
	Registrations Registrations
	Trail         Trail
	Provers       []Prover
	Couriers      []Courier
	Dependencies  []Dependency // beside the directories: mail and its queue
	Presence      Presence
	Events        Events
	Clock         Clock
	Entropy       Entropy // nil: crypto/rand
	Rules         Rules
	Program       []string // logins and ids of the program's own bind accounts
	Log           *slog.Logger

	// OnStep is called before every step of the pipeline. An error or a panic counts as the step's own. For traces and tests; may be nil.
	OnStep func(ctx context.Context, s Step) error
}

// Rules are the settings and grants in force. They are replaced as a whole.
type Rules struct {
	Settings policy.Settings
	Grants   rbac.Grants
}

// Desk is the helpdesk. All its methods may be called by many at once.
type Desk struct {
	Parts
	rules    atomic.Pointer[ruling]
	latched  atomic.Bool // the trail could not be written: no change until it can
	flights  flights
	underway traffic
	times    timekeeper
	searches searches
	counts   counts
}

type ruling struct {
	settings policy.Settings
	authz    *rbac.Authorizer
	grants   rbac.Grants
}

// NewDesk puts a Desk together.
func NewDesk(p Parts) *Desk {
	if p.Entropy == nil {
		p.Entropy = rand.Reader
	}
	d := &Desk{Parts: p}
	d.Rule(p.Rules)
	return d
}

// Rule replaces settings and grants. Operations under way keep the ones they began with.
func (d *Desk) Rule(r Rules) {
	d.rules.Store(&ruling{settings: r.Settings, authz: rbac.NewAuthorizer(r.Grants), grants: r.Grants})
}

// Settings are the settings in force.
func (d *Desk) Settings() policy.Settings { return d.rules.Load().settings }

// Drain waits until no operation is under way, or ctx ends, and notes what was searched.
func (d *Desk) Drain(ctx context.Context) error {
	defer d.SumUp(0)
	return d.underway.wait(ctx)
}

// directory finds a directory by name. CodeNotFound.
func (d *Desk) directory(name string) (Directory, error) {
	for _, dir := range d.Directories {
		if dir.Name() == name {
			return dir, nil
		}
	}
	return nil, Fail(CodeNotFound, sentence.Of("error.no_directory", sentence.Word("directory", name)))
}

// newID makes an unguessable id of 128 bits.
func (d *Desk) newID(prefix string) (string, error) {
	var raw [16]byte
	if _, err := io.ReadFull(d.Entropy, raw[:]); err != nil {
		return "", Fail(CodeInternal, sentence.Of("error.entropy")).Because(err)
	}
	return prefix + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:])), nil
}

// operator reads the operator of an actor anew, with the roles that they held already when they signed in. A disabled operator is denied.
func (d *Desk) operator(ctx context.Context, actor Actor) (Operator, error) {
	o, err := d.Operators.Operator(ctx, actor.OperatorID)
	if CodeOf(err) == CodeNotFound || (err == nil && (o.Disabled || len(o.Roles) == 0)) {
		return Operator{}, Fail(CodeDenied, sentence.Of("denied.operator"))
	}
	if err != nil {
		return Operator{}, err
	}
	if o.Roles = actor.Held.limit(o.Roles); len(o.Roles) == 0 {
		return Operator{}, Fail(CodeDenied, sentence.Of("denied.sign_in_again"))
	}
	return o, nil
}

// allow decides a permission without a target and records a refusal.
func (d *Desk) allow(ctx context.Context, actor Actor, p rbac.Permission) (Operator, error) {
	return d.allowOne(ctx, actor, p)
}

// allowOne is allow for whoever has one of several permissions. A refusal is about the first of them.
func (d *Desk) allowOne(ctx context.Context, actor Actor, wanted ...rbac.Permission) (Operator, error) {
	o, err := d.operator(ctx, actor)
	if err != nil {
		return o, err
	}
	var decisions []rbac.Decision
	for _, p := range wanted {
		decision := d.rules.Load().authz.Decide(rbac.Request{Subject: o.Subject(), Permission: p})
		if decision.Allowed {
			return o, nil
		}
		decisions = append(decisions, decision)
	}
	d.Trail.Note(Record{
		At: d.Clock.Now(), Kind: KindDenied, Actor: actor, Roles: o.Roles, Desk: o.Desk,
		Reason: string(decisions[0].Rule), Detail: map[string]string{"permission": string(wanted[0])},
	})
	return o, DeniedBy(decisions[0], Classification{})
}

// base is the record every entry of one actor starts from.
func (d *Desk) base(actor Actor, o Operator, kind RecordKind, verb Verb, operation string) Record {
	return Record{
		At: d.Clock.Now().UTC(), Kind: kind, Verb: verb, Operation: operation, Actor: actor, Roles: o.Roles, Desk: o.Desk,
		Policy: d.Settings().Version,
	}
}

// bookkeeping is a deadline for bookkeeping that must not be torn by a dropped connection.
const bookkeeping = 10 * time.Second

func detach(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), limit)
}
