package ldapconn

import (
	"fmt"

	"github.com/go-ldap/ldap/v3"
)

// Object identifiers of controls that make a change conditional, or keep it from being made.
const (
	// OIDAssertion names the control of RFC 4528, for [RootDSE.HasControl].
	OIDAssertion = "1.3.6.1.1.12"
	// OIDPasswordPolicy names the control of draft-behera-ldap-password-policy, for [RootDSE.HasControl].
	OIDPasswordPolicy = oidPasswordPolicy

	oidNoOperation = "1.3.6.1.4.1.4203.666.5.2" // draft-zeilenga-ldap-noop
)

// Codes that go with these controls.
const (
	CodeAssertionFailed Code = 122   // RFC 4528: the entry is not as asserted, nothing was changed
	CodeNoOperation     Code = 16654 // draft-zeilenga-ldap-noop: it would have been done, and was not
)

// Assertion makes a request conditional: the server does it only to an entry that the filter matches, and answers
// CodeAssertionFailed for any other (RFC 4528). The error wraps ErrFilter.
func Assertion(filter Filter) (Control, error) {
	if err := filter.Err(); err != nil {
		return Control{}, err
	}
	packet, err := ldap.CompileFilter(filter.text)
	if err != nil {
		return Control{}, fmt.Errorf("%w: %w", ErrFilter, err)
	}
	return Control{OID: OIDAssertion, Critical: true, Value: packet.Bytes()}, nil
}

// NoOperation asks the server to check a change as if it were to be made, rights and rules, and not to make it. The
// answer is then CodeNoOperation. It is critical: a server that does not know it refuses. OpenLDAP knows the control
// (seen with 2.5) but does not name it in its root entry.
func NoOperation() Control { return Control{OID: oidNoOperation, Critical: true} }
