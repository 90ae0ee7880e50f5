package core

import (
	"slices"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

// ClassReason says why an account is of its class. It is stable: it stands in the trail and selects a sentence ("class.<reason>").
type ClassReason string

// The reasons, forbidden ones first, in the order in which they are tried.
const (
	ReasonUnreadable     ClassReason = "unreadable"
	ReasonSelf           ClassReason = "self"
	ReasonService        ClassReason = "service_account"
	ReasonProgram        ClassReason = "program_account"
	ReasonBuiltIn        ClassReason = "built_in"
	ReasonOutOfScope     ClassReason = "out_of_scope"
	ReasonAdminRole      ClassReason = "administrator_role"
	ReasonProtectedGroup ClassReason = "protected_group"
	ReasonVIP            ClassReason = "vip"
	ReasonPeer           ClassReason = "operator_account"
	ReasonPlain          ClassReason = "plain"
)

// Classification is the class of an account for one operator, with the reason and what it rests on.
type Classification struct {
	Class  rbac.Class
	Reason ClassReason
	Detail string // a role or a group's name; "" for the others
}

// classFacts is what classify needs beyond the account itself.
type classFacts struct {
	operator Operator
	owner    string   // id of the operator who owns the account, "" when nobody does
	program  []string // ids and logins of the program's own bind accounts
	guard    policy.Guard
}

// classify decides the class: forbidden before guarded before plain; what cannot be read is forbidden.
func classify(a Account, f classFacts) Classification {
	forbidden := []struct {
		hit    bool
		reason ClassReason
		detail string
	}{
		{a.ID.IsZero() || a.Marks.Unreadable != "", ReasonUnreadable, a.Marks.Unreadable},
		{f.isSelf(a), ReasonSelf, ""},
		{a.Marks.Service || named(a, f.guard.ServiceAccounts), ReasonService, ""},
		{named(a, f.program), ReasonProgram, ""},
		{a.Marks.BuiltIn, ReasonBuiltIn, ""},
		{!f.operator.Scope.Reaches(a), ReasonOutOfScope, ""},
	}
	for _, c := range forbidden {
		if c.hit {
			return Classification{Class: rbac.Forbidden, Reason: c.reason, Detail: c.detail}
		}
	}
	return guardedOrPlain(a, f)
}

func guardedOrPlain(a Account, f classFacts) Classification {
	if len(a.Roles) > 0 {
		return Classification{Class: rbac.Guarded, Reason: ReasonAdminRole, Detail: string(a.Roles[0])}
	}
	if g, ok := protectedGroup(a, f.guard.ProtectedGroups); ok {
		return Classification{Class: rbac.Guarded, Reason: ReasonProtectedGroup, Detail: g}
	}
	if named(a, f.guard.VIP) {
		return Classification{Class: rbac.Guarded, Reason: ReasonVIP}
	}
	if f.owner != "" {
		return Classification{Class: rbac.Guarded, Reason: ReasonPeer}
	}
	return Classification{Class: rbac.Plain, Reason: ReasonPlain}
}

func (f classFacts) isSelf(a Account) bool {
	return (f.owner != "" && f.owner == f.operator.ID) || (!a.ID.IsZero() && a.ID == f.operator.Account)
}

// named reports whether one of the names is this account's id, login, user principal name or primary mail address.
func named(a Account, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		return n == a.ID.String() || sameName(n, a.ID.Key) || sameName(n, a.Login.Raw()) ||
			sameName(n, a.UPN.Raw()) || sameName(n, a.Contacts.Mail.Raw())
	})
}

func protectedGroup(a Account, protected []string) (string, bool) {
	for _, g := range a.Groups {
		if slices.ContainsFunc(protected, func(p string) bool { return sameGroup(p, g.ID) || sameName(p, g.Name.Raw()) }) {
			return g.Name.String(), true
		}
	}
	return "", false
}
