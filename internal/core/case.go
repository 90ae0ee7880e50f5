package core

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// CaseStatus says where a case stands.
type CaseStatus string

// The states of a case.
const (
	CaseOpen    CaseStatus = "open"    // an operator works on it
	CaseWaiting CaseStatus = "waiting" // handed to a role, nobody has taken it
	CaseClosed  CaseStatus = "closed"
)

// Case is one helpdesk interaction about one account.
type Case struct {
	Number     int64
	Ticket     untrusted.Text // reference in the ticket system; empty when none was given
	Person     Person         // as it was when the case was opened
	Desk       string         // site of the operator who opened it
	Status     CaseStatus
	OpenedBy   string // operator id
	AssignedTo string // operator id; empty while it waits for a role
	Handoff    Handoff
	Code       OutcomeCode // set when closed
	OpenedAt   time.Time   // UTC
	UpdatedAt  time.Time
	ClosedAt   time.Time
}

// Handoff is an escalation that carries the case and its evidence. The zero Handoff means the case was never handed over.
type Handoff struct {
	To       rbac.Role
	Wanted   Verb           // the operation the case waits for; empty when only help is wanted
	Reason   untrusted.Text // typed by the operator who handed it over
	By       string         // operator id
	At       time.Time
	TakenBy  string
	TakenAt  time.Time
	Evidence time.Time // when the evidence that travels with it expires; zero without evidence
}

// OutcomeCode says how a case ended.
type OutcomeCode string

// The outcome codes.
const (
	ResolvedSelfService OutcomeCode = "resolved_self_service"
	AssistedReset       OutcomeCode = "assisted_reset"
	Unlocked            OutcomeCode = "unlocked"
	ContactFixed        OutcomeCode = "contact_fixed"
	EscalatedL2         OutcomeCode = "escalated_L2"
	EscalatedAuthAdmin  OutcomeCode = "escalated_auth_admin"
	EscalatedSSPRAdmin  OutcomeCode = "escalated_SSPR_admin"
	PolicyChanged       OutcomeCode = "policy_change"
	DeviceFixed         OutcomeCode = "device_fix"
	Wait                OutcomeCode = "wait"
	RefusedUnverified   OutcomeCode = "refused_unverified"
	FraudSuspected      OutcomeCode = "fraud_suspected"
)

// OutcomeCodes lists every outcome code in the order in which it is offered.
func OutcomeCodes() []OutcomeCode {
	return []OutcomeCode{
		ResolvedSelfService, AssistedReset, Unlocked, ContactFixed, EscalatedL2, EscalatedAuthAdmin, EscalatedSSPRAdmin,
		PolicyChanged, DeviceFixed, Wait, RefusedUnverified, FraudSuspected,
	}
}

// CaseFilter selects cases. Empty fields do not filter.
type CaseFilter struct {
	Status     []CaseStatus
	AssignedTo string
	HandledBy  string      // opened, handed over, taken or assigned by this operator
	Waiting    []rbac.Role // handed to one of these roles and not taken
	Account    AccountID
	Limit      int // most rows, newest first; 0 means 100
}
