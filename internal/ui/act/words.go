package act

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Person names somebody in full, as a question about a change must: name, login, title, department.
func Person(a core.Account) string {
	parts := []string{a.DisplayName.String()}
	if !a.Login.IsZero() {
		parts[0] += " (" + a.Login.String() + ")"
	}
	for _, s := range []string{a.Title.String(), a.Department.String()} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// Way is the name of a way to prove a caller.
func Way(env *screen.Env, k core.ProofKind) string { return env.Label("proof." + string(k)) }

// Quoted puts words for the caller into quotation marks.
func Quoted(env *screen.Env, words sentence.Sentence) string {
	return env.Say(sentence.Of("word.quoted", sentence.Nested("words", words)))
}

// Marks are where something stands: in the trail, in which case, under which ticket. seq 0 means that no record is to be named.
func Marks(env *screen.Env, seq int64, c core.Case) string {
	var out []string
	if seq > 0 {
		out = append(out, env.Say(sentence.Of("act.trail", sentence.Count("seq", int(seq)))))
	}
	switch {
	case c.Number > 0 && seq > 0:
		out = append(out, env.Say(sentence.Of("act.case", sentence.Count("case", int(c.Number)))))
	case c.Number > 0:
		out = append(out, env.Say(sentence.Of("act.case_first", sentence.Count("case", int(c.Number)))))
	}
	if !c.Ticket.IsZero() {
		out = append(out, c.Ticket.String())
	}
	return strings.Join(out, " "+env.Theme.Glyphs().Dot+" ")
}

// Goal is the id of a sentence that is another one for a reset, for an unlock, and for everything else.
func Goal(id string, v core.Verb) string {
	if v == core.VerbReset {
		return id + "_reset"
	}
	if v == core.VerbUnlock {
		return id + "_unlock"
	}
	return id
}

// Permission is what doing it to an account needs; casework for everything that does nothing to one.
func Permission(v core.Verb) rbac.Permission {
	if v == core.VerbReset {
		return rbac.ResetPassword
	}
	if v == core.VerbUnlock {
		return rbac.Unlock
	}
	return rbac.CaseWork
}

// Bind is a key of a screen; label is a catalogue id.
func Bind(env *screen.Env, id, key, label string) kit.Binding {
	return kit.Binding{ID: id, Keys: []string{key}, Label: env.Label(label)}
}

// Leave closes the screen on top. A case that is open stays open, which is said.
func Leave(number int64) tea.Cmd {
	if number == 0 {
		return screen.Do(screen.Pop{})
	}
	said := sentence.Of("act.stays_open", sentence.Count("case", int(number)))
	return tea.Batch(screen.Do(screen.Pop{}), screen.Do(screen.Toast{State: theme.StateNone, Said: said}))
}
