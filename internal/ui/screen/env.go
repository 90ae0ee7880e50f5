package screen

import (
	"log/slog"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Env is what the screens of one terminal share. It belongs to the root, which sets Now before every message; screens read it only.
type Env struct {
	Desk     *core.Desk
	Actor    core.Actor
	Operator core.Operator                     // as it was at sign-in; every operation reads it anew
	May      map[rbac.Permission]rbac.Decision // what the operator may do, as of the last look
	Theme    *theme.Theme
	Lang     text.Language
	Zone     *time.Location
	Now      time.Time // of the current message
	Log      *slog.Logger
	NewID    func() string // an operation id
	Demo     bool          // says so in the header
}

// Text prints for this reader at the current time.
func (e *Env) Text() text.Printer { return text.Printer{Lang: e.Lang, Zone: e.Zone, Now: e.Now} }

// Say is a sentence in words.
func (e *Env) Say(s sentence.Sentence) string { return e.Text().Say(s) }

// Label is a catalogue entry without fields.
func (e *Env) Label(id string) string { return e.Text().Label(id) }

// Allowed reports whether the operator may do something at all, and if not, who can, in a word for the footer ("Level 2").
func (e *Env) Allowed(p rbac.Permission) (bool, string) { return e.Decided(e.May[p]) }

// Decided is Allowed for one decision.
func (e *Env) Decided(d rbac.Decision) (bool, string) {
	if d.Allowed {
		return true, ""
	}
	if d.Rule == rbac.RuleSecondOperator || d.Rule == rbac.RuleForbidden {
		return false, e.Label("who.protected") // not a matter of the operator's role: the account itself is in the way
	}
	for _, r := range d.WhoCan {
		if r.Level() > 0 {
			return false, e.Say(sentence.Of("who.level", sentence.Count("level", r.Level())))
		}
	}
	return false, e.Label("who.nobody")
}
