// Package testlab starts what tests need around the program: a real slapd, an SMTP server, and a proxy in front of a
// directory that misbehaves on demand. Everything listens on loopback, keeps its state in a scratch folder and ends
// with the test that started it.
//
// The servers are meant as an oracle: testlab speaks to slapd with the programs of ldap-utils and never with the LDAP
// client of this module, so that a fault of ours cannot hide in the set-up.
//
// It is never part of the program, never leaves loopback, never downloads anything and never ends a process that it
// did not start.
package testlab
