package phrase

import (
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Record says in a few words what a record of the trail is about, with the glyph of what came of it.
func Record(env *screen.Env, r core.Record) kit.Cell {
	what := did(env, r)
	switch r.Kind {
	case core.KindIntent:
		return kit.Cell{Text: env.Say(sentence.Of("did.begun", sentence.Word("what", what))), State: theme.StateBusy}
	case core.KindOutcome:
		return concluded(env, "did.outcome", what, r.Outcome)
	case core.KindReconciled:
		return concluded(env, "did.checked", what, r.Outcome)
	case core.KindDenied:
		return denied(env, what, r)
	case core.KindDesk:
		return desk(env, what, r)
	case core.KindLook, core.KindSystem:
		return quiet(what)
	default:
		return quiet(what)
	}
}

// quiet is a record of which nothing came that would need a glyph. Its words stand below those of the others.
func quiet(what string) kit.Cell { return kit.Cell{Text: "  " + what} }

func concluded(env *screen.Env, id, what string, o core.Outcome) kit.Cell {
	c := Outcome(env, o)
	if o == core.Done && id == "did.outcome" {
		return kit.Cell{Text: what, State: c.State}
	}
	c.Text = env.Say(sentence.Of(id, sentence.Word("what", what), sentence.Word("outcome", c.Text)))
	return c
}

func denied(env *screen.Env, what string, r core.Record) kit.Cell {
	said := sentence.Of("did.denied")
	if r.Verb != "" {
		said = sentence.Of("did.denied_what", sentence.Word("what", what))
	}
	return kit.Cell{Text: env.Say(said), State: theme.StateOff}
}

// desk is a change of the desk's own state. One that did not come about, such as a wrong code, must not read as if it had.
func desk(env *screen.Env, what string, r core.Record) kit.Cell {
	switch {
	case r.Code == "" && r.Verb == core.VerbConfirmProof:
		return kit.Cell{Text: what, State: theme.StateGood}
	case r.Code == "":
		return quiet(what)
	case r.Verb == core.VerbConfirmProof:
		return kit.Cell{Text: env.Label("did.code_refused"), State: theme.StateOff}
	case r.Reason == "delivery.failed":
		return kit.Cell{Text: env.Label("did.undelivered"), State: theme.StateBad}
	default:
		return kit.Cell{Text: env.Say(sentence.Of("did.failed", sentence.Word("what", what))), State: theme.StateBad}
	}
}

// did is the verb of a record in words. A verb the catalogue does not know is shown as it is.
func did(env *screen.Env, r core.Record) string {
	if code := core.OutcomeCode(r.Detail["code"]); r.Verb == core.VerbCloseCase && code != "" {
		return env.Say(sentence.Of("did.case.close_as", sentence.Word("code", Code(env, code))))
	}
	if r.Verb == core.VerbHandOff {
		return env.Say(sentence.Of("did.handoff.create", sentence.Word("to", Role(env, rbac.Role(r.Detail["to"])))))
	}
	word := string(r.Verb)
	if word == "" {
		word = r.Reason // the program's own records have no verb
	}
	if _, known := text.Fields(text.English, "did."+word); !known {
		return untrusted.Sanitize(word)
	}
	return env.Label("did." + word)
}
