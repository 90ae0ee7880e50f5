package core

import (
	"context"
	"io"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Clock is the one source of time.
type Clock interface {
	Now() time.Time
}

// Entropy is the one source of randomness: crypto/rand.Reader. A failure ends the operation; there is no fallback.
type Entropy = io.Reader

// Operators knows the desk's operators, from the configuration, the store and directory groups together.
type Operators interface {
	// Operator reads one operator anew. CodeNotFound, CodeUnavailable.
	Operator(ctx context.Context, id string) (Operator, error)
	// Owner is the id of the operator who owns the account, "" when nobody does. CodeUnavailable.
	Owner(ctx context.Context, a Account) (string, error)
	// Name is what colleagues call an operator; the id when it is not known.
	Name(ctx context.Context, id string) untrusted.Text
}

// OperatorStore keeps operators added on the host. Every change is recorded with it in one transaction.
type OperatorStore interface {
	// SaveOperator adds or replaces. CodeConflict when another operator has that login.
	SaveOperator(ctx context.Context, o Operator, r Record) error
	// StoredOperators lists all, disabled ones too.
	StoredOperators(ctx context.Context) ([]Operator, error)
	// AddKey lets an operator sign in with a key. CodeConflict when the key is another operator's.
	AddKey(ctx context.Context, k OperatorKey, r Record) error
	// RemoveKey ends that. CodeNotFound.
	RemoveKey(ctx context.Context, operator, fingerprint string, r Record) error
	// Keys lists the keys of one operator, of all for "".
	Keys(ctx context.Context, operator string) ([]OperatorKey, error)
}

// Presence says who is signed in now.
type Presence interface {
	// SignedIn lists the ids of operators with an open terminal, each once.
	SignedIn() []string
}

// Cases keeps cases. Every change is recorded with it in one transaction: CodeAuditUnavailable when it cannot be.
type Cases interface {
	// CreateCase numbers and stores a case.
	CreateCase(ctx context.Context, c Case, r Record) (Case, error)
	// UpdateCase stores a case if nobody changed it since c.UpdatedAt was read (CodeConflict), and sets UpdatedAt to r.At.
	UpdateCase(ctx context.Context, c Case, r Record) (Case, error)
	// TakeCase assigns a waiting case and re-binds its unspent evidence to the actor of r. CodeConflict when it was taken already.
	TakeCase(ctx context.Context, number int64, r Record) (Case, error)
	// Case reads one. CodeNotFound.
	Case(ctx context.Context, number int64) (Case, error)
	// ListCases lists cases, newest first; waiting ones oldest first.
	ListCases(ctx context.Context, f CaseFilter) ([]Case, error)
}

// Proofs keeps challenges and evidence.
type Proofs interface {
	// CreateChallenge stores a challenge with its record.
	CreateChallenge(ctx context.Context, c Challenge, r Record) error
	// Challenge reads one. CodeNotFound.
	Challenge(ctx context.Context, id string) (Challenge, error)
	// TakeTry uses one entry up, durably, before anything is compared, and returns how many are left after it. CodeUnverified when none
	// was left, the challenge was confirmed already or has expired at `at`.
	TakeTry(ctx context.Context, id string, at time.Time) (left int, err error)
	// FailChallenge marks a challenge as used up by wrong entries.
	FailChallenge(ctx context.Context, id string, r Record) error
	// Confirm turns a challenge into evidence, once. CodeConflict when it was confirmed already.
	Confirm(ctx context.Context, challenge string, e Evidence, r Record) error
	// EvidenceOf lists the evidence of a case, newest first.
	EvidenceOf(ctx context.Context, caseNumber int64) ([]Evidence, error)
	// AllowRepeat lets spent evidence be used again for the same operation until then: its delivery failed.
	AllowRepeat(ctx context.Context, ids []string, until time.Time, r Record) error
	// Burn spends all evidence that could still be used and ends every outstanding challenge; why becomes their SpentBy. CodeAuditUnavailable.
	Burn(ctx context.Context, why string, r Record) error
}

// Attempts counts what could be guessed or abused, durably, over all desks.
type Attempts interface {
	// Count adds one under key and returns how many lie within the window before at, this one included. Entries from the future count too,
	// so that a clock that is set back forgives nothing.
	Count(ctx context.Context, key string, at time.Time, window time.Duration) (int, error)
	// Forget takes back the newest one under key counted at exactly at: it turned out to be right.
	Forget(ctx context.Context, key string, at time.Time) error
	// Recent returns how many lie within the window, and when the newest was, without adding one.
	Recent(ctx context.Context, key string, at time.Time, window time.Duration) (n int, newest time.Time, err error)
}

// Registrations keeps methods that the desk itself registered for accounts of any directory.
type Registrations interface {
	// RegistrationsOf lists them. The TOTP secret is decrypted only by TOTPSecret.
	RegistrationsOf(ctx context.Context, account AccountID) ([]Registration, error)
	// TOTPSecret is the shared secret of one registration. CodeNotFound, CodeInternal when it cannot be decrypted.
	TOTPSecret(ctx context.Context, id string) (*secret.Text, error)
	// AcceptStep remembers the time step of an accepted code. False when that step or a later one was accepted before.
	AcceptStep(ctx context.Context, id string, step int64) (bool, error)
	// Register adds or replaces (same account, kind and destination).
	Register(ctx context.Context, reg Registration, r Record) error
	// Unregister removes one. CodeNotFound.
	Unregister(ctx context.Context, id string, r Record) error
}

// Intent is what is written, durably, before a change.
type Intent struct {
	Record   Record
	Evidence []string // ids of the evidence it rests on
}

// Conclusion is what is written after a change, in one transaction. Reconcile heeds Record, Intent and Notices alone.
type Conclusion struct {
	Record  Record
	Intent  int64
	Spend   []string // evidence spent
	Keep    []string // evidence presented and kept: one write is counted
	Notices []Notice
	Case    Case // the case, with UpdatedAt set to now; zero leaves it alone
}

// OpenIntent is an intent without a known outcome.
type OpenIntent struct {
	Record  Record
	Unknown bool // an outcome Unknown was recorded; false: nothing was, the program ended in between
}

// Concluded is how an operation ended that had been performed before.
type Concluded struct {
	Record Record // the outcome's record
	Open   bool   // there is an intent and no outcome
}

// Trail is the record of everything that happens.
type Trail interface {
	// Intend writes an intent durably (fsync). It is the lease on the account: CodeConflict when another intent on it is open or unknown;
	// CodeAuditUnavailable when it cannot be written.
	Intend(ctx context.Context, i Intent) (seq int64, err error)
	// Conclude writes the outcome with everything that belongs to it. CodeAuditUnavailable.
	Conclude(ctx context.Context, c Conclusion) (seq int64, err error)
	// Reconcile ends an open intent with what the directory showed, and puts the notices of a change that was made after all into the outbox,
	// in one transaction. An intent that was closed meanwhile is left alone. CodeAuditUnavailable.
	Reconcile(ctx context.Context, c Conclusion) error
	// Append writes one record durably. CodeAuditUnavailable.
	Append(ctx context.Context, r Record) (seq int64, err error)
	// Note writes one record soon, without waiting. It is dropped, counted and reported by Health when the trail cannot be written.
	Note(r Record)
	// Performed finds an operation by its id. CodeNotFound.
	Performed(ctx context.Context, operation string) (Concluded, error)
	// OpenIntents lists intents without a known outcome, of one account or of all for the zero id.
	OpenIntents(ctx context.Context, account AccountID) ([]OpenIntent, error)
	// Records lists records, newest first, with the personal data that were not erased.
	Records(ctx context.Context, f TrailFilter) ([]Record, error)
	// Probe makes one durable write. CodeAuditUnavailable.
	Probe(ctx context.Context) error
}

// Outbox is the queue of notices, filled by Trail.Conclude.
type Outbox interface {
	// DueNotices lists notices whose next try is due, oldest first.
	DueNotices(ctx context.Context, at time.Time, limit int) ([]Notice, error)
	// NoticeSent removes one.
	NoticeSent(ctx context.Context, key string) error
	// NoticeFailed notes an error and when to try again; dead ends the trying.
	NoticeFailed(ctx context.Context, key, why string, next time.Time, dead bool) error
	// OutboxDepth counts waiting and dead notices, and when the oldest waiting one was put in.
	OutboxDepth(ctx context.Context) (waiting, dead int, oldest time.Time, err error)
}

// Letter is the content of a delivery: a code or a new password for its owner.
type Letter struct {
	Kind   LetterKind
	Name   untrusted.Text
	Login  untrusted.Text
	Secret *secret.Text
	Life   time.Duration // how long a code can be used
	Case   int64
	Ticket untrusted.Text
}

// LetterKind selects the template of a letter.
type LetterKind string

// The letters.
const (
	LetterCode     LetterKind = "code"
	LetterPassword LetterKind = "password"
)

// Courier delivers secrets synchronously, never through a queue.
type Courier interface {
	// Reaches reports whether the courier can deliver to methods of this kind.
	Reaches(k MethodKind) bool
	// Prepare connects the transport and has the recipient accepted. CodeUnavailable, CodeInvalid for an address nobody may send to.
	Prepare(ctx context.Context, to Method) (Consignment, error)
}

// Consignment is a delivery whose transport is connected and whose recipient was accepted. Exactly one of Send and Abort is called.
type Consignment interface {
	// Send hands the content over. CodeUnavailable; the change is unknown when the content had been sent and no answer came.
	Send(ctx context.Context, l Letter) error
	// Abort closes the transport without content.
	Abort()
}

// Prover is one way to prove a caller.
type Prover interface {
	Kind() ProofKind
	Strength() Strength
	// Uses reports whether this way works with a method of this kind.
	Uses(k MethodKind) bool
	// Begin sends what has to be sent and returns the keyed hash of the expected code, nil when it keeps none.
	// CodeUnavailable, CodeInvalid; nothing is outstanding after an error.
	Begin(ctx context.Context, p ProofRequest) (digest []byte, err error)
	// Check compares an entry. It never counts: the desk has counted before. CodeUnavailable.
	Check(ctx context.Context, c Challenge, code *secret.Text) (bool, error)
}

// ProofRequest is what a Prover needs to begin.
type ProofRequest struct {
	Challenge string // id
	Account   Account
	Method    Method
	Case      Case
	Life      time.Duration
	Digits    int
}

// Dependency is something beside the directories that the desk depends on.
type Dependency interface {
	// Health asks how it is. It never fails: the answer carries the error. It returns soon after ctx ends.
	Health(ctx context.Context) Health
}

// Events tells open terminals that something they may show has changed. It never blocks.
type Events interface {
	// Changed is called after a case, a handoff, an operator or an account changed.
	Changed(e Event)
}

// Event is one change. Empty fields do not say anything.
type Event struct {
	Kind     EventKind
	Case     int64
	Account  AccountID
	Operator string
	Role     rbac.Role
}

// EventKind says what changed.
type EventKind string

// The kinds of events.
const (
	EventCase     EventKind = "case"
	EventHandoff  EventKind = "handoff"
	EventAccount  EventKind = "account"
	EventOperator EventKind = "operator"
	EventHealth   EventKind = "health"
)
