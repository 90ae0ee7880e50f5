// Package ldapconn talks LDAP for the directory backends: a pool of authenticated connections, searches, pages,
// writes, and the check of a person's password. It is the only importer of go-ldap, so that encryption, cancellation,
// bounds and the meaning of answers are settled once.
//
// What it promises:
//
//   - Not one byte of a bind is sent before TLS (1.2 or newer) stands and the certificate is verified. There is no
//     switch against that. Clear text that comes between StartTLS and TLS ends the connection.
//   - Every call ends when its context ends. go-ldap's calls do not; here they run beside the caller.
//   - A write ends in one of three ways: the server's own answer (nil or [*ResultError]), or a [*WriteError] that says
//     whether a byte of the request left this machine. Sent means that nobody knows whether it was done.
//   - What a server sends is bounded before it is decoded: message size, nesting, number of elements, bytes and
//     elements per request, pages per walk.
//   - A server that is down is asked by one prober at a time, at growing, jittered intervals; everybody else is told
//     at once.
//
// It never follows a referral, never sends an empty password, never builds a filter from parts of strings, never logs,
// and never decides what an answer means for an account: that is the business of the backend.
package ldapconn
