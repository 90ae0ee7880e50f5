// Package directorytest is the contract of core.Directory as tests: every backend passes them.
//
// A backend's test implements Fixture on a real server (or a real file) and calls Run. What a backend cannot do by its nature it says in
// Traits; the tests that need it are skipped and say so. Everything else is asked of all: what is found, read, changed and refused, that a
// Grant is checked before anything is sent, that an error says what was changed, and that every method returns soon after its context ends.
//
// The package is for tests alone. It never starts a server and knows no protocol.
package directorytest
