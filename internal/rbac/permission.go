package rbac

import "slices"

// Permission is one thing an operator can be allowed to do.
type Permission string

// The permissions. Their names are stable: they stand in the configuration and in the trail.
const (
	Find          Permission = "account.find"    // find people, see their state and their methods (masked)
	CaseWork      Permission = "case.work"       // open cases, prove the caller, run playbooks, hand off
	ResetPassword Permission = "password.reset"  // ceiling: ResetTable
	Unlock        Permission = "account.unlock"  // ceiling: ResetTable
	Reveal        Permission = "contact.reveal"  // see a full phone number or address, with a reason
	SetContact    Permission = "contact.set"     // ceiling: SensitiveTable
	ManageMethods Permission = "method.manage"   // require re-registration, add or remove a method; ceiling: SensitiveTable
	ShowPassword  Permission = "password.show"   // see a new password on the screen
	EditPolicy    Permission = "policy.edit"     // policy and playbooks
	EditOperators Permission = "operator.edit"   // operators, their keys and roles
	TrailOwn      Permission = "trail.read.own"  // one's own records
	TrailHanded   Permission = "trail.read.case" // also records of cases handed to one
	TrailAll      Permission = "trail.read.all"  // every record
)

// Permissions lists every permission, in the order in which they are documented.
func Permissions() []Permission {
	return []Permission{
		Find, CaseWork, ResetPassword, Unlock, Reveal, SetContact, ManageMethods, ShowPassword,
		EditPolicy, EditOperators, TrailOwn, TrailHanded, TrailAll,
	}
}

// ParsePermission returns the permission of that exact name.
func ParsePermission(name string) (Permission, bool) {
	p := Permission(name)
	return p, slices.Contains(Permissions(), p)
}

// Grants says which role has which permission. It is configuration; DefaultGrants is the documented default.
type Grants map[Role][]Permission

// DefaultGrants is the default permission table of the desk. Nobody may see a password on the screen.
func DefaultGrants() Grants {
	level1 := []Permission{Find, CaseWork, ResetPassword, TrailOwn}
	level2 := []Permission{
		Find, CaseWork, ResetPassword, Unlock, Reveal, SetContact, ManageMethods, TrailOwn, TrailHanded,
	}
	admin := append(slices.Clone(level2), EditPolicy, EditOperators, TrailAll)
	return Grants{
		PasswordAdministrator:                 level1,
		HelpdeskAdministrator:                 slices.Clone(level1),
		AuthenticationAdministrator:           slices.Clone(level2),
		UserAdministrator:                     level2,
		PrivilegedAuthenticationAdministrator: slices.Clone(level2),
		GlobalAdministrator:                   admin,
		ReportsReader:                         {TrailAll},
	}
}

// Has reports whether the role has the permission.
func (g Grants) Has(r Role, p Permission) bool { return slices.Contains(g[r], p) }

// Holders are the operator roles that have the permission, weakest first.
func (g Grants) Holders(p Permission) []Role {
	var out []Role
	for _, r := range OperatorRoles() {
		if g.Has(r, p) {
			out = append(out, r)
		}
	}
	return out
}
