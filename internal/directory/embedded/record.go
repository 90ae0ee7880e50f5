package embedded

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Person is somebody as an import brings them.
type Person struct {
	Login          untrusted.Text // names the person in imports
	UPN            untrusted.Text
	GivenName      untrusted.Text
	Surname        untrusted.Text
	DisplayName    untrusted.Text // made of the others when empty
	Title          untrusted.Text
	Department     untrusted.Text
	Office         untrusted.Text
	EmployeeNumber untrusted.Text
	Manager        untrusted.Text // login
	Place          untrusted.Text // distinguished name of the unit

	Mail           untrusted.Text
	AlternateMails []untrusted.Text
	Mobile         untrusted.Text
	BusinessPhones []untrusted.Text

	Groups []untrusted.Text // names; groups that do not exist are made
	Roles  []untrusted.Text // administrator roles held directly

	Disabled             bool
	Service              bool
	BuiltIn              bool
	MustChange           bool
	PasswordNeverExpires bool
	AccountExpires       time.Time // zero: never

	Seed Seed // for people who are new
}

// Seed is what an account begins with. Files do not carry it: it is for the demo and for tests.
type Seed struct {
	PasswordHash   string // as HashPassword makes it; "": nobody can sign in
	PasswordSet    time.Time
	WrongPasswords int
	LockedSince    time.Time // zero: not locked
	UnlocksAt      time.Time // of a lock; zero: not by itself
	Created        time.Time // zero: now
	LastSeen       time.Time
	RegisteredAt   time.Time // of the addresses; zero: now
	RegisteredBy   string    // "" : "import"
}

// Group is a group as an import brings it.
type Group struct {
	Name     untrusted.Text
	MemberOf []untrusted.Text // names of groups
	Roles    []untrusted.Text // administrator roles of its members
}
