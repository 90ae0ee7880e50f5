package openldap

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// maxGroups is how many groups of one person are followed. Somebody in more of them is unreadable: they could hold any role.
const maxGroups = 10_000

// groupReaders is how many groups of one person are read at the same time.
const groupReaders = 4

// What makes groups unreadable.
const (
	groupsMany   = "groups: too many"
	groupsCircle = "groups: in a circle"
	groupsHidden = "groups: not all can be read"
)

// membership is a group while memberships are followed upwards.
type membership struct {
	core.Group
	dn      string
	parents []dn.Name
	hidden  bool // it, or what it is in, cannot be read
}

// walk follows memberOf upwards, level by level.
type walk struct {
	d     *Directory
	known map[string]*membership // by the key of the name
	order []*membership          // nearest first
}

// groups follows the groups that an entry is in. unreadable is "" when all of them are known.
func (d *Directory) groups(ctx context.Context, memberOf []string) (groups []core.Group, unreadable string, err error) {
	w := &walk{d: d, known: map[string]*membership{}}
	level, ok := w.parse(memberOf)
	for nested := false; ok && len(level) > 0; nested = true {
		if level, ok, err = w.up(ctx, level, nested); err != nil {
			return nil, "", err
		}
	}
	for _, g := range w.order {
		groups = append(groups, g.Group)
	}
	return groups, w.unreadable(ok), nil
}

// parse reads names of groups. False when there are too many.
func (w *walk) parse(names []string) ([]dn.Name, bool) {
	if len(names) > maxGroups {
		return nil, false
	}
	parsed := make([]dn.Name, 0, len(names))
	for _, name := range names {
		one, err := dn.Parse(name)
		if err != nil || one.IsZero() {
			w.order = append(w.order, &membership{Group: core.Group{Name: untrusted.New(name)}, hidden: true})
			continue
		}
		parsed = append(parsed, one)
	}
	return parsed, true
}

// up reads the groups of one level that are not known yet and returns the level above. False when there are too many.
func (w *walk) up(ctx context.Context, level []dn.Name, nested bool) (above []dn.Name, ok bool, err error) {
	var fresh []*membership
	for _, name := range level {
		if w.known[name.Key()] != nil {
			continue
		}
		g := &membership{dn: name.String(), Group: core.Group{ID: name.String(), Nested: nested}}
		w.known[name.Key()] = g
		fresh = append(fresh, g)
	}
	if len(w.known) > maxGroups {
		return nil, false, nil
	}
	w.order = append(w.order, fresh...)
	parents, err := w.read(ctx, fresh)
	if err != nil {
		return nil, false, err
	}
	for i, g := range fresh {
		if g.parents, ok = w.parse(parents[i]); !ok {
			return nil, false, nil
		}
		above = append(above, g.parents...)
	}
	return above, true, nil
}

// read reads groups side by side and returns the names of those that each is in.
func (w *walk) read(ctx context.Context, groups []*membership) ([][]string, error) {
	parents := make([][]string, len(groups))
	readers, ctx := errgroup.WithContext(ctx)
	readers.SetLimit(groupReaders)
	for i, g := range groups {
		readers.Go(func() (err error) {
			parents[i], err = w.d.group(ctx, g)
			return err
		})
	}
	return parents, readers.Wait()
}

// group reads the name of a group and proves that it is in no other; where it is, it reads in which.
func (d *Directory) group(ctx context.Context, g *membership) ([]string, error) {
	g.Name = untrusted.New(g.dn)
	alone, err := d.groupWhere(ctx, g.dn, ldapconn.Not(ldapconn.Present(attrMemberOf)), "cn")
	if err != nil {
		return nil, err
	}
	if alone != nil {
		g.call(alone)
		return nil, nil
	}
	inside, err := d.groupWhere(ctx, g.dn, ldapconn.Present("objectClass"), "cn", attrMemberOf)
	if err != nil {
		return nil, err
	}
	if inside == nil || !inside.Has(attrMemberOf) {
		g.hidden = true
		return nil, nil
	}
	g.call(inside)
	return inside.All(attrMemberOf), nil
}

func (g *membership) call(e *ldapconn.Entry) {
	if e.Has("cn") {
		g.Name = e.Text("cn")
	}
}

// groupWhere reads one group if the filter matches it; nil when it does not, or when the server refuses.
func (d *Directory) groupWhere(ctx context.Context, name string, f ldapconn.Filter, attributes ...string) (*ldapconn.Entry, error) {
	found, _, err := d.pool.Search(ctx, ldapconn.Request{
		Base: name, Scope: ldapconn.ScopeBase, Filter: f, Attributes: attributes, Limit: 1,
	})
	if _, refused := ldapconn.CodeOf(err); refused {
		return nil, nil
	}
	if err != nil || len(found) != 1 {
		return nil, err
	}
	return &found[0], nil
}

// unreadable says what is wrong with the groups.
func (w *walk) unreadable(complete bool) string {
	if !complete {
		return groupsMany
	}
	for _, g := range w.order {
		if g.hidden {
			return groupsHidden
		}
	}
	if w.circular() {
		return groupsCircle
	}
	return ""
}

// circular reports whether a group is a member of itself through others: what is left when groups without unread parents
// are taken away until there are none.
func (w *walk) circular() bool {
	left := len(w.known)
	open := map[*membership]int{} // parents not taken away yet
	children := map[*membership][]*membership{}
	var free []*membership
	for _, g := range w.known {
		open[g] = len(g.parents)
		if len(g.parents) == 0 {
			free = append(free, g)
		}
		for _, p := range g.parents {
			above := w.known[p.Key()]
			children[above] = append(children[above], g)
		}
	}
	for ; len(free) > 0; left-- {
		g := free[len(free)-1]
		free = free[:len(free)-1]
		for _, child := range children[g] {
			if open[child]--; open[child] == 0 {
				free = append(free, child)
			}
		}
	}
	return left > 0
}
