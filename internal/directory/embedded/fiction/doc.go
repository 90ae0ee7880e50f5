// Package fiction makes people who do not exist: the cast of the demo, who have names, stories and troubles of their own, and any number
// of extras.
//
// The cast stands in a file (testdata/demo/people.json) in which times are written as "that long ago", so that whoever is locked was
// locked a moment ago whenever the demo starts. The extras are computed: the same number is always the same person. Nobody's password is
// known; all share the hash of a random one, so that a million of them cost one hash.
//
// The package never makes a secret of an authenticator app and never reaches anything but the directory it is given.
package fiction
