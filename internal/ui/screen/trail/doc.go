// Package trail shows the records of the trail, newest first, as far as the operator's role reaches, with everything one record says.
//
// It reads through core.Desk.ReadTrail, which decides the reach and records the reading. It changes nothing and exports nothing.
package trail
