// Package operate is the screen of a reset or an unlock, from the goal to the closed case: the case opens by itself, the caller is proved in
// front, one confirmation names person and action, and the result says what was changed, what was not, and what is not known.
//
// It changes nothing but through core.Desk.Perform, with an operation id made once for each confirmation. It never claims more than the desk
// told it, and it holds a new password only while its page is open.
package operate
