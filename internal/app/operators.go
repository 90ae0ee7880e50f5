package app

import (
	"context"
	"slices"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// operators implements core.Operators over three sources: the configuration, the store (added on the host), and directory groups. The
// store comes before the configuration, so that `operator disable` on the host wins; groups come last.
type operators struct {
	store       core.OperatorStore
	directories func() []core.Directory
	configured  func() []config.Operator
	groups      func() []config.RoleGroup
}

// Operator implements core.Operators. Logins are compared without regard to case.
func (o *operators) Operator(ctx context.Context, id string) (core.Operator, error) {
	if id == hostOperator {
		return onHost(), nil
	}
	stored, err := o.store.StoredOperators(ctx)
	if err != nil {
		return core.Operator{}, err
	}
	for _, one := range stored {
		if strings.EqualFold(one.ID, id) {
			return o.located(ctx, one), nil
		}
	}
	for _, c := range o.configured() {
		if strings.EqualFold(c.Login, id) {
			return o.located(ctx, fromConfig(c)), nil
		}
	}
	return o.byGroup(ctx, id)
}

func fromConfig(c config.Operator) core.Operator {
	name := c.Name
	if name == "" {
		name = c.Login
	}
	account, _ := core.ParseAccountID(c.Account)
	return core.Operator{
		ID: strings.ToLower(c.Login), Login: c.Login, Name: untrusted.New(name), Roles: c.Roles, Desk: c.Site, Disabled: c.Disabled,
		Account: account, Source: "config",
		Scope: core.Scope{Directories: c.Directories, Units: c.Units, Groups: c.Groups},
	}
}

// located turns "directory:login" of an operator's own account into its immutable id. Where that is not possible now the name stays, and the
// comparison of logins still protects the account.
func (o *operators) located(ctx context.Context, one core.Operator) core.Operator {
	for _, d := range o.directories() {
		if d.Name() != one.Account.Directory {
			continue
		}
		if ids, err := d.Resolve(ctx, untrusted.New(one.Account.Key)); err == nil && len(ids) == 1 {
			one.Account = ids[0]
		}
	}
	return one
}

// byGroup makes an operator of a directory account that is in a role's group.
func (o *operators) byGroup(ctx context.Context, login string) (core.Operator, error) {
	for _, d := range o.directories() {
		groups := o.groupsOf(d.Name())
		if len(groups) == 0 {
			continue
		}
		ids, err := d.Resolve(ctx, untrusted.New(login))
		if err != nil {
			return core.Operator{}, err
		}
		if len(ids) != 1 {
			continue
		}
		a, err := d.Account(ctx, ids[0].Key)
		if err != nil {
			return core.Operator{}, err
		}
		if op, ok := operatorOf(a, groups); ok {
			return op, nil
		}
	}
	return core.Operator{}, core.Fail(core.CodeNotFound, sentence.Of("operator.not_found"))
}

func (o *operators) groupsOf(directory string) []config.RoleGroup {
	var out []config.RoleGroup
	for _, g := range o.groups() {
		if g.Directory == directory {
			out = append(out, g)
		}
	}
	return out
}

// operatorOf is the operator an account is by its groups; an account that cannot sign in is a disabled operator.
func operatorOf(a core.Account, groups []config.RoleGroup) (core.Operator, bool) {
	op := core.Operator{
		ID: strings.ToLower(a.Login.Raw()), Login: a.Login.Raw(), Name: a.DisplayName, Account: a.ID, Source: "directory:" + a.ID.Directory,
		Disabled: !a.State.Enabled || a.State.Locked || a.State.AccountExpired,
	}
	for _, g := range groups {
		if slices.ContainsFunc(a.Groups, func(held core.Group) bool { return sameGroup(held, g.Group) }) {
			op.Roles = append(op.Roles, g.Name)
			op.Desk = g.Site
		}
	}
	return op, len(op.Roles) > 0
}

// sameGroup compares a group with a configured name or distinguished name.
func sameGroup(g core.Group, want string) bool {
	if strings.EqualFold(g.ID, want) || strings.EqualFold(g.Name.Raw(), want) {
		return true
	}
	a, err := dn.Parse(want)
	if err != nil {
		return false
	}
	b, err := dn.Parse(g.ID)
	return err == nil && a.Equal(b)
}

// Owner implements core.Operators: by the operator's own account, by the same login, or by a role's group.
func (o *operators) Owner(ctx context.Context, a core.Account) (string, error) {
	all, err := o.all(ctx)
	if err != nil {
		return "", err
	}
	for _, one := range all {
		own := one.Account
		if own == a.ID || strings.EqualFold(one.Login, a.Login.Raw()) ||
			(own.Directory == a.ID.Directory && strings.EqualFold(own.Key, a.Login.Raw())) {
			return one.ID, nil
		}
	}
	if op, ok := operatorOf(a, o.groupsOf(a.ID.Directory)); ok {
		return op.ID, nil
	}
	return "", nil
}

// all lists stored and configured operators.
func (o *operators) all(ctx context.Context) ([]core.Operator, error) {
	out, err := o.store.StoredOperators(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range o.configured() {
		one := fromConfig(c)
		if !slices.ContainsFunc(out, func(s core.Operator) bool { return strings.EqualFold(s.ID, one.ID) }) {
			out = append(out, one)
		}
	}
	return out, nil
}

// Name implements core.Operators.
func (o *operators) Name(ctx context.Context, id string) untrusted.Text {
	if one, err := o.Operator(ctx, id); err == nil && !one.Name.IsZero() {
		return one.Name
	}
	return untrusted.New(id)
}

// hostOperator is who acts in commands on the host itself. Nobody can sign in as it: a login has no blank.
const hostOperator = "host console"

func onHost() core.Operator {
	return core.Operator{
		ID: hostOperator, Login: hostOperator, Name: untrusted.New(hostOperator), Roles: []rbac.Role{rbac.GlobalAdministrator}, Source: "host",
	}
}
