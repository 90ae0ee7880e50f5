// Package embedded is a directory of people in one SQLite file: for cloud-only users, small sites, the demo and tests.
//
// It keeps people with an immutable random key, their groups (nested) and administrator roles, the addresses on file,
// argon2id hashes of passwords with history and expiry, and the smart lockout: wrong passwords are counted, the last
// three of them once, and locks in a row last longer and longer. It finds people with package index, which is built
// beside the first searches; until then the database answers and says that rows may be missing.
//
// SQLite is the truth and the index a copy of it: every write goes to the database in one transaction, durably, or not
// at all. Values that came from outside are kept as they came and leave as untrusted.Text.
//
// The package never keeps a password, never changes an account without a Grant (imports aside, which the host's
// administrator starts), and keeps no authenticator app's secret: registrations belong to the desk's store.
package embedded
