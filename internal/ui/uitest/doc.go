// Package uitest drives the screens in tests: a Stage is a desk on fakes with people in it, a Driver is one operator's terminal on it. A Driver
// types keys, runs what they start in one goroutine and in order, passes events on, and returns settled frames.
//
// It is for tests and for the pictures in the documents. It opens no connection, waits for nothing, and nothing that is shipped imports it.
package uitest
