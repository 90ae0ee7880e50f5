package ldapconn

import "time"

// Object identifiers of controls and operations.
const (
	oidPasswordPolicy = "1.3.6.1.4.1.42.2.27.8.5.1" // draft-behera-ldap-password-policy-10
	oidRelaxRules     = "1.3.6.1.4.1.4203.666.5.12" // draft-zeilenga-ldap-relax
	oidPasswordModify = "1.3.6.1.4.1.4203.1.11.1"   // RFC 3062
)

// PolicyError is what the password policy control says is wrong (draft-behera-ldap-password-policy-10 section 6.2).
type PolicyError string

// The errors, in the order of their numbers.
const (
	PolicyExpired          PolicyError = "password expired"
	PolicyLocked           PolicyError = "account locked"
	PolicyMustChange       PolicyError = "change after reset"
	PolicyModNotAllowed    PolicyError = "password modification not allowed"
	PolicyMustSupplyOld    PolicyError = "must supply old password"
	PolicyBadQuality       PolicyError = "insufficient password quality"
	PolicyTooShort         PolicyError = "password too short"
	PolicyTooYoung         PolicyError = "password too young"
	PolicyInHistory        PolicyError = "password in history"
	PolicyTooLong          PolicyError = "password too long" // newer servers
	PolicyUnknownErrorCode PolicyError = "unknown"
)

func policyError(number int64) PolicyError {
	known := []PolicyError{
		PolicyExpired, PolicyLocked, PolicyMustChange, PolicyModNotAllowed, PolicyMustSupplyOld, PolicyBadQuality,
		PolicyTooShort, PolicyTooYoung, PolicyInHistory, PolicyTooLong,
	}
	if number < 0 || number >= int64(len(known)) {
		return PolicyUnknownErrorCode
	}
	return known[number]
}

// PasswordPolicy is the password policy response control. OpenLDAP tells with it, and with nothing else, whether a
// refused bind means a wrong password, a locked account or an expired password.
type PasswordPolicy struct {
	Given     bool          // the server sent the control
	Error     PolicyError   // "" when nothing is wrong
	ExpiresIn time.Duration // 0 when nothing was said about it
	GraceLeft int           // sign-ins that are left with an expired password; -1 when nothing was said about it
}

// policyOf finds the control in the content of [0] Controls. Go-ldap decodes it for a bind and for a write that
// succeeded, but drops it where it matters: when a write is refused. A control that is malformed counts as absent: the
// result code stands without it.
func policyOf(controls []byte) PasswordPolicy {
	for len(controls) > 0 {
		control, rest, err := expect(controls, tagSequence)
		if err != nil {
			break
		}
		controls = rest
		oid, control, err := expect(control, tagOctetString)
		if err != nil || string(oid) != oidPasswordPolicy {
			continue
		}
		if policy, ok := parsePolicy(controlValue(control)); ok {
			return policy
		}
	}
	return PasswordPolicy{GraceLeft: -1}
}

// controlValue skips the optional criticality (RFC 4511 section 4.1.11).
func controlValue(rest []byte) []byte {
	for len(rest) > 0 {
		part, after, err := split(rest)
		if err != nil {
			return nil
		}
		if part.tag == tagOctetString {
			return part.content
		}
		rest = after
	}
	return nil
}

// parsePolicy reads SEQUENCE { warning [0] CHOICE { timeBeforeExpiration [0], graceAuthNsRemaining [1] }, error [1] }.
func parsePolicy(value []byte) (PasswordPolicy, bool) {
	const warningTag, errorTag = 0xa0, 0x81
	policy := PasswordPolicy{Given: true, GraceLeft: -1}
	parts, _, err := expect(value, tagSequence)
	if err != nil {
		return PasswordPolicy{}, false
	}
	for len(parts) > 0 {
		var part element
		if part, parts, err = split(parts); err != nil {
			return PasswordPolicy{}, false
		}
		switch part.tag {
		case warningTag:
			policy.warn(part.content)
		case errorTag:
			number, err := integer(part.content)
			if err != nil {
				return PasswordPolicy{}, false
			}
			policy.Error = policyError(number)
		}
	}
	return policy, true
}

// warn reads the choice of a warning. Numbers that make no sense are left out.
func (p *PasswordPolicy) warn(choice []byte) {
	const secondsTag, graceTag = 0x80, 0x81
	warning, _, err := split(choice)
	if err != nil {
		return
	}
	number, err := integer(warning.content)
	if err != nil || number < 0 || number > int64(100*365*24*time.Hour/time.Second) {
		return
	}
	switch warning.tag {
	case secondsTag:
		p.ExpiresIn = time.Duration(number) * time.Second
	case graceTag:
		p.GraceLeft = int(number)
	}
}
