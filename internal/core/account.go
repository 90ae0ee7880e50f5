package core

import (
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// AccountID names one account for ever: the directory's configured name and the immutable id the directory gives the entry
// (entryUUID, objectGUID, the embedded directory's own id). Renames and moves do not change it.
type AccountID struct {
	Directory string
	Key       string
}

// String is "directory:key".
func (id AccountID) String() string {
	if id.IsZero() {
		return ""
	}
	return id.Directory + ":" + id.Key
}

// IsZero reports whether id names nothing.
func (id AccountID) IsZero() bool { return id.Directory == "" && id.Key == "" }

// ParseAccountID reads the form that String writes.
func ParseAccountID(s string) (AccountID, bool) {
	dir, key, ok := strings.Cut(s, ":")
	if !ok || dir == "" || key == "" {
		return AccountID{}, false
	}
	return AccountID{Directory: dir, Key: key}, true
}

// Origin says where an account's password lives.
type Origin string

// The origins.
const (
	CloudOnly  Origin = "cloud-only"
	OnPremises Origin = "on-premises"
	Hybrid     Origin = "hybrid"
)

// Person is what a row or a heading shows of an account.
type Person struct {
	ID          AccountID
	Login       untrusted.Text
	DisplayName untrusted.Text
	Department  untrusted.Text
}

// Account is one user object as the directory showed it at ReadAt.
type Account struct {
	Person
	Version string // opaque; changes whenever the entry changes. Compared before a write

	GivenName      untrusted.Text
	Surname        untrusted.Text
	UPN            untrusted.Text
	Title          untrusted.Text
	Office         untrusted.Text
	EmployeeNumber untrusted.Text
	Manager        Person // zero when the directory names none
	Contacts       Contacts
	Origin         Origin
	Place          string // normalised distinguished name of the parent or the organisational unit path; "" where there is none

	State    State
	Policy   PasswordPolicy
	Roles    []rbac.Role // administrator roles, direct or through groups
	Groups   []Group     // direct and nested, nearest first
	Marks    Marks
	Methods  []Method
	Created  time.Time // zero when the directory does not say
	LastSeen time.Time // last sign-in, zero when the directory does not know
	ReadAt   time.Time
	Notes    []sentence.Sentence // what could not be read, in words
}

// Contacts are the addresses on file.
type Contacts struct {
	Mail           untrusted.Text   // primary mailbox
	AlternateMails []untrusted.Text // do not depend on the account
	Mobile         untrusted.Text
	BusinessPhones []untrusted.Text
}

// Group is a group the account is in, directly or through another.
type Group struct {
	ID     string // normalised: distinguished name or the directory's own id
	Name   untrusted.Text
	Nested bool
}

// Marks are facts that decide the class of an account. A directory that cannot tell one of them must set Unreadable.
type Marks struct {
	Service    bool   // service account
	BuiltIn    bool   // built-in administrator, krbtgt and their like
	Unreadable string // what could not be read, "" when everything was: such an account is forbidden
}

// State is what the directory enforces at sign-in. "Locked", "disabled", "expired" and "must change" are four different things.
type State struct {
	Enabled         bool
	Locked          bool
	LockedSince     time.Time
	UnlocksAt       time.Time // zero: not by itself
	WrongPasswords  int       // counted since the last success, -1 when the directory does not say
	PasswordExpired bool
	MustChange      bool
	AccountExpired  bool
	AccountExpires  time.Time // zero: never
	PasswordSet     time.Time // zero: not known
	PasswordExpires time.Time // zero: never or not known
}

// PasswordPolicy is the password policy in effect for one account.
type PasswordPolicy struct {
	Known       bool
	Name        untrusted.Text
	MinLength   int // characters
	MinClasses  int // of lower, upper, digit, symbol
	History     int // remembered passwords
	MinAge      time.Duration
	MaxAge      time.Duration // 0: never expires
	LockAfter   int           // wrong passwords, 0: never
	LockFor     time.Duration // 0: until an operator unlocks
	NamesBanned bool          // may not contain parts of the person's name
}
