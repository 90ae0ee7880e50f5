// Package health shows how everything the desk depends on is, and what to do about what is in trouble.
//
// It asks through core.Desk.Health and mends nothing.
package health
