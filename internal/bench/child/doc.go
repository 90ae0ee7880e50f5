// Package child runs one server of the benchmarks in a process of its own, so that its time and memory can be told from its client's, and
// answers questions about that process over its standard input and output: one line each way.
//
// The child ends with its standard input. It never measures itself: it reads what the operating system and the runtime have counted.
package child
