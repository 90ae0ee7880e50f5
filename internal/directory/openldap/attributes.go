package openldap

import (
	"slices"
)

// The attributes of slapd itself, of ppolicy (slapo-ppolicy, draft-behera-ldap-password-policy) and of memberof.
const (
	attrUUID     = "entryUUID"
	attrCSN      = "entryCSN"
	attrCreated  = "createTimestamp"
	attrMemberOf = "memberOf"

	attrPassword    = "userPassword"
	attrLocked      = "pwdAccountLockedTime"
	attrTmpLocked   = "pwdAccountTmpLockoutEnd"
	attrFailures    = "pwdFailureTime"
	attrReset       = "pwdReset"
	attrChanged     = "pwdChangedTime"
	attrPolicy      = "pwdPolicySubentry"
	attrStart       = "pwdStartTime"
	attrEnd         = "pwdEndTime"
	attrLastSuccess = "pwdLastSuccess" // olcLastBind of slapd 2.5
	attrAuthTime    = "authTimestamp"  // the lastbind overlay
)

// stateAttributes are what the state of an account is computed from. They are operational: they come only when they are
// asked for by name.
func stateAttributes() []string {
	return []string{
		attrLocked, attrTmpLocked, attrFailures, attrReset, attrChanged, attrPolicy, attrStart, attrEnd, attrLastSuccess, attrAuthTime,
	}
}

// decidingAttributes decide what may be done with an account. Where one is missing, that has to be a fact.
func decidingAttributes() []string {
	return []string{attrMemberOf, attrLocked, attrTmpLocked, attrReset, attrChanged, attrPolicy, attrStart, attrEnd}
}

// accountAttributes are everything that is read of one account.
func (d *Directory) accountAttributes(s *server) []string {
	names := append([]string{attrUUID, attrCSN, attrCreated}, s.known(append(stateAttributes(), attrMemberOf)...)...)
	return unique(slices.Concat(names, d.plan.attributes.all()))
}

// rowAttributes are what a row shows.
func (d *Directory) rowAttributes(s *server) []string {
	return unique(slices.Concat([]string{attrUUID}, s.known(stateAttributes()...), d.plan.attributes.row()))
}
