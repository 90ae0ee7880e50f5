// Package act holds what the screens that do something have in common: the page with its next key, the case that opens by itself, the moment
// in which a key cannot have been meant for what has just appeared, and the closing of a case.
//
// It draws and asks the desk; it decides nothing about rights or proofs, keeps no secret, and knows no screen by name other than by route.
package act
