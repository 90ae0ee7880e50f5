package core

import (
	"context"
	"errors"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Code classifies an Error for programs: exit codes of verbs, colours of screens, decisions of the pipeline.
type Code string

// The codes.
const (
	CodeDenied           Code = "denied"            // the operator may not
	CodeNotFound         Code = "not_found"         //
	CodeConflict         Code = "conflict"          // somebody or something else changed it, or another operation is open
	CodeInvalid          Code = "invalid"           // the request itself is wrong
	CodePolicy           Code = "policy"            // a setting or the directory's policy refuses
	CodeUnverified       Code = "unverified"        // the caller is not proved
	CodeThrottled        Code = "throttled"         // too often
	CodePending          Code = "pending"           // waits for a second operator
	CodeUnavailable      Code = "unavailable"       // a directory or a channel does not answer
	CodeAuditUnavailable Code = "audit_unavailable" // the trail cannot be written: nothing is done
	CodeUnknown          Code = "unknown"           // sent, and no answer came: may or may not have happened
	CodeInternal         Code = "internal"
)

// Changed says whether anything was changed. The zero value claims nothing: it is treated as ChangeUnknown.
type Changed string

// The answers to "was anything changed?".
const (
	NothingChanged Changed = "nothing"
	WasChanged     Changed = "changed"
	ChangeUnknown  Changed = "unknown"
)

// Error is a failure that can be shown to a person. Said tells what happened and what to do next; Changed whether anything was
// changed. The cause goes to the log only.
type Error struct {
	Code    Code
	Said    sentence.Sentence
	Changed Changed
	Ref     string // a code that can be searched for: "0000052D", "SSPR_0029"; "" when there is none
	cause   error
}

// Fail builds an Error after which nothing was changed.
func Fail(code Code, said sentence.Sentence) *Error {
	return &Error{Code: code, Said: said, Changed: NothingChanged}
}

// Because adds the cause, for the log.
func (e *Error) Because(cause error) *Error {
	e.cause = cause
	return e
}

// After says what was changed.
func (e *Error) After(c Changed) *Error {
	e.Changed = c
	return e
}

// WithRef adds a code that can be searched for.
func (e *Error) WithRef(ref string) *Error {
	e.Ref = ref
	return e
}

// Error is for logs: code and sentence id, never field values.
func (e *Error) Error() string {
	msg := string(e.Code) + ": " + e.Said.ID
	if e.cause != nil {
		msg += ": " + e.cause.Error()
	}
	return msg
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// AsError returns err as an *Error. Anything that is none becomes internal, with an unknown change; a context that ended
// before anything was sent is the caller's business and becomes unavailable with nothing changed.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if errors.Is(err, context.Canceled) {
		return Fail(CodeUnavailable, sentence.Of("error.cancelled")).Because(err)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Fail(CodeUnavailable, sentence.Of("error.timeout")).Because(err)
	}
	return (&Error{Code: CodeInternal, Said: sentence.Of("error.internal"), Changed: ChangeUnknown}).Because(err)
}

// CodeOf is the code of err, CodeInternal for errors that carry none, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	return AsError(err).Code
}
