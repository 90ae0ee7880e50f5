// Package untrusted holds text that came from outside: directory attributes, imported files, mail, ticket
// references, SSH user names and client versions.
//
// A [Text] shows itself harmlessly: every formatting verb, the log and JSON yield a form in which terminal
// controls, bidirectional controls, invisible characters, piled-up combining marks and invalid UTF-8 are visible
// escapes. The exact value is reached only through [Text.Raw].
//
// The package never changes, trims, normalises or rejects a value, and never reads anything by itself.
//
// One limit lies in package fmt: it does not call methods on unexported struct fields. A struct that keeps a Text
// in an unexported field must not be printed whole.
package untrusted
