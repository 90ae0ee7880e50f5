package directorytest

import (
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// Fixture is a directory under test and the administrator's way around it. Its methods fail the test when they cannot do what they say.
type Fixture interface {
	// Directory is what is tested. It outlives the test it is given to.
	Directory() core.Directory
	// Traits say what this directory cannot do, or does in its own way.
	Traits() Traits
	// Add adds a person and returns the id under which Directory knows it.
	Add(tb testing.TB, p Person) core.AccountID
	// AddGroup makes a group whose members are people and groups by name. It is called for members first.
	AddGroup(tb testing.TB, name string, people []string, groups []string)
	// Lock locks an account by wrong passwords, as its owner would.
	Lock(tb testing.TB, login string)
	// SignsIn reports whether the directory takes the password for the person's, even if it must be changed first.
	SignsIn(tb testing.TB, login, password string) bool
	// Unreachable is a directory of the same kind whose server does not answer.
	Unreachable(tb testing.TB) core.Directory
}

// Tearer is a Fixture that can cut the connection after a change was sent and before its answer came.
type Tearer interface {
	// Torn is the same directory seen through a connection that is cut in this way by the next change.
	Torn(tb testing.TB) core.Directory
}

// Staller is a Fixture that can keep a server from answering.
type Staller interface {
	// Stalled is the same directory behind a server that takes requests and answers none, until the test ends.
	Stalled(tb testing.TB) core.Directory
}

// Traits are what differs between directories for good reasons. The zero Traits promise the least.
type Traits struct {
	Substrings  bool // names are also found by what is inside them
	Groups      bool // nested groups
	Disabled    bool // Person.Disabled can be had
	Expired     bool // Person.Expired can be had
	MustChange  bool // Person.MustChange can be had
	Service     bool // Person.Service can be had
	Versions    bool // of two changes based on one version at the same time one is refused
	RefusesOld  bool // a password that was used before is refused also when the desk sets it
	PhoneSearch bool // people are found by a whole telephone number
	Total       bool // lists are counted
}

// Person is somebody the fixture adds. The logins differ between tests, the other values need not. Empty values are left out.
type Person struct {
	Login          string
	GivenName      string
	Surname        string
	DisplayName    string
	Department     string
	Title          string
	EmployeeNumber string
	Mail           string
	AlternateMail  string
	Mobile         string
	Manager        string // login
	Password       string
	Disabled       bool
	Expired        bool // the password
	MustChange     bool
	Service        bool // a service account
}

// The passwords of the tests. They satisfy any usual policy.
const (
	FirstPassword  = "Quiet-Harbour-71-lamp"
	SecondPassword = "Velvet-Anchor-38-mist"
	ThirdPassword  = "Copper-Window-94-fern"
	// ShortPassword is shorter than any policy of a fixture allows.
	ShortPassword = "a1!"
)
