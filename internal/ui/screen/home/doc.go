// Package home is the first screen: a search box that has the focus at once, what waits for the operator's level, the operator's own open
// cases, and how the desk is.
//
// Searching runs as one types and streams: each directory's rows appear when it answers. What an older text found is dropped. The screen takes
// handed-over cases (through core.Desk.Perform); it changes nothing else and reads accounts only as rows.
package home
