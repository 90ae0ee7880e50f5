package notify

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Backoff is backoff.
func Backoff(key string, failed int) time.Duration { return backoff(key, failed) }

// Wrap is wrap.
func Wrap(words string) string { return wrap(words) }

// Quoted is quoted.
func Quoted(s string) string { return quoted(untrusted.New(s)) }

// Spec is the address in clear.
func (a Address) Spec() string { return a.spec }

// NewFailure is newFailure.
func NewFailure(step Step, place string, err error) *Failure { return newFailure(step, place, err) }

// Steps lists every step.
func Steps() []Step {
	return []Step{StepAddress, StepMessage, StepConnect, StepEncrypt, StepLogin, StepSender, StepRecipient, StepContent, StepFolder}
}
