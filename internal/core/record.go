package core

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

// RecordKind says what a record of the trail is.
type RecordKind string

// The kinds of records.
const (
	KindIntent     RecordKind = "intent"     // about to change an account
	KindOutcome    RecordKind = "outcome"    // what came of an intent
	KindReconciled RecordKind = "reconciled" // an unknown outcome became known
	KindDenied     RecordKind = "denied"     // refused before an intent
	KindDesk       RecordKind = "desk"       // the desk's own state changed: cases, proofs, handoffs, operators
	KindLook       RecordKind = "look"       // something was looked at: a card, a list, a revealed value, searches in sum
	KindSystem     RecordKind = "system"     // sign-in, start, degraded, recovered
)

// Record is one line of the trail. The store adds sequence number, boot id and the digest of the record before. Personal data go
// into Personal and are kept beside the record, sealed under a key per person.
type Record struct {
	Seq       int64
	At        time.Time // UTC
	Kind      RecordKind
	Verb      Verb
	Operation string // operation id
	Actor     Actor
	Roles     []rbac.Role
	Desk      string
	Policy    string // version of the settings in force
	Case      int64
	Ticket    string
	Subject   AccountID // the person concerned; the record itself carries a pseudonym of it
	Class     rbac.Class
	Reason    string // why: a ClassReason, a rbac.Rule, a sentence id
	Outcome   Outcome
	Code      Code
	Evidence  []string
	Assurance string // "strong", "weak", "weak+weak"; what was reached
	Approval  string // id of the approval, "" without
	Intent    int64  // for outcomes: the sequence number of the intent
	Before    Sighting
	Detail    map[string]string // never personal, never secret
	Personal  map[string]string // personal data: login, name, masked destination
}

// TrailFilter selects records. Empty fields do not filter.
type TrailFilter struct {
	Operator  string // records of this operator
	Cases     string // and records of cases this operator handled
	Account   AccountID
	Case      int64
	Kinds     []RecordKind
	BeforeSeq int64 // older than this; 0 starts at the newest
	Limit     int   // most records; 0 means 100
}
