// Package bench measures what the desk promises about speed and size, each figure against a floor that is measured in the same run, in turn:
// the floor, ours, the floor, ours. Its report is docs/benchmarks.md.
//
//   - ssh.go and endings.go: many sessions over SSH against a plain echo server and against a stock Bubble Tea screen
//   - search.go, ldap.go: searches and lists of the embedded directory and of a real slapd against a raw client
//   - reset.go: a reset on slapd against a raw client with two durable commits
//   - coldstart.go: the built program until it greets
//
// These are benchmarks and no tests: nothing here fails because a machine is slow. The package starts its servers in processes of their own
// on loopback, and nothing of it is built into the program.
package bench
