package ldapconn

import (
	"errors"
	"fmt"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrClosed is returned after Close.
	ErrClosed = errors.New("the connection pool is closed")
	// ErrEmptyPassword refuses a bind without a password, which a server would accept as anonymous (RFC 4513 section 5.1.2).
	ErrEmptyPassword = errors.New("an empty password is never sent")
	// ErrEmptyDN refuses a bind without a name, which is anonymous too.
	ErrEmptyDN = errors.New("an empty name is never bound")
	// ErrIdentityRejected is wrapped when the directory does not take the service identity. It is tried again seldom, as
	// a directory locks an identity that keeps trying with a wrong password.
	ErrIdentityRejected = errors.New("the directory does not accept the service identity")
	// ErrIdentityMustChange is wrapped when the directory demands a new password of the service identity before it does
	// anything else for it.
	ErrIdentityMustChange = errors.New("the directory demands a new password of the service identity")
	// ErrDebug refuses to work while a debug switch of the LDAP libraries is on: they would print passwords.
	ErrDebug = errors.New("debug output of the LDAP library is on; it prints passwords")
	// ErrFilter is wrapped by every refusal to build a filter.
	ErrFilter = errors.New("not a usable search filter")
	// ErrTooMuch is wrapped when a server sends more than the bounds permit.
	ErrTooMuch = errors.New("the directory sent more than is accepted")
	// ErrEndlessPages is returned when a paged search makes no progress or does not end.
	ErrEndlessPages = errors.New("the directory's pages do not end")
	// ErrTimeout is returned when an answer did not come within Config.OpTimeout.
	ErrTimeout = errors.New("the directory did not answer in time")
	// ErrBusy is returned when no connection became free within Config.OpTimeout.
	ErrBusy = errors.New("every connection to the directory is in use")

	errDisconnected = errors.New("the directory announced the end of the connection")
	errNoAnswer     = errors.New("the connection ended before the answer came")
	errPanic        = errors.New("the LDAP library failed on an answer")
)

// ResultError is the server's own final answer: the request was not done.
type ResultError struct {
	Code       Code
	MatchedDN  string
	Diagnostic untrusted.Text // the server's words
	Policy     PasswordPolicy // what the password policy control added
}

// Error is for logs. It holds the code and what the policy said, not the server's words, which may name a person.
func (e *ResultError) Error() string {
	if e.Policy.Error != "" {
		return fmt.Sprintf("the directory answered %v (%d), password policy: %s", e.Code, uint16(e.Code), e.Policy.Error)
	}
	return fmt.Sprintf("the directory answered %v (%d)", e.Code, uint16(e.Code))
}

func (a answer) refusal() *ResultError {
	return &ResultError{Code: a.code, MatchedDN: a.matchedDN, Diagnostic: untrusted.New(a.diagnostic), Policy: a.policy}
}

// WriteError is a write that has no answer.
type WriteError struct {
	// Sent is false when not one byte of the request left this machine: nothing was changed. It is true when the
	// server may have done it.
	Sent bool
	Err  error
}

// Error is for logs.
func (e *WriteError) Error() string {
	if e.Sent {
		return fmt.Sprintf("sent, and no answer came: %v", e.Err)
	}
	return fmt.Sprintf("not sent: %v", e.Err)
}

// Unwrap returns the cause.
func (e *WriteError) Unwrap() error { return e.Err }

// UnavailableError is returned when there is no connection to be had, or none that lasted until the answer of a read.
type UnavailableError struct {
	URL     string    // of the server that was tried last
	RetryAt time.Time // when the next attempt is made; zero when at once
	Err     error
}

// Error is for logs.
func (e *UnavailableError) Error() string { return fmt.Sprintf("%s: %v", e.URL, e.Err) }

// Unwrap returns the cause.
func (e *UnavailableError) Unwrap() error { return e.Err }

// SetupStep is what a connection was at when the server refused.
type SetupStep string

// The steps.
const (
	StepStartTLS SetupStep = "StartTLS"
	StepSignIn   SetupStep = "sign-in of the service identity"
)

// SetupError is the server's refusal while a connection was being made. It is always inside an *UnavailableError, and
// it is no *ResultError: it says nothing about the request that the connection was meant for.
type SetupError struct {
	Step       SetupStep
	Code       Code
	Diagnostic untrusted.Text // the server's words
	Policy     PasswordPolicy // of the service identity
}

// Error is for logs.
func (e *SetupError) Error() string {
	return fmt.Sprintf("%s: the directory answered %v (%d) %s", e.Step, e.Code, uint16(e.Code), e.Policy.Error)
}

// setupError takes a refusal out of err; other errors stay as they are.
func setupError(step SetupStep, err error) error {
	refusal, ok := errors.AsType[*ResultError](err)
	if !ok {
		return fmt.Errorf("%s: %w", step, err)
	}
	return &SetupError{Step: step, Code: refusal.Code, Diagnostic: refusal.Diagnostic, Policy: refusal.Policy}
}

// CodeOf returns the result code that err carries, and whether it carries one.
func CodeOf(err error) (Code, bool) {
	if result, ok := errors.AsType[*ResultError](err); ok {
		return result.Code, true
	}
	return 0, false
}
