package openldap

import (
	"maps"
	"slices"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

// roleGroup is a group whose members hold an administrator role.
type roleGroup struct {
	role  rbac.Role
	group dn.Name // zero when the group is configured by its name alone
	name  string
}

func newRoleGroups(configured map[string]string, p *problems) []roleGroup {
	var out []roleGroup
	for _, role := range slices.Sorted(maps.Keys(configured)) {
		g := roleGroup{role: rbac.Role(role), name: strings.TrimSpace(configured[role])}
		if g.name == "" || role == "" {
			p.add("role_groups", `role = "group", neither of them empty`)
		}
		if name, err := dn.Parse(g.name); err == nil {
			g.group = name
		}
		out = append(out, g)
	}
	return out
}

// is reports whether a group that an account is in is this one. A name without a place counts wherever the group is.
func (r roleGroup) is(g core.Group, parsed dn.Name) bool {
	return !r.group.IsZero() && r.group.Equal(parsed) || strings.EqualFold(r.name, g.Name.Raw())
}

// rolesOf are the roles that somebody in these groups holds, each once.
func (p plan) rolesOf(groups []core.Group) []rbac.Role {
	var out []rbac.Role
	for _, g := range groups {
		parsed, err := dn.Parse(g.ID)
		if err != nil {
			continue
		}
		for _, r := range p.roles {
			if r.is(g, parsed) && !slices.Contains(out, r.role) {
				out = append(out, r.role)
			}
		}
	}
	return out
}

// isService reports whether an entry belongs to a service: it lies in a unit of them, or the program signs in with it.
func (p plan) isService(name dn.Name) bool {
	return name.Equal(p.bindDN) || slices.ContainsFunc(p.services, name.IsUnder)
}
