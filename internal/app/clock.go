package app

import "time"

// systemClock is core.Clock on the machine's clock.
type systemClock struct{}

// Now implements core.Clock.
func (systemClock) Now() time.Time { return time.Now() }
