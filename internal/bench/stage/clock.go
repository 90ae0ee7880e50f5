package stage

import "time"

// Clock is the machine's.
type Clock struct{}

// Now implements core.Clock.
func (Clock) Now() time.Time { return time.Now() }
