package handoff

import (
	"slices"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// present is how many operators of a role are signed in.
type present map[rbac.Role]int

// roles are those that can do what is wanted, the weakest first.
type roles struct {
	env      *screen.Env
	list     []rbac.Role
	proposed int
	present  present // nil until it was read
}

// newRoles lists the roles; the proposed one is the caller's, or Level 2.
func newRoles(env *screen.Env, p screen.HandOffParams) roles {
	r := roles{env: env, list: slices.Clone(env.May[act.Permission(p.Wanted)].WhoCan)}
	to := rbac.Role(p.To)
	if to == "" {
		to = rbac.UserAdministrator
	}
	if !slices.Contains(r.list, to) {
		r.list = append(r.list, to)
	}
	r.proposed = slices.Index(r.list, to)
	return r
}

func (r *roles) at(i int) rbac.Role {
	if i < 0 || i >= len(r.list) {
		return ""
	}
	return r.list[i]
}

// Len implements kit.Rows.
func (r *roles) Len() int { return len(r.list) }

// Row implements kit.Rows.
func (r *roles) Row(i int) []kit.Cell {
	role := r.list[i]
	level := ""
	if role.Level() > 0 {
		level = phrase.Role(r.env, role)
	}
	return []kit.Cell{{Text: level}, {Text: string(role), Token: theme.Dim}, r.there(role)}
}

// there says whether anybody of a role is signed in.
func (r *roles) there(role rbac.Role) kit.Cell {
	n, known := r.present[role]
	switch {
	case !known:
		return kit.Cell{Text: r.env.Theme.Glyphs().Ellipsis, Token: theme.Placeholder}
	case n == 0:
		return kit.Cell{Text: r.env.Label("hand.nobody_there"), State: theme.StateOff}
	default:
		return kit.Cell{Text: r.env.Say(sentence.Of("hand.there", sentence.Count("count", n))), State: theme.StateGood}
	}
}
