package policy

import (
	"fmt"
	"regexp"
	"time"
)

// Setting describes one setting: the key it has in the configuration, its bounds and what it is for. It is the source of docs/config.md.
type Setting struct {
	Key  string // dotted, as in the file: "proof.code_life"
	Doc  string
	Unit string // "rows", "digits", "minutes" ...; durations are written as Go durations ("10m")
	Min  any    // inclusive; nil for yes/no and text
	Max  any
	Get  func(*Settings) any // a pointer to the field
}

// Problem is one setting outside its bounds or at odds with another.
type Problem struct {
	Key      string
	Expected string // what would be accepted, for people
}

// Error makes a Problem an error.
func (p Problem) Error() string { return fmt.Sprintf("%s: expected %s", p.Key, p.Expected) }

func count(key, doc, unit string, lo, hi int, get func(*Settings) *int) Setting {
	return Setting{Key: key, Doc: doc, Unit: unit, Min: lo, Max: hi, Get: func(s *Settings) any { return get(s) }}
}

func span(key, doc string, lo, hi time.Duration, get func(*Settings) *time.Duration) Setting {
	return Setting{Key: key, Doc: doc, Unit: "duration", Min: lo, Max: hi, Get: func(s *Settings) any { return get(s) }}
}

func yesNo(key, doc string, get func(*Settings) *bool) Setting {
	return Setting{Key: key, Doc: doc, Unit: "yes/no", Get: func(s *Settings) any { return get(s) }}
}

// All lists every setting in the order of the documentation.
func All() []Setting {
	return append(append(proofSettings(), assuranceSettings()...), deskSettings()...)
}

func proofSettings() []Setting {
	return []Setting{
		count("search.min_letters", "shortest text that is looked for", "letters", 1, 4, func(s *Settings) *int { return &s.Search.MinLetters }),
		count("search.rows", "most rows shown for one search", "rows", 10, 200, func(s *Settings) *int { return &s.Search.Rows }),
		count("proof.code_digits", "digits of a code that is sent", "digits", 6, 12, func(s *Settings) *int { return &s.Proof.CodeDigits }),
		span("proof.code_life", "how long a sent code can be used", time.Minute, 30*time.Minute, func(s *Settings) *time.Duration { return &s.Proof.CodeLife }),
		count("proof.tries", "wrong entries that use a challenge up", "entries", 1, 10, func(s *Settings) *int { return &s.Proof.Tries }),
		span("proof.send_spacing", "least time between two codes for one account", 0, 10*time.Minute, func(s *Settings) *time.Duration { return &s.Proof.SendSpacing }),
		count("proof.sends_per_hour", "codes sent for one account in an hour", "codes", 1, 20, func(s *Settings) *int { return &s.Proof.SendsPerHour }),
		count("proof.sends_per_day", "codes sent for one account in a day", "codes", 1, 50, func(s *Settings) *int { return &s.Proof.SendsPerDay }),
		count("proof.failures", "used-up challenges that lock verification for the account", "challenges", 1, 10, func(s *Settings) *int { return &s.Proof.Failures }),
		span("proof.failure_window", "time over which failures are counted", time.Hour, 7*24*time.Hour, func(s *Settings) *time.Duration { return &s.Proof.FailureWindow }),
		span("proof.evidence_life", "how long evidence can be used", time.Minute, time.Hour, func(s *Settings) *time.Duration { return &s.Proof.EvidenceLife }),
		count("proof.evidence_tries", "writes one piece of evidence may be used for while nothing was changed", "writes", 1, 5, func(s *Settings) *int { return &s.Proof.EvidenceTries }),
	}
}

func assuranceSettings() []Setting {
	var out []Setting
	add := func(name, doc string, get func(*Settings) *Requirement) {
		out = append(out,
			Setting{
				Key: "assurance." + name + ".points", Doc: doc + ": worth of the proofs, weak 1, strong 2", Unit: "points", Min: 1, Max: 4,
				Get: func(s *Settings) any { return (*int)(&get(s).Points) },
			},
			count("assurance."+name+".strong", doc+": how many of them must be strong", "proofs", 0, 2, func(s *Settings) *int { return &get(s).Strong }),
			yesNo("assurance."+name+".approval", doc+": a second operator must approve", func(s *Settings) *bool { return &get(s).Approval }),
		)
	}
	add("reset_plain", "reset of a plain account", func(s *Settings) *Requirement { return &s.Assurance.ResetPlain })
	add("unlock_plain", "unlock of a plain account", func(s *Settings) *Requirement { return &s.Assurance.UnlockPlain })
	add("contact_plain", "contact or method change of a plain account", func(s *Settings) *Requirement { return &s.Assurance.ContactPlain })
	add("guarded", "any operation on a guarded account", func(s *Settings) *Requirement { return &s.Assurance.Guarded })
	return out
}

