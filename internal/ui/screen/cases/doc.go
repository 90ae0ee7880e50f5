// Package cases shows the operator's open cases, those that wait for the operator's roles, and the closed ones; and one case with its proofs
// and its history.
//
// It takes handed-over cases and closes cases, through core.Desk.Perform. Whether an operator may see a case the desk decides.
package cases
