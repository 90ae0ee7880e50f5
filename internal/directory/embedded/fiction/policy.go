package fiction

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
)

// Policy is the password policy of the demo: strict enough for something to happen.
func Policy() embedded.Policy {
	return embedded.Policy{
		Name: "Demo staff", MinLength: 12, MinClasses: 2, History: 5, MaxAge: 90 * 24 * time.Hour, NamesBanned: true,
		Lockout: embedded.Lockout{After: 5, First: 30 * time.Minute, Longest: 4 * time.Hour},
	}
}
