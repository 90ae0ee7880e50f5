// Package replay is the raw client of the LDAP benchmarks: it takes requests that were seen on the wire, and sends the same ones with go-ldap
// on one connection, one after the other, with nothing around them.
//
// It leaves out the conditions of a write (RFC 4528), which name a version that is gone, and puts in a new password; everything else is as it
// was seen. It is for benchmarks only.
package replay