func deskSettings() []Setting {
	return []Setting{
		count("quota.changes_per_hour", "changes one operator may make in an hour", "changes", 1, 1000, func(s *Settings) *int { return &s.Quota.ChangesPerHour }),
		count("quota.cards_per_hour", "cards one operator may open in an hour", "cards", 10, 10000, func(s *Settings) *int { return &s.Quota.CardsPerHour }),
		count("quota.reveals_per_hour", "contact values one operator may reveal in an hour", "values", 0, 1000, func(s *Settings) *int { return &s.Quota.RevealsPerHour }),
		span("idle.lock", "time without a key until the screen locks", 30*time.Second, time.Hour, func(s *Settings) *time.Duration { return &s.Idle.Lock }),
		span("idle.end", "time without a key until the terminal ends", time.Minute, 4*time.Hour, func(s *Settings) *time.Duration { return &s.Idle.End }),
		span("idle.absolute", "longest time signed in", 10*time.Minute, 24*time.Hour, func(s *Settings) *time.Duration { return &s.Idle.Absolute }),
		span("idle.hold", "how long the lock is held off while a code is outstanding", 0, 30*time.Minute, func(s *Settings) *time.Duration { return &s.Idle.Hold }),
		yesNo("case.require_ticket", "every case needs a ticket reference", func(s *Settings) *bool { return &s.Case.RequireTicket }),
		{Key: "case.ticket_pattern", Doc: "RE2 pattern a ticket reference must match; empty accepts any", Unit: "text", Get: func(s *Settings) any { return &s.Case.TicketPattern }},
		span("delivery.repeat_for", "how long a failed delivery may be repeated with the same evidence", 0, time.Hour, func(s *Settings) *time.Duration { return &s.Delivery.RepeatFor }),
		yesNo("delivery.primary_mail_when_shut", "the primary mailbox can be read although the account is locked or expired", func(s *Settings) *bool { return &s.Delivery.PrimaryMailWhenShut }),
		yesNo("delivery.must_change", "a delivered password must be changed at the next sign-in", func(s *Settings) *bool { return &s.Delivery.MustChange }),
		{Key: "guard.protected_groups", Doc: "groups whose members are guarded", Unit: "list", Get: func(s *Settings) any { return &s.Guard.ProtectedGroups }},
		{Key: "guard.vip", Doc: "logins, mail addresses or directory:key ids that are guarded", Unit: "list", Get: func(s *Settings) any { return &s.Guard.VIP }},
		{Key: "guard.service_accounts", Doc: "logins of service accounts, which are forbidden", Unit: "list", Get: func(s *Settings) any { return &s.Guard.ServiceAccounts }},
		span("operation.deadline", "how long the directory may take to answer a change", time.Second, time.Minute, func(s *Settings) *time.Duration { return &s.Operation.Deadline }),
		count("self_service.methods_required", "usable methods a person needs to help themselves", "methods", 1, 2, func(s *Settings) *int { return &s.Self.MethodsRequired }),
		{Key: "self_service.portal", Doc: "where people reset their own password, as said to a caller; empty: there is none", Unit: "text", Get: func(s *Settings) any { return &s.Self.Portal }},
	}
}

// Check returns everything in s that is outside its bounds or at odds with another setting, nil when all is well.
func Check(s Settings) []Problem {
	var out []Problem
	for _, set := range All() {
		if p, bad := set.check(&s); bad {
			out = append(out, p)
		}
	}
	if s.Proof.SendsPerDay < s.Proof.SendsPerHour {
		out = append(out, Problem{"proof.sends_per_day", "at least proof.sends_per_hour"})
	}
	if s.Idle.Lock >= s.Idle.End || s.Idle.End > s.Idle.Absolute {
		out = append(out, Problem{"idle.end", "longer than idle.lock and at most idle.absolute"})
	}
	if _, err := regexp.Compile(s.Case.TicketPattern); err != nil {
		out = append(out, Problem{"case.ticket_pattern", "an RE2 pattern: " + err.Error()})
	}
	return out
}

func (set Setting) check(s *Settings) (Problem, bool) {
	switch v := set.Get(s).(type) {
	case *int:
		if lo, hi := set.Min.(int), set.Max.(int); *v < lo || *v > hi {
			return Problem{set.Key, fmt.Sprintf("%d to %d %s", lo, hi, set.Unit)}, true
		}
	case *time.Duration:
		if lo, hi := set.Min.(time.Duration), set.Max.(time.Duration); *v < lo || *v > hi {
			return Problem{set.Key, fmt.Sprintf("%s to %s", lo, hi)}, true
		}
	}
	return Problem{}, false
}
