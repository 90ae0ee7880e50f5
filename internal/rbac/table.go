package rbac

import "slices"

// Table is one of the published who-may-act-on-whom tables: for each row (what the target holds) the operator roles that may act.
type Table map[Role][]Role

// NoRole is the row of a target without any administrator role.
const NoRole Role = ""

// ResetTable is "who can reset passwords", tenant scope.
// Source: Microsoft Entra, role-based-access-control/privileged-roles-permissions.
func ResetTable() Table {
	const (
		pwd, help, auth = PasswordAdministrator, HelpdeskAdministrator, AuthenticationAdministrator
		user, priv, glb = UserAdministrator, PrivilegedAuthenticationAdministrator, GlobalAdministrator
	)
	return Table{
		AuthenticationAdministrator:           {auth, priv, glb},
		DirectoryReaders:                      {pwd, help, auth, user, priv, glb},
		GlobalAdministrator:                   {priv, glb},
		GroupsAdministrator:                   {user, priv, glb},
		GuestInviter:                          {pwd, help, auth, user, priv, glb},
		HelpdeskAdministrator:                 {help, user, priv, glb},
		MessageCenterReader:                   {help, auth, user, priv, glb},
		PasswordAdministrator:                 {pwd, help, auth, user, priv, glb},
		PrivilegedAuthenticationAdministrator: {priv, glb},
		PrivilegedRoleAdministrator:           {priv, glb},
		ReportsReader:                         {help, auth, user, priv, glb},
		NoRole:                                {pwd, help, auth, user, priv, glb},
		RoleAssignableGroup:                   {priv, glb},
		RestrictedUnitRole:                    {priv, glb},
		UserAdministrator:                     {user, priv, glb},
		UserExperienceSuccessManager:          {help, auth, user, priv, glb},
		UsageSummaryReportsReader:             {help, auth, user, priv, glb},
		OtherRole:                             {priv, glb},
	}
}

// SensitiveTable is "who can perform sensitive actions": contact data, enabling, deleting, user principal names.
// Password and Helpdesk Administrator have no column in it. Source: as ResetTable.
func SensitiveTable() Table {
	const auth, user, priv, glb = AuthenticationAdministrator, UserAdministrator,
		PrivilegedAuthenticationAdministrator, GlobalAdministrator
	all := []Role{auth, user, priv, glb}
	users := []Role{user, priv, glb}
	top := []Role{priv, glb}
	return Table{
		AuthenticationAdministrator:           {auth, priv, glb},
		GlobalAdministrator:                   top,
		PrivilegedAuthenticationAdministrator: top,
		PrivilegedRoleAdministrator:           top,
		GroupsAdministrator:                   users,
		HelpdeskAdministrator:                 users,
		UserAdministrator:                     users,
		DirectoryReaders:                      all,
		GuestInviter:                          all,
		MessageCenterReader:                   all,
		PasswordAdministrator:                 all,
		ReportsReader:                         all,
		NoRole:                                all,
		UserExperienceSuccessManager:          all,
		UsageSummaryReportsReader:             all,
		RoleAssignableGroup:                   top,
		RestrictedUnitRole:                    top,
		OtherRole:                             top,
	}
}

// Allows reports whether an operator role may act on a target that holds these roles: every one of them must have the operator's role
// in its row. A target role without a row refuses. The second value is the target's role that refused.
func (t Table) Allows(operator Role, target []Role) (bool, Role) {
	if len(target) == 0 {
		return slices.Contains(t[NoRole], operator), NoRole
	}
	for _, held := range target {
		if held == NoRole || !slices.Contains(t[held], operator) {
			return false, held
		}
	}
	return true, NoRole
}
