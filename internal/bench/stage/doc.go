// Package stage sets up what the benchmarks measure on: people, folders with a configuration, keys and an embedded directory, and a desk on
// the real store with any directory.
//
// The people are fictional and the same in every run and in every directory. Keys are made anew for every folder.
package stage
