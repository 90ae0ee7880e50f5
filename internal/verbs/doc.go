// Package verbs holds the commands that an operator runs over SSH without a screen: `ssh desk user show jane --json`.
//
// They go through the same desk and the same pipeline as the screens. Output is text for people by default and stable JSON with --json.
// One file per noun; docs/verbs.md is made from the table in this package. A verb never asks a question back and never prints a secret that the
// desk did not hand out for it.
package verbs
