package core

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Diagnosis answers "why can this person not get in?" and "what is the next best action?".
type Diagnosis struct {
	Headline sentence.Sentence // what is wrong, one sentence
	Help     sentence.Sentence // can they help themselves?
	Findings []Finding         // everything that is wrong, worst first
	Next     []NextAction      // what to do, best first; Enter stands on the first
}

// Finding is one thing that keeps a person out, with what it rests on.
type Finding struct {
	Code     string // stable: "disabled", "locked", "password_expired" ...
	Severity Severity
	Said     sentence.Sentence
	Source   string // "directory", "registration"
	At       time.Time
}

// Severity says how bad a finding is.
type Severity string

// The severities.
const (
	Blocks Severity = "blocks" // cannot sign in
	Warns  Severity = "warns"  // will not be able to, or cannot help themselves
)

// ActionKind is what an operator can do next about an account.
type ActionKind string

// The actions.
const (
	ActSelfService  ActionKind = "self_service"
	ActUnlock       ActionKind = "unlock"
	ActReset        ActionKind = "reset"
	ActHandUnlock   ActionKind = "hand_unlock" // the operator may not unlock: hand it to who may
	ActHandReset    ActionKind = "hand_reset"
	ActHandOff      ActionKind = "hand_off" // to the administrators
	ActCheckAgain   ActionKind = "check_again"
	ActWatchNothing ActionKind = "nothing"
)

// NextAction is one proposed action and the role it is handed to, when it is a handoff.
type NextAction struct {
	Kind ActionKind
	Said sentence.Sentence
	To   rbac.Role
}

// diagnose orders what is wrong and proposes what to do: self-service where the person has enough usable methods and a portal to use
// them in, then unlock (the caller may know the password), then reset.
func diagnose(c Card, s policy.Settings, now time.Time) Diagnosis {
	var d Diagnosis
	st := c.Account.State
	d.Findings = findings(c.Account, s, now)
	d.Headline = sentence.Of("headline.fine")
	if len(d.Findings) > 0 {
		d.Headline = d.Findings[0].Said
	}
	usable := usableMethods(c.Account)
	d.Help = help(usable, len(c.Account.Methods), s.Self)
	switch {
	case len(c.Open) > 0:
		d.Headline = sentence.Of("headline.outcome_unknown", sentence.Time("since", c.Open[0].Record.At))
		d.Next = []NextAction{{Kind: ActCheckAgain, Said: sentence.Of("next.check_again")}}
		return d
	case c.Class.Class != rbac.Plain:
		d.Next = []NextAction{{Kind: ActHandOff, Said: sentence.Of("next.not_here", sentence.Nested("why", WhyClass(c.Class))), To: rbac.GlobalAdministrator}}
		return d
	case !st.Enabled || st.AccountExpired:
		d.Next = []NextAction{{Kind: ActHandOff, Said: sentence.Of("next.hand_disabled"), To: rbac.UserAdministrator}}
		return d
	}
	trouble := st.Locked || st.PasswordExpired || st.MustChange
	if trouble && usable >= s.Self.MethodsRequired && s.Self.Portal != "" {
		d.Next = append(d.Next, NextAction{Kind: ActSelfService, Said: sentence.Of("next.self_service")})
	}
	if st.Locked {
		d.Next = append(d.Next, permitted(c, rbac.Unlock, ActUnlock, ActHandUnlock, "next.unlock", "next.hand_unlock"))
	}
	d.Next = append(d.Next, permitted(c, rbac.ResetPassword, ActReset, ActHandReset, "next.reset", "next.hand_reset"))
	return d
}

// permitted proposes an action, or the handoff that leads to it.
func permitted(c Card, p rbac.Permission, do, hand ActionKind, doID, handID string) NextAction {
	decision := c.May[p]
	if decision.Allowed {
		return NextAction{Kind: do, Said: sentence.Of(doID)}
	}
	to := rbac.UserAdministrator
	if len(decision.WhoCan) > 0 && p != rbac.Unlock {
		to = decision.WhoCan[0]
	}
	return NextAction{Kind: hand, Said: sentence.Of(handID, sentence.Word("role", string(to))), To: to}
}

func usableMethods(a Account) int {
	n := 0
	for _, m := range a.Methods {
		if m.Usable {
			n++
		}
	}
	return n
}

func help(usable, all int, s policy.SelfService) sentence.Sentence {
	switch {
	case all == 0:
		return sentence.Of("help.no_method")
	case usable < s.MethodsRequired:
		return sentence.Of("help.not_enough", sentence.Count("usable", usable), sentence.Count("required", s.MethodsRequired))
	case s.Portal == "":
		return sentence.Of("help.no_portal", sentence.Count("usable", usable))
	default:
		return sentence.Of("help.can", sentence.Count("usable", usable))
	}
}

// findings lists everything that keeps the person out, worst first.
func findings(a Account, s policy.Settings, now time.Time) []Finding {
	st := a.State
	var out []Finding
	add := func(hit bool, code string, sev Severity, said sentence.Sentence, at time.Time) {
		if hit {
			out = append(out, Finding{Code: code, Severity: sev, Said: said, Source: "directory", At: at})
		}
	}
	add(!st.Enabled, "disabled", Blocks, sentence.Of("headline.disabled"), time.Time{})
	add(st.AccountExpired, "account_expired", Blocks, sentence.Of("headline.account_expired", sentence.Time("at", st.AccountExpires)), st.AccountExpires)
	add(st.Locked, "locked", Blocks, lockedSentence(st), st.LockedSince)
	add(st.PasswordExpired, "password_expired", Blocks, expiredSentence(st), st.PasswordExpires)
	add(st.MustChange && !st.PasswordExpired, "must_change", Blocks, sentence.Of("headline.must_change"), time.Time{})
	soon := !st.PasswordExpires.IsZero() && !st.PasswordExpired && st.PasswordExpires.Before(now.Add(7*24*time.Hour))
	add(soon, "expires_soon", Warns, sentence.Of("headline.expires_soon", sentence.Time("at", st.PasswordExpires)), st.PasswordExpires)
	if n := usableMethods(a); n < s.Self.MethodsRequired {
		out = append(out, Finding{Code: "no_usable_method", Severity: Warns, Said: help(n, len(a.Methods), s.Self), Source: "registration"})
	}
	return out
}

func lockedSentence(st State) sentence.Sentence {
	fields := []sentence.Field{sentence.Time("since", st.LockedSince), sentence.Count("count", st.WrongPasswords)}
	switch {
	case st.LockedSince.IsZero() && st.UnlocksAt.IsZero():
		return sentence.Of("headline.locked")
	case st.UnlocksAt.IsZero() && st.WrongPasswords > 0:
		return sentence.Of("headline.locked_until_unlocked", fields...)
	case st.UnlocksAt.IsZero():
		return sentence.Of("headline.locked_until_unlocked_uncounted", fields[0])
	case st.WrongPasswords > 0:
		return sentence.Of("headline.locked_until", append(fields, sentence.Time("until", st.UnlocksAt))...)
	default:
		return sentence.Of("headline.locked_until_uncounted", fields[0], sentence.Time("until", st.UnlocksAt))
	}
}

func expiredSentence(st State) sentence.Sentence {
	id := "headline.password_expired"
	if st.MustChange {
		id = "headline.password_expired_must_change"
	}
	if st.PasswordExpires.IsZero() {
		return sentence.Of(id + "_undated")
	}
	return sentence.Of(id, sentence.Time("at", st.PasswordExpires))
}
