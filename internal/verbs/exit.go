package verbs

import "github.com/sspr-tui/sspr-tui/internal/core"

// The exit codes. They are stable.
const (
	exitDone        = 0
	exitError       = 1
	exitUsage       = 2  // usage or invalid
	exitDenied      = 3  // denied, or refused by policy
	exitUnverified  = 4  // caller not verified
	exitNotFound    = 5  //
	exitConflict    = 6  //
	exitThrottled   = 7  //
	exitPending     = 8  // waiting for approval
	exitUnavailable = 9  // a directory, a channel or the trail
	exitUnknown     = 10 // outcome unknown
)

// exitOf is the exit code of an error's code.
func exitOf(c core.Code) int {
	switch c {
	case "":
		return exitDone
	case core.CodeInvalid:
		return exitUsage
	case core.CodeDenied, core.CodePolicy:
		return exitDenied
	case core.CodeUnverified:
		return exitUnverified
	case core.CodeNotFound:
		return exitNotFound
	case core.CodeConflict:
		return exitConflict
	case core.CodeThrottled:
		return exitThrottled
	case core.CodePending:
		return exitPending
	case core.CodeUnavailable, core.CodeAuditUnavailable:
		return exitUnavailable
	case core.CodeUnknown:
		return exitUnknown
	case core.CodeInternal:
		return exitError
	default:
		return exitError
	}
}
