// Package openldap is a directory of people on an OpenLDAP server (slapd 2.4 and newer) with the ppolicy overlay.
//
// It works as a service identity with the least rights: it reads, it writes userPassword and the state attributes of
// ppolicy, and nothing else. A reset is one Modify that sets the password and pwdReset together; an unlock removes
// pwdAccountLockedTime. Both are made under the condition that the entry is still the one that was read (RFC 4528), and
// the password policy control tells why the server refuses.
//
// What it cannot read it says: slapd shows an attribute that may not be read as if it were not there, so every
// attribute that decides about an account and is missing is proved to be missing (absence.go). Groups are followed
// through memberOf. A circle, more than 10,000 of them, or one that cannot be read makes the account unreadable, and so
// forbidden.
//
// The package never sends a search without an index as far as it knows the indexes (indexes.go), never follows a
// referral, never builds a filter from parts of strings, never keeps or logs a password, and never reads its clock from
// the server: times are compared with the desk's.
package openldap
