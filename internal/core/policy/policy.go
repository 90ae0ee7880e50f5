// Package policy holds the settings of the desk: limits, lifetimes, the assurance each operation needs, and how secrets travel.
//
// Every setting has a key, a default and hard bounds from the start. The configuration file fills them; versions and an editor come on
// top without moving a key. The package is pure: no I/O, no clock, no knowledge of screens or directories.
package policy

import "time"

// Settings are the desk's settings in force. The zero value is not usable: start from Defaults.
type Settings struct {
	Version string // the version recorded with every operation; "default" or a digest of the configured values

	Search    Search
	Proof     Proof
	Assurance Assurance
	Quota     Quota
	Idle      Idle
	Case      Case
	Delivery  Delivery
	Guard     Guard
	Operation Operation
	Self      SelfService
}

// Search bounds looking for people.
type Search struct {
	MinLetters int // shortest text that is looked for
	Rows       int // most rows shown for one search
}

// Proof bounds the ways to prove a caller.
type Proof struct {
	CodeDigits    int           // digits of a code that is sent
	CodeLife      time.Duration // how long a code can be used
	Tries         int           // wrong entries that use a challenge up
	SendSpacing   time.Duration // least time between two codes for one account
	SendsPerHour  int           // codes sent for one account in an hour
	SendsPerDay   int           // codes sent for one account in a day
	Failures      int           // used-up challenges in FailureWindow that lock verification for the account
	FailureWindow time.Duration
	EvidenceLife  time.Duration // how long evidence can be used
	EvidenceTries int           // writes that one piece of evidence may be used for while nothing was changed
}

// Level is what a requirement counts: a weak proof is worth 1, a strong one 2.
type Level int

// Requirement is what must be proved before an operation.
type Requirement struct {
	Points   Level // sum of the proofs' worth
	Strong   int   // how many of them must be strong
	Approval bool  // a second operator must approve
}

// Assurance says what each kind of operation needs, by the class of the account.
type Assurance struct {
	ResetPlain   Requirement
	UnlockPlain  Requirement
	ContactPlain Requirement
	Guarded      Requirement // any operation on a guarded account
}

// Quota bounds what one operator does.
type Quota struct {
	ChangesPerHour int // resets, unlocks and other changes
	CardsPerHour   int // opened cards, and as many cases that are opened
	RevealsPerHour int // revealed contact values; 0 allows none
}

// Idle bounds an operator's terminal.
type Idle struct {
	Lock     time.Duration // without a key: lock the screen
	End      time.Duration // without a key: end
	Absolute time.Duration // longest time signed in
	Hold     time.Duration // how long the lock is held off while a code is outstanding
}

// Case says what a case needs.
type Case struct {
	RequireTicket bool
	TicketPattern string // RE2 pattern a ticket reference must match; empty accepts any
}

// Delivery says how a new password reaches its owner.
type Delivery struct {
	RepeatFor           time.Duration // how long a failed delivery may be repeated with the same evidence
	PrimaryMailWhenShut bool          // the primary mailbox can be read although the account is locked or expired
	MustChange          bool          // a delivered password must be changed at the next sign-in
}

// Guard names accounts beyond the built-in rules.
type Guard struct {
	ProtectedGroups []string // members, direct or nested, are guarded
	VIP             []string // logins, mail addresses or directory:key ids that are guarded
	ServiceAccounts []string // logins that are forbidden
}

// Operation bounds one change.
type Operation struct {
	Deadline time.Duration // for the directory's answer after the change was sent
}

// SelfService is the part of the self-service policy that the card needs.
type SelfService struct {
	MethodsRequired int    // usable methods a person needs to help themselves
	Portal          string // where people reset their own password, as said to a caller; empty: there is none
}

// Defaults are the documented defaults.
func Defaults() Settings {
	return Settings{
		Version: "default",
		Search:  Search{MinLetters: 2, Rows: 50},
		Proof: Proof{
			CodeDigits: 8, CodeLife: 10 * time.Minute, Tries: 5,
			SendSpacing: time.Minute, SendsPerHour: 3, SendsPerDay: 6,
			Failures: 3, FailureWindow: 24 * time.Hour,
			EvidenceLife: 10 * time.Minute, EvidenceTries: 3,
		},
		Assurance: Assurance{
			ResetPlain:   Requirement{Points: 1},
			UnlockPlain:  Requirement{Points: 1},
			ContactPlain: Requirement{Points: 2, Approval: true},
			Guarded:      Requirement{Points: 3, Strong: 1, Approval: true},
		},
		Quota:     Quota{ChangesPerHour: 40, CardsPerHour: 120, RevealsPerHour: 10},
		Idle:      Idle{Lock: 5 * time.Minute, End: 15 * time.Minute, Absolute: 8 * time.Hour, Hold: 10 * time.Minute},
		Delivery:  Delivery{RepeatFor: 10 * time.Minute, MustChange: true},
		Operation: Operation{Deadline: 10 * time.Second},
		Self:      SelfService{MethodsRequired: 1},
	}
}
