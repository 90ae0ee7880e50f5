package embedded

import (
	"context"
	"slices"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// maxGroups is how many groups of one person are followed. More make the account unreadable: it could hold any role.
const maxGroups = 10_000

// What makes an account unreadable.
const (
	unreadableMany  = "groups: too many"
	unreadableCycle = "groups: in a circle"
)

// walkUp is all groups of a person, nearest first, each once, one more than are followed at most. ?1 is the person, ?2 the most.
const walkUp = `WITH RECURSIVE walk (id) AS (
	SELECT grp FROM memberships WHERE person = ?1
	UNION SELECT n.parent FROM walk JOIN nestings n ON n.child = walk.id LIMIT +?2) `

const (
	groupsQuery = walkUp + `SELECT g.dn, g.name, NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person = ?1 AND m.grp = g.id)
		FROM walk CROSS JOIN groups g ON g.id = walk.id`
	nestingsQuery   = walkUp + `SELECT n.child, n.parent FROM walk CROSS JOIN nestings n ON n.child = walk.id`
	groupRolesQuery = walkUp + `SELECT r.role FROM walk CROSS JOIN group_roles r ON r.grp = walk.id`
	ownRolesQuery   = `SELECT role FROM person_roles WHERE person = ?1 ORDER BY role`
)

// readGroups follows the groups of a person upwards, nearest first, and collects the roles they and the person hold.
func readGroups(ctx context.Context, tx *sqlitedb.Tx, person int64, a *core.Account) error {
	args := sqlitedb.Args{person, maxGroups + 1}
	err := tx.Each(ctx, groupsQuery, args, func(scan sqlitedb.Scan) error {
		var g core.Group
		var name string
		err := scan(&g.ID, &name, &g.Nested)
		g.Name = untrusted.New(name)
		a.Groups = append(a.Groups, g)
		return err
	})
	if err != nil {
		return err
	}
	if err := readRoles(ctx, tx, a, ownRolesQuery, person); err != nil {
		return err
	}
	if err := readRoles(ctx, tx, a, groupRolesQuery, args...); err != nil {
		return err
	}
	if len(a.Groups) > maxGroups {
		a.Groups = a.Groups[:maxGroups]
		unreadable(a, unreadableMany, "directory.groups_many")
		return nil
	}
	circular, err := isCircular(ctx, tx, args)
	if circular {
		unreadable(a, unreadableCycle, "directory.groups_circle")
	}
	return err
}

func unreadable(a *core.Account, what, said string) {
	a.Marks.Unreadable = what
	a.Notes = append(a.Notes, sentence.Of(said))
}

// readRoles adds roles, each once.
func readRoles(ctx context.Context, tx *sqlitedb.Tx, a *core.Account, query string, args ...any) error {
	return tx.Each(ctx, query, args, func(scan sqlitedb.Scan) error {
		var r rbac.Role
		err := scan(&r)
		if !slices.Contains(a.Roles, r) {
			a.Roles = append(a.Roles, r)
		}
		return err
	})
}

// isCircular reports whether one of a person's groups is a member of itself, perhaps through others: whether something is left when
// groups that are in no other are taken away until there are none.
func isCircular(ctx context.Context, tx *sqlitedb.Tx, args sqlitedb.Args) (bool, error) {
	children, parents := map[int64][]int64{}, map[int64]int{} // by group; how many are not taken away yet
	err := tx.Each(ctx, nestingsQuery, args, func(scan sqlitedb.Scan) error {
		var child, parent int64
		err := scan(&child, &parent)
		children[parent] = append(children[parent], child)
		parents[child]++
		return err
	})
	var free []int64
	for parent := range children {
		if parents[parent] == 0 {
			free = append(free, parent)
		}
	}
	for len(free) > 0 {
		top := free[len(free)-1]
		free = free[:len(free)-1]
		for _, child := range children[top] {
			if parents[child]--; parents[child] == 0 {
				delete(parents, child)
				free = append(free, child)
			}
		}
	}
	return len(parents) > 0, err
}
