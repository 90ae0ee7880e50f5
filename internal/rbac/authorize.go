package rbac

import "slices"

// Rule names the rule that decided. It is stable: it stands in the trail and selects the sentence shown.
type Rule string

// The rules, in the order in which they are applied.
const (
	RuleAllowed        Rule = "allowed"
	RuleNoRole         Rule = "no_role"         // the operator holds no role of the desk
	RuleNotGranted     Rule = "not_granted"     // no role of the operator has the permission
	RuleForbidden      Rule = "class_forbidden" // the target's class is forbidden
	RuleTargetRole     Rule = "target_role"     // a role of the target is outside the operator's column
	RuleUnknownRole    Rule = "unknown_role"    // the target holds a role that no table knows
	RuleSecondOperator Rule = "second_operator" // a guarded target needs an approval, and there is none
)

// Class is what a target account is to this operator.
type Class string

// The classes of accounts, most protected first. The zero Class is treated as Forbidden.
const (
	Forbidden Class = "forbidden"
	Guarded   Class = "guarded"
	Plain     Class = "plain"
)

// Subject is the operator who asks.
type Subject struct {
	ID    string
	Roles []Role
}

// Target is the account that is acted on. A Request without an account has the zero Target.
type Target struct {
	Key      string // the account's id as text; empty when no account is concerned
	Roles    []Role // every administrator role held, direct or through groups
	Class    Class
	Approved bool // a second operator approved this exact operation
}

// Request asks for one permission.
type Request struct {
	Subject    Subject
	Permission Permission
	Target     Target
	Operation  string // id of the operation the Grant will be bound to
}

// Decision is the answer and why.
type Decision struct {
	Allowed    bool
	Rule       Rule
	Permission Permission
	TargetRole Role   // for RuleTargetRole and RuleUnknownRole
	WhoCan     []Role // operator roles that could do it, weakest first; empty when nobody could
}

// Grant is the proof that an operator may do one thing to one account in one operation. Only Authorize makes one; the zero Grant
// allows nothing. Directory adapters check it again before they write.
type Grant struct {
	permission Permission
	target     string
	operation  string
	operator   string
	valid      bool
}

// Allows reports whether the Grant was given for this permission on this target.
func (g Grant) Allows(p Permission, target string) bool {
	return g.valid && g.permission == p && g.target == target && target != ""
}

// Operator is the id of the operator the Grant was given to.
func (g Grant) Operator() string { return g.operator }

// Operation is the id of the operation the Grant was given for.
func (g Grant) Operation() string { return g.operation }

// Authorizer holds the desk's grants below the ceiling of the published tables.
type Authorizer struct {
	grants           Grants
	reset, sensitive Table
}

// NewAuthorizer returns an Authorizer with these grants.
func NewAuthorizer(g Grants) *Authorizer {
	return &Authorizer{grants: g, reset: ResetTable(), sensitive: SensitiveTable()}
}

// Authorize decides a Request. The Grant is valid exactly when Decision.Allowed is true.
func (a *Authorizer) Authorize(req Request) (Grant, Decision) {
	d := a.Decide(req)
	if !d.Allowed {
		return Grant{}, d
	}
	return Grant{
		permission: req.Permission, target: req.Target.Key, operation: req.Operation,
		operator: req.Subject.ID, valid: true,
	}, d
}

// Decide answers a Request without giving a Grant. Screens use it to dim what is not allowed and to say who can.
func (a *Authorizer) Decide(req Request) Decision {
	d := Decision{Permission: req.Permission, WhoCan: a.whoCan(req)}
	if len(req.Subject.Roles) == 0 {
		d.Rule = RuleNoRole
		return d
	}
	if !a.granted(req.Subject.Roles, req.Permission) {
		d.Rule = RuleNotGranted
		return d
	}
	if req.Target.Key != "" {
		return a.decideTarget(req, d)
	}
	d.Allowed, d.Rule = true, RuleAllowed
	return d
}

func (a *Authorizer) decideTarget(req Request, d Decision) Decision {
	table := a.ceiling(req.Permission)
	if table == nil {
		d.Allowed, d.Rule = true, RuleAllowed
		return d
	}
	if req.Target.Class != Plain && req.Target.Class != Guarded {
		d.Rule, d.WhoCan = RuleForbidden, nil
		return d
	}
	if held, ok := a.refusing(table, req); !ok {
		d.Rule, d.TargetRole = RuleTargetRole, held
		if _, known := table[held]; !known {
			d.Rule = RuleUnknownRole
		}
		return d
	}
	if req.Target.Class == Guarded && !req.Target.Approved {
		d.Rule = RuleSecondOperator
		return d
	}
	d.Allowed, d.Rule = true, RuleAllowed
	return d
}

// refusing tries every role of the operator that has the permission; it returns the target's role that refused the last of them.
func (a *Authorizer) refusing(table Table, req Request) (Role, bool) {
	held := NoRole
	for _, r := range req.Subject.Roles {
		if !a.grants.Has(r, req.Permission) {
			continue
		}
		ok, refused := table.Allows(r, req.Target.Roles)
		if ok {
			return NoRole, true
		}
		held = refused
	}
	return held, false
}

// ceiling is the published table that limits a permission, nil when none does.
func (a *Authorizer) ceiling(p Permission) Table {
	switch p {
	case ResetPassword, Unlock, ShowPassword:
		return a.reset
	case SetContact, ManageMethods:
		return a.sensitive
	case Find, CaseWork, Reveal, EditPolicy, EditOperators, TrailOwn, TrailHanded, TrailAll:
		return nil
	default:
		return Table{} // an unknown permission has an empty table: nobody
	}
}

func (a *Authorizer) granted(roles []Role, p Permission) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return a.grants.Has(r, p) })
}

func (a *Authorizer) whoCan(req Request) []Role {
	table := a.ceiling(req.Permission)
	var out []Role
	for _, r := range a.grants.Holders(req.Permission) {
		if table != nil && req.Target.Key != "" {
			if ok, _ := table.Allows(r, req.Target.Roles); !ok {
				continue
			}
		}
		out = append(out, r)
	}
	return out
}
