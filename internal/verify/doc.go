// Package verify holds the ways to prove a caller, one file each. A way implements core.Prover: it sends what has to be sent and compares
// what was said; counting tries, locking verification and making evidence are core's work, before and after.
//
// The package never shows or stores a code: what is sent is kept as a keyed hash only, and a TOTP secret is decrypted for one comparison.
package verify
