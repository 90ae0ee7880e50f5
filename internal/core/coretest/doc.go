// Package coretest has in-memory fakes of every port of core, with fault injection: "fail the second Conclude", "panic in the write".
//
// The fakes keep the promises of the ports (one open intent per account, tries counted before they are compared, evidence spent once), so
// that tests of core, screens and commands run on them. It is for tests only and never touches a disk or a network.
package coretest
