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

// group is a group while its memberships are followed.
type group struct {
	core.Group
	parents []int64
}

// readGroups follows the groups of a person upwards, nearest first, and collects the roles they and the person hold.
func readGroups(ctx context.Context, tx *sqlitedb.Tx, person int64, a *core.Account) error {
	walk := walk{tx: tx, known: map[int64]*group{}}
	direct, err := walk.numbers(ctx, `SELECT grp FROM memberships WHERE person = ? ORDER BY grp`, person)
	if err != nil {
		return err
	}
	if err := walk.up(ctx, direct); err != nil {
		return err
	}
	switch {
	case walk.many:
		unreadable(a, unreadableMany, "directory.groups_many")
	case walk.circular():
		unreadable(a, unreadableCycle, "directory.groups_circle")
	}
	for _, id := range walk.order {
		a.Groups = append(a.Groups, walk.known[id].Group)
	}
	a.Roles, err = walk.roles(ctx, person)
	return err
}

func unreadable(a *core.Account, what, said string) {
	a.Marks.Unreadable = what
	a.Notes = append(a.Notes, sentence.Of(said))
}

// walk follows memberships upwards.
type walk struct {
	tx    *sqlitedb.Tx
	known map[int64]*group
	order []int64 // nearest first
	many  bool
}

// up reads groups and, level by level, the groups they are in.
func (w *walk) up(ctx context.Context, level []int64) error {
	for nested := false; len(level) > 0; nested = true {
		var next []int64
		for _, id := range level {
			if w.known[id] != nil {
				continue
			}
			if len(w.order) >= maxGroups {
				w.many = true
				return nil
			}
			g, err := w.read(ctx, id, nested)
			if err != nil {
				return err
			}
			w.known[id], w.order, next = g, append(w.order, id), append(next, g.parents...)
		}
		level = next
	}
	return nil
}

func (w *walk) read(ctx context.Context, id int64, nested bool) (*group, error) {
	var name, dn string
	if _, err := w.tx.One(ctx, `SELECT name, dn FROM groups WHERE id = ?`, sqlitedb.Args{id}, &name, &dn); err != nil {
		return nil, err
	}
	parents, err := w.numbers(ctx, `SELECT parent FROM nestings WHERE child = ? ORDER BY parent`, id)
	return &group{Group: core.Group{ID: dn, Name: untrusted.New(name), Nested: nested}, parents: parents}, err
}

func (w *walk) numbers(ctx context.Context, query string, of int64) (out []int64, err error) {
	err = w.tx.Each(ctx, query, sqlitedb.Args{of}, func(scan sqlitedb.Scan) error {
		var n int64
		err := scan(&n)
		out = append(out, n)
		return err
	})
	return out, err
}

// circular reports whether a group is a member of itself through others: what is left when groups without unread parents are
// taken away until there are none.
func (w *walk) circular() bool {
	left := len(w.order)
	open := map[int64]int{}         // parents not taken away yet
	children := map[int64][]int64{} // by parent
	var free []int64
	for id, g := range w.known {
		open[id] = len(g.parents)
		if len(g.parents) == 0 {
			free = append(free, id)
		}
		for _, p := range g.parents {
			children[p] = append(children[p], id)
		}
	}
	for ; len(free) > 0; left-- {
		id := free[len(free)-1]
		free = free[:len(free)-1]
		for _, child := range children[id] {
			if open[child]--; open[child] == 0 {
				free = append(free, child)
			}
		}
	}
	return left > 0
}

// roles collects the roles of the person and of all groups, each once.
func (w *walk) roles(ctx context.Context, person int64) (out []rbac.Role, err error) {
	add := func(scan sqlitedb.Scan) error {
		var r rbac.Role
		err := scan(&r)
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
		return err
	}
	if err := w.tx.Each(ctx, `SELECT role FROM person_roles WHERE person = ? ORDER BY role`, sqlitedb.Args{person}, add); err != nil {
		return nil, err
	}
	for _, id := range w.order {
		if err := w.tx.Each(ctx, `SELECT role FROM group_roles WHERE grp = ? ORDER BY role`, sqlitedb.Args{id}, add); err != nil {
			return nil, err
		}
	}
	return out, nil
}
