// Package index finds people in memory by what their names begin with and by what is inside them.
//
// A person is one document: the folded display name, then the other folded names, one to a line. A word of a query
// starts a document when it stands at the beginning of a word in it, and is inside it when it stands anywhere, from
// three bytes on (three Latin letters, two Greek or Cyrillic ones, one Chinese or Japanese character). All words of a
// query must match. Documents in which every word starts something come first, each group in the order of the display
// names.
//
// Large sets of documents are immutable segments: a sorted array of word beginnings and, for every three bytes that
// occur, the documents that hold them. Changes lie in a small list beside the segment until it is built anew. All of it
// is read without a lock.
//
// The package never reads a database, never ranks by anything but the text, and returns no text to anybody.
package index
