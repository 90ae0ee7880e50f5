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
	own         *whereabouts
}

// fromHost is the source of operators who were added on the host. What the store has of others only says that they are disabled.
const fromHost = "host"

// Operator implements core.Operators. Logins are compared without regard to case.
func (o *operators) Operator(ctx context.Context, id string) (core.Operator, error) {
	if id == hostOperator {
		return onHost(), nil
	}
	if one, found, err := o.named(ctx, id); found || err != nil {
		return o.located(ctx, one), err
	}
	op, err := o.byGroup(ctx, id)
	if err != nil {
		return core.Operator{}, err
	}
	// An account answers to its mail address and user principal name too. Whoever has the login of an operator of another source is that operator,
	// with what that source says about credentials: a group must not be a second way to somebody's roles.
	if one, found, err := o.named(ctx, op.ID); found || err != nil {
		return o.located(ctx, one), err
	}
	return op, nil
}

// named finds an operator in the store or the configuration.
func (o *operators) named(ctx context.Context, id string) (core.Operator, bool, error) {
	all, err := o.all(ctx)
	if err != nil {
		return core.Operator{}, false, err
	}
	i := slices.IndexFunc(all, func(one core.Operator) bool { return strings.EqualFold(one.ID, id) })
	if i < 0 {
		return core.Operator{}, false, nil
	}
	return all[i], true, nil
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

// located turns "directory:login" of an operator's own account into its immutable id. Whose account is shut in the directory is out at the desk
// too. Where it cannot be read now the name stays: the comparison of logins still protects the account, and a directory that is down keeps
// nobody from the others.
func (o *operators) located(ctx context.Context, one core.Operator) core.Operator {
	for _, d := range o.directories() {
		if d.Name() != one.Account.Directory {
			continue
		}
		if seen, err := o.own.find(ctx, d, one.Account.Key); err == nil {
			one.Account, one.Disabled = seen.id, one.Disabled || seen.shut
		}
	}
	return one
}

// withLogin reads the one account that has this login or id. A name also finds accounts by mail address, which people may set themselves:
// those are not meant. CodeNotFound, CodeUnavailable.
func withLogin(ctx context.Context, d core.Directory, login string) (core.Account, error) {
	ids, err := d.Resolve(ctx, untrusted.New(login))
	if err != nil {
		return core.Account{}, err
	}
	for _, id := range ids {
		a, err := d.Account(ctx, id.Key)
		if err != nil {
			return core.Account{}, err
		}
		if id.Key == login || strings.EqualFold(a.Login.Raw(), login) {
			return a, nil
		}
	}
	return core.Account{}, core.Fail(core.CodeNotFound, sentence.Of("operator.not_found"))
}

// byGroup makes an operator of a directory account that is in a role's group: of the account with that login, else of the only one that
// answers to the name.
func (o *operators) byGroup(ctx context.Context, login string) (core.Operator, error) {
	for _, d := range o.directories() {
		groups := o.groupsOf(d.Name())
		if len(groups) == 0 {
			continue
		}
		a, err := withLogin(ctx, d, login)
		if core.CodeOf(err) == core.CodeNotFound {
			a, err = onlyOne(ctx, d, login)
		}
		if core.CodeOf(err) == core.CodeNotFound {
			continue
		}
		if err != nil {
			return core.Operator{}, err
		}
		if op, ok := operatorOf(a, groups); ok {
			return op, nil
		}
	}
	return core.Operator{}, core.Fail(core.CodeNotFound, sentence.Of("operator.not_found"))
}

// onlyOne reads the account that is meant by a name nobody else answers to. CodeNotFound, CodeUnavailable.
func onlyOne(ctx context.Context, d core.Directory, name string) (core.Account, error) {
	ids, err := d.Resolve(ctx, untrusted.New(name))
	if err != nil {
		return core.Account{}, err
	}
	if len(ids) != 1 {
		return core.Account{}, core.Fail(core.CodeNotFound, sentence.Of("operator.not_found"))
	}
	return d.Account(ctx, ids[0].Key)
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
		Disabled: shut(a),
	}
	for _, g := range groups {
		if slices.ContainsFunc(a.Groups, func(held core.Group) bool { return sameGroup(held, g.Group) }) {
			op.Roles = append(op.Roles, g.Name)
			op.Desk = g.Site
		}
	}
	return op, len(op.Roles) > 0
}

// sameGroup compares a group with a configured name or distinguished name. What is configured as a distinguished name is never compared with the
// names of groups, which whoever makes a group may choose.
func sameGroup(g core.Group, want string) bool {
	if strings.EqualFold(g.ID, want) {
		return true
	}
	a, err := dn.Parse(want)
	if err != nil || a.IsZero() {
		return strings.EqualFold(g.Name.Raw(), want)
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

// all lists stored and configured operators, each once. An operator of another source who was disabled on the host and enabled again is what
// that source says: the store does not keep roles that were taken away meanwhile.
func (o *operators) all(ctx context.Context) ([]core.Operator, error) {
	out, err := o.store.StoredOperators(ctx)
	if err != nil {
		return nil, err
	}
	out = slices.DeleteFunc(out, func(one core.Operator) bool { return one.Source != fromHost && !one.Disabled })
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
