// Package rbac decides which operator may do what to whom, and hands out the Grant that every change needs.
//
// Roles are named as in Microsoft Entra ID. Two published tables are the ceiling ("who can reset passwords" and "who can perform
// sensitive actions", Microsoft Entra role-based access control, privileged-roles-permissions); the desk's own grants can only take
// away from them. Everything that is not allowed is refused, and an unknown role refuses. The package is pure: it reads no clock, no
// directory and no store, and it never learns about screens or verbs.
package rbac

import "slices"

// Role is the name of a directory role as Microsoft Entra ID writes it.
type Role string

// Roles that an operator of the desk can hold.
const (
	PasswordAdministrator                 Role = "Password Administrator" // Level 1
	HelpdeskAdministrator                 Role = "Helpdesk Administrator"
	AuthenticationAdministrator           Role = "Authentication Administrator"
	UserAdministrator                     Role = "User Administrator" // Level 2
	PrivilegedAuthenticationAdministrator Role = "Privileged Authentication Administrator"
	GlobalAdministrator                   Role = "Global Administrator" // SSPR administrator
	ReportsReader                         Role = "Reports Reader"
)

// Further roles that a target account can hold.
const (
	DirectoryReaders             Role = "Directory Readers"
	GroupsAdministrator          Role = "Groups Administrator"
	GuestInviter                 Role = "Guest Inviter"
	MessageCenterReader          Role = "Message Center Reader"
	PrivilegedRoleAdministrator  Role = "Privileged Role Administrator"
	UserExperienceSuccessManager Role = "User Experience Success Manager"
	UsageSummaryReportsReader    Role = "Usage Summary Reports Reader"

	// RoleAssignableGroup stands for membership or ownership of a role-assignable group without a role of one's own.
	RoleAssignableGroup Role = "(member or owner of a role-assignable group)"
	// RestrictedUnitRole stands for a role scoped to a restricted-management administrative unit.
	RestrictedUnitRole Role = "(role scoped to a restricted-management administrative unit)"
	// OtherRole stands for every other built-in role and every custom role that the configuration declares.
	OtherRole Role = "(any other role)"
)

// OperatorRoles are the roles an operator can hold, weakest first. The order is the one used to name who could do something instead.
func OperatorRoles() []Role {
	return []Role{
		ReportsReader, PasswordAdministrator, HelpdeskAdministrator, AuthenticationAdministrator,
		UserAdministrator, PrivilegedAuthenticationAdministrator, GlobalAdministrator,
	}
}

// TargetRoles are all rows of the published tables that name a role, without the row "no administrator role".
func TargetRoles() []Role {
	return []Role{
		AuthenticationAdministrator, DirectoryReaders, GlobalAdministrator, GroupsAdministrator, GuestInviter,
		HelpdeskAdministrator, MessageCenterReader, PasswordAdministrator, PrivilegedAuthenticationAdministrator,
		PrivilegedRoleAdministrator, ReportsReader, RoleAssignableGroup, RestrictedUnitRole, UserAdministrator,
		UserExperienceSuccessManager, UsageSummaryReportsReader, OtherRole,
	}
}

// ParseOperatorRole returns the operator role of that exact name.
func ParseOperatorRole(name string) (Role, bool) {
	r := Role(name)
	return r, slices.Contains(OperatorRoles(), r)
}

// Level is the desk level a role stands for: 1, 2 or 3 (SSPR administrator), 0 for roles outside the levels.
func (r Role) Level() int {
	switch {
	case r == PasswordAdministrator || r == HelpdeskAdministrator:
		return 1
	case r == UserAdministrator || r == AuthenticationAdministrator:
		return 2
	case r == GlobalAdministrator || r == PrivilegedAuthenticationAdministrator:
		return 3
	default:
		return 0
	}
}
