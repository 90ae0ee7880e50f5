package core

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// MethodKind is a kind of registered authentication method.
type MethodKind string

// The kinds of methods. More come with more ways to prove a caller.
const (
	MethodTOTP         MethodKind = "totp"          // authenticator app (software OATH, RFC 6238)
	MethodMail         MethodKind = "mail"          // primary mailbox
	MethodAlternate    MethodKind = "alternateMail" // mailbox that does not depend on the account
	MethodMobile       MethodKind = "mobilePhone"
	MethodOfficePhone  MethodKind = "officePhone"
	MethodSecurityKeys MethodKind = "securityQuestions"
)

// MethodPurpose says what a method was registered for.
type MethodPurpose string

// The purposes.
const (
	ForReset MethodPurpose = "reset"
	ForMFA   MethodPurpose = "mfa"
	ForBoth  MethodPurpose = "both"
)

// Method is one registered authentication method of an account.
type Method struct {
	ID           string // stable within the account; "mail:0", a registration's id
	Kind         MethodKind
	Destination  untrusted.Text // full address or number; empty for methods without one. Shown only through Mask
	Purpose      MethodPurpose
	Source       string // "directory", "registration", "import"
	RegisteredAt time.Time
	RegisteredBy string // operator id, "self", "import"; "" when not known
	LastUsed     time.Time
	Usable       bool
	Why          sentence.Sentence // why it is not usable; zero when it is
}

// Masked is the destination as an operator may see it.
func (m Method) Masked() string {
	switch m.Kind {
	case MethodMail, MethodAlternate:
		return MaskMail(m.Destination.Raw())
	case MethodMobile, MethodOfficePhone:
		return MaskPhone(m.Destination.Raw())
	case MethodTOTP, MethodSecurityKeys:
		return ""
	default:
		return ""
	}
}

// Registration is a method that the desk itself keeps for an account of any directory.
type Registration struct {
	ID           string
	Account      AccountID
	Kind         MethodKind
	Destination  untrusted.Text // for mail and phones
	Secret       []byte         // for TOTP: the shared secret, encrypted at rest; never leaves the verify package and the store
	Purpose      MethodPurpose
	RegisteredAt time.Time
	RegisteredBy string
	LastUsed     time.Time
}
