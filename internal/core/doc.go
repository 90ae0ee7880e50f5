// Package core is the domain of the desk: accounts, cases, evidence, operations, the diagnosis, and the one pipeline through which
// everything that changes anything goes.
//
// A call to the helpdesk is a Case: a caller claims to be the owner of an Account; the operator proves it (Evidence), finds what is wrong
// (Diagnosis), does one thing about it (Operation), and everybody who should know is told (Notice). Two proofs are needed to change an
// account: the operator's right (rbac.Grant) and the caller's identity (Evidence). The trail is written before the effect (Intent) and after it
// (Outcome); without a durable Intent nothing is changed, and an outcome that is not known is called Unknown.
//
// The package imports the standard library and leaf packages only. Directories, the store, ways to prove a caller and channels are ports,
// declared here and implemented elsewhere. It never formats a sentence, never speaks a network protocol and never reads a configuration.
package core
