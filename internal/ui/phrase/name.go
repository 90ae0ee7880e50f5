package phrase

import (
	"slices"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// Role is what people at the desk call the holders of a role: "Level 2", or the role's own name where it has no level.
func Role(env *screen.Env, r rbac.Role) string {
	if r.Level() == 0 {
		return string(r)
	}
	return env.Say(sentence.Of("who.level", sentence.Count("level", r.Level())))
}

// Kind is the short name of a kind of method.
func Kind(env *screen.Env, k core.MethodKind) string { return env.Label("kind." + string(k)) }

// Code is an outcome code in words.
func Code(env *screen.Env, c core.OutcomeCode) string {
	if !slices.Contains(core.OutcomeCodes(), c) {
		return string(c)
	}
	return env.Label("code." + string(c))
}

// Wanted is what a handed-over case waits for.
func Wanted(env *screen.Env, v core.Verb) string {
	if v == core.VerbReset || v == core.VerbUnlock {
		return env.Label("verb." + string(v))
	}
	return env.Label("verb.help")
}

// Person names somebody in full: name, login, department.
func Person(p core.Person) string {
	s := p.DisplayName.String()
	if !p.Login.IsZero() {
		s += " (" + p.Login.String() + ")"
	}
	if !p.Department.IsZero() {
		s += ", " + p.Department.String()
	}
	return s
}
