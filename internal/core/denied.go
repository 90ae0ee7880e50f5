package core

import (
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// DeniedBy is the refusal that a decision means, in words: why, and who can.
func DeniedBy(d rbac.Decision, c Classification) *Error {
	if d.Rule == rbac.RuleForbidden {
		return deniedByClass(c)
	}
	return Fail(CodeDenied, WhyNot(d, c))
}

// deniedByClass is the refusal that an account's class means.
func deniedByClass(c Classification) *Error {
	return Fail(CodeDenied, sentence.Of("denied.class", sentence.Nested("why", WhyClass(c))))
}

// WhyNot says why a decision refuses, zero when it allows. Screens show it beside a dimmed key.
func WhyNot(d rbac.Decision, c Classification) sentence.Sentence {
	who := sentence.Word("who", whoCan(d.WhoCan))
	switch d.Rule {
	case rbac.RuleAllowed:
		return sentence.Sentence{}
	case rbac.RuleNoRole:
		return sentence.Of("denied.no_role")
	case rbac.RuleNotGranted:
		if len(d.WhoCan) == 0 {
			return sentence.Of("denied.nobody")
		}
		return sentence.Of("denied.not_granted", who)
	case rbac.RuleForbidden:
		return WhyClass(c)
	case rbac.RuleTargetRole:
		return sentence.Of("denied.target_role", sentence.Word("role", string(d.TargetRole)), who)
	case rbac.RuleUnknownRole:
		return sentence.Of("denied.unknown_role", sentence.Word("role", string(d.TargetRole)))
	case rbac.RuleSecondOperator:
		return sentence.Of("denied.second_operator", sentence.Nested("why", WhyClass(c)))
	default:
		return sentence.Of("denied.no_role")
	}
}

// WhyClass says why an account is of its class.
func WhyClass(c Classification) sentence.Sentence {
	if c.Detail == "" {
		return sentence.Of("class." + string(c.Reason))
	}
	return sentence.Of("class."+string(c.Reason), sentence.Text("detail", untrusted.New(c.Detail)))
}

// whoCan names the weakest roles that could do it, as people at the desk call them.
func whoCan(roles []rbac.Role) string {
	names := make([]string, 0, len(roles))
	for _, r := range roles {
		names = append(names, string(r))
	}
	if len(names) > 2 {
		names = names[:2]
	}
	return strings.Join(names, ", ")
}
