package openldap

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// fault turns what went wrong before anything was changed into an error for a person.
func (d *Directory) fault(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*core.Error](err); ok {
		return known
	}
	if ended := ctx.Err(); ended != nil {
		return core.AsError(ended).Because(err)
	}
	if result, ok := errors.AsType[*ldapconn.ResultError](err); ok {
		return d.refusedRead(result).WithRef(ref(result.Code)).Because(err)
	}
	return core.Fail(core.CodeUnavailable, d.silence(err)).Because(err)
}

// ref is what an administrator looks for.
func ref(code ldapconn.Code) string { return fmt.Sprintf("LDAP %d", uint16(code)) }

// meaning is what a result code of the server means.
type meaning struct {
	of   ldapconn.Code
	code core.Code
	said sentence.Sentence
}

// meaningOf returns what a code means, as an error after which nothing was changed; false for a code that is not listed.
func meaningOf(all []meaning, code ldapconn.Code) (*core.Error, bool) {
	i := slices.IndexFunc(all, func(m meaning) bool { return m.of == code })
	if i < 0 {
		return nil, false
	}
	return core.Fail(all[i].code, all[i].said), true
}

// refusedRead says what a refusal to answer means.
func (d *Directory) refusedRead(result *ldapconn.ResultError) *core.Error {
	directory := sentence.Word("directory", d.plan.name)
	e, ok := meaningOf([]meaning{
		{ldapconn.CodeInsufficientAccessRights, core.CodeUnavailable, sentence.Of("openldap.may_not_read", directory)},
		{ldapconn.CodeNoSuchObject, core.CodeUnavailable, sentence.Of("openldap.no_base", directory)},
		{ldapconn.CodeAdminLimitExceeded, core.CodeUnavailable, sentence.Of("openldap.too_much_work", directory)},
		{ldapconn.CodeTimeLimitExceeded, core.CodeUnavailable, sentence.Of("openldap.too_much_work", directory)},
		{ldapconn.CodeBusy, core.CodeUnavailable, sentence.Of("openldap.busy", directory)},
		{ldapconn.CodeUnavailable, core.CodeUnavailable, sentence.Of("openldap.busy", directory)},
	}, result.Code)
	if !ok {
		return core.Fail(core.CodeUnavailable, d.refusedWords("openldap.refused", result))
	}
	return e
}

// refusedWords repeats the server's code, and its words where there are any.
func (d *Directory) refusedWords(id string, result *ldapconn.ResultError) sentence.Sentence {
	fields := []sentence.Field{
		sentence.Word("directory", d.plan.name), sentence.Word("code", fmt.Sprintf("%v, %d", result.Code, uint16(result.Code))),
	}
	if result.Diagnostic.IsZero() {
		return sentence.Sentence{ID: id, Fields: fields}
	}
	return sentence.Sentence{ID: id + "_said", Fields: append(fields, sentence.Text("said", bounded(result.Diagnostic)))}
}

// silence says why there is no answer.
func (d *Directory) silence(err error) sentence.Sentence {
	directory := sentence.Word("directory", d.plan.name)
	switch {
	case errors.Is(err, ldapconn.ErrIdentityMustChange):
		return sentence.Of("openldap.identity_must_change", directory)
	case errors.Is(err, ldapconn.ErrIdentityRejected):
		return sentence.Of("openldap.identity_rejected", directory)
	case errors.Is(err, ldapconn.ErrTooMuch), errors.Is(err, ldapconn.ErrEndlessPages):
		return sentence.Of("openldap.too_much", directory)
	case errors.Is(err, ldapconn.ErrBusy):
		return sentence.Of("openldap.all_busy", directory)
	case errors.Is(err, ldapconn.ErrClosed):
		return sentence.Of("openldap.closed", directory)
	case errors.Is(err, ldapconn.ErrFilter):
		return sentence.Of("openldap.filter", directory)
	case isCertificate(err):
		return sentence.Of("openldap.certificate", directory)
	case isStartTLS(err):
		return sentence.Of("openldap.start_tls", directory)
	default:
		return sentence.Of("openldap.down", directory)
	}
}

func isCertificate(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, host := errors.AsType[x509.HostnameError](err)
	_, invalid := errors.AsType[x509.CertificateInvalidError](err)
	return authority || host || invalid
}

func isStartTLS(err error) bool {
	setup, ok := errors.AsType[*ldapconn.SetupError](err)
	return ok && setup.Step == ldapconn.StepStartTLS
}
