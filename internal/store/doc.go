// Package store keeps the desk's state in one SQLite file: cases, challenges and evidence, attempts, registrations, operators, the outbox of
// notices, and the trail. A [Store] implements the ports core.Cases, core.Proofs, core.Attempts, core.Registrations, core.OperatorStore,
// core.Trail and core.Outbox.
//
// A change and its record are one transaction. Records are appended and never changed; triggers see to it. Data of a person are sealed
// under a key of that person, wherever they are kept, so that deleting one row erases the person and no record is touched.
//
// The package never makes a network call, never holds a transaction while somebody else works, never keeps a new password, a code or
// a TOTP secret in the clear, and never repairs a damaged file.
package store
