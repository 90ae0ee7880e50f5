// Package account is the card: one person, what is wrong, and the next key.
//
// The first line says what is wrong, the second whether the person can help themselves, the third is the next best action, on which Enter
// stands. Below is everything else in the order in which one asks for it on the telephone. Every place is kept while the account is read.
//
// The card changes no account: it opens the screens that do, opens the case they need, and closes a case that self-service solved. It shows
// contact data masked only.
package account
