package store

import "time"

// systemClock is the clock of a store that was given none.
type systemClock struct{}

// Now implements core.Clock.
func (systemClock) Now() time.Time { return time.Now() }
