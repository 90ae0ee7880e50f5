// Package app is the composition root: it opens the store, the directories, the ways to prove and to deliver, puts the desk together and
// serves it over SSH. Open, Run, Close.
//
// Nothing else in the program knows two adapters at once. The package decides nothing about accounts: that is core's work.
package app
