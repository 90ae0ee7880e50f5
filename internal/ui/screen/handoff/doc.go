// Package handoff is the screen on which a case moves to another role: to whom, why, and what was proved goes with it. Where an operation is
// wanted, the caller is proved first.
//
// It decides nothing about who may do what: the roles it offers are those the desk names, and the desk checks again.
package handoff
