// Package lineterm runs one Bubble Tea model on one terminal and draws it line
// by line, when something changed.
package lineterm
