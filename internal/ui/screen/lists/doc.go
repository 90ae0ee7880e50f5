// Package lists shows the accounts of one directory that are in a state: locked, disabled, expired, expiring, must change, idle.
//
// The directory computes the list; the screen pages through it to the end as the operator scrolls, and says honestly how many there are. It
// writes no file: an operator's terminal has no place for one, so it names the command that does.
package lists
