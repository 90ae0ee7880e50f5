package openldap

import (
	"context"
	"errors"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// change is one attempt to change an entry: what an error is about.
type change struct {
	noRight  string // sentence for missing rights
	policy   bool   // a refusal can be about the new password
	rules    passwordPolicy
	password *secret.Text // must never be repeated, whatever the server says
}

// writeFault turns what a write came to into an error that says what was changed.
func (d *Directory) writeFault(ctx context.Context, c change, err error) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*core.Error](err); ok {
		return known
	}
	if failed, ok := errors.AsType[*ldapconn.WriteError](err); ok {
		if !failed.Sent {
			return d.fault(ctx, failed.Err)
		}
		said := sentence.Of("openldap.no_answer", sentence.Word("directory", d.plan.name))
		return core.Fail(core.CodeUnknown, said).After(core.ChangeUnknown).Because(err)
	}
	if result, ok := errors.AsType[*ldapconn.ResultError](err); ok {
		return d.refused(c, result).WithRef(ref(result.Code)).Because(err)
	}
	return d.fault(ctx, err)
}

// refused says what the server's refusal of a change means. It answered, so nothing was changed.
func (d *Directory) refused(c change, result *ldapconn.ResultError) *core.Error {
	if c.isAboutPassword(result) {
		return core.Fail(core.CodePolicy, d.policySaid(c, result))
	}
	directory := sentence.Word("directory", d.plan.name)
	noRight := sentence.Sentence{ID: c.noRight, Fields: []sentence.Field{directory}}
	e, ok := meaningOf([]meaning{
		{ldapconn.CodeInsufficientAccessRights, core.CodeDenied, noRight},
		{ldapconn.CodeConfidentialityRequired, core.CodeDenied, noRight},
		{ldapconn.CodeStrongerAuthRequired, core.CodeDenied, noRight},
		{ldapconn.CodeNoSuchObject, core.CodeNotFound, sentence.Of("directory.not_found")},
		{ldapconn.CodeAssertionFailed, core.CodeConflict, sentence.Of("directory.changed_meanwhile")},
		{ldapconn.CodeReferral, core.CodeUnavailable, sentence.Of("openldap.is_copy", directory)},
		{ldapconn.CodeUndefinedAttributeType, core.CodeUnavailable, sentence.Of("openldap.no_attribute", directory)},
		{ldapconn.CodeObjectClassViolation, core.CodeUnavailable, sentence.Of("openldap.no_attribute", directory)},
		{ldapconn.CodeBusy, core.CodeUnavailable, sentence.Of("openldap.busy_write", directory)},
		{ldapconn.CodeUnavailable, core.CodeUnavailable, sentence.Of("openldap.busy_write", directory)},
	}, result.Code)
	if !ok {
		return core.Fail(core.CodeUnavailable, d.unwilling(c, result))
	}
	return e
}

// isAboutPassword reports whether the server's rules for passwords are why it refused. slapd answers with the code for
// missing rights where only the old password is missing (seen with 2.5).
func (c change) isAboutPassword(result *ldapconn.ResultError) bool {
	switch result.Policy.Error {
	case ldapconn.PolicyModNotAllowed, ldapconn.PolicyMustSupplyOld, ldapconn.PolicyBadQuality, ldapconn.PolicyTooShort,
		ldapconn.PolicyTooYoung, ldapconn.PolicyInHistory, ldapconn.PolicyTooLong:
		return c.policy
	case ldapconn.PolicyExpired, ldapconn.PolicyLocked, ldapconn.PolicyMustChange, ldapconn.PolicyUnknownErrorCode:
	}
	return c.policy && result.Code == ldapconn.CodeConstraintViolation
}

// unwilling repeats the server's words, unless they hold the password.
func (d *Directory) unwilling(c change, result *ldapconn.ResultError) sentence.Sentence {
	clean := *result
	clean.Diagnostic = c.without(result.Diagnostic)
	return d.refusedWords("openldap.unwilling", &clean)
}

// policySaid is why the server does not accept a new password. The control says it where the server speaks it; the text
// of the answer is only repeated, never understood.
func (d *Directory) policySaid(c change, result *ldapconn.ResultError) sentence.Sentence {
	switch result.Policy.Error {
	case ldapconn.PolicyTooShort:
		return tooShort(c.rules)
	case ldapconn.PolicyBadQuality:
		if c.rules.known && c.password.Len() < c.rules.minLength {
			return tooShort(c.rules) // slapd counts bytes
		}
		return c.repeating("openldap.refused_quality", result)
	case ldapconn.PolicyInHistory:
		if c.rules.history > 0 {
			return sentence.Of("openldap.refused_history", sentence.Count("remembered", c.rules.history))
		}
		return sentence.Of("openldap.refused_used")
	case ldapconn.PolicyTooYoung:
		return sentence.Of("openldap.refused_young", sentence.Span("age", c.rules.minAge))
	case ldapconn.PolicyTooLong:
		return sentence.Of("openldap.refused_long")
	case ldapconn.PolicyMustSupplyOld:
		return sentence.Of("openldap.refused_old_needed")
	case ldapconn.PolicyModNotAllowed:
		return sentence.Of("openldap.refused_not_allowed")
	case ldapconn.PolicyExpired, ldapconn.PolicyLocked, ldapconn.PolicyMustChange, ldapconn.PolicyUnknownErrorCode, "":
		return c.repeating("openldap.refused_password", result)
	default:
		return c.repeating("openldap.refused_password", result)
	}
}

// repeating is a sentence that repeats the server's words where there are any.
func (c change) repeating(id string, result *ldapconn.ResultError) sentence.Sentence {
	said := c.without(result.Diagnostic)
	if said.IsZero() {
		return sentence.Sentence{ID: id}
	}
	return sentence.Sentence{ID: id + "_said", Fields: []sentence.Field{sentence.Text("said", said)}}
}

func tooShort(p passwordPolicy) sentence.Sentence {
	if !p.known || p.minLength == 0 {
		return sentence.Of("openldap.refused_short")
	}
	return sentence.Of("openldap.refused_shorter", sentence.Count("least", p.minLength))
}

// without is the server's words, none when they hold the password.
func (c change) without(said untrusted.Text) untrusted.Text {
	holds := false
	_ = c.password.Use(func(value []byte) error {
		holds = len(value) > 0 && strings.Contains(said.Raw(), string(value))
		return nil
	})
	if holds {
		return untrusted.Text{}
	}
	return bounded(said)
}

// bounded cuts what a server says to what a person reads.
func bounded(said untrusted.Text) untrusted.Text {
	const most = 200
	return untrusted.New(said.DisplayMax(most))
}
