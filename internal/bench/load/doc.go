// Package load is the client side of the SSH benchmarks: many sessions from one process, each with one key in flight, and clients that end
// badly. It measures from the moment a key was due, so that a server that falls behind cannot hide it.
//
// It never looks at what a server draws but for the mark of a whole frame, and it checks host keys like any client.
package load
