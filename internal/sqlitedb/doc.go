// Package sqlitedb opens one SQLite database file the way this program wants it: write-ahead log, every commit on the disk before it
// returns, foreign keys, deleted content overwritten, one writer and a few readers, all connections alike; the schema brought up to date
// by embedded migrations that only go forward; a file that others may read, that is damaged or newer than the program refused with a
// sentence that names it.
//
// The package knows nothing of what is in a database. It never repairs one, never deletes data and never hands out a connection: work is done
// inside [DB.Write] and [DB.Read], which are transactions.
package sqlitedb
