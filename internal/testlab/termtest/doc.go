// Package termtest is the other end of the line: what an operator's terminal
// and SSH client do, for tests, stories and documentation pictures.
//
// A Screen is a terminal emulator that can be asked what it shows, that wakes
// whoever waits for something to appear, and that keeps every byte it got so
// that Oracle can say whether a program sent anything it has no business to
// send. A Client is a real SSH connection; a Terminal is a session with a pty
// on it whose output goes to a Screen and whose input is typed by name ("enter",
// "ctrl+k"). A Frame is what a Screen showed at one moment; it can be compared,
// searched and drawn as SVG or HTML.
//
// Nothing here polls or sleeps: waiting is for a write that makes a predicate
// true, and a time limit only guards against waiting for ever. The package must
// never be part of a program that is shipped.
package termtest
