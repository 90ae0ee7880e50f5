// Package untrusted holds text that came from outside: directory attributes, imported files, mail, ticket
// references, SSH user names and client versions.
//
// A [Text] shows itself harmlessly: every formatting verb, the log and JSON yield a form in which terminal
// controls, bidirectional controls, invisible characters, piled-up combining marks and invalid UTF-8 are visible
// escapes. The exact value is reached only through [Text.Raw].
//
// The package never changes, trims, normalises or rejects a value, and never reads anything by itself.
//
// Two limits lie in package fmt, which calls no methods on unexported struct fields, and none on anything inside a
// value whose verb is wrong (%p of a struct; go vet reports it). A struct that keeps a Text in an unexported field
// must not be printed whole.
package untrusted
