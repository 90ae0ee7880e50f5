// Package verify is the screen on which the caller of a case is proved: the ways there are, what to say to the caller, and the code they read
// out. It closes with the evidence.
//
// It never says why a proof failed, neither to the operator nor in the words for the caller, and it keeps no code: what was typed is wiped when
// it is checked.
package verify
