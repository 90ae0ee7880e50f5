package sshd

import "context"

// SessionHandler runs the sessions. Each method returns the exit code that the client gets and must return soon after
// ctx ends: with the channel, with the input of a terminal, when the client does not read, and when the server
// has asked the session to leave and it did not ([Session.Leaving]). Methods run on a goroutine of their own; a panic
// ends that session alone.
type SessionHandler interface {
	// Terminal serves a shell on a terminal.
	Terminal(ctx context.Context, s *Session) (exitCode int)
	// NoTerminal serves a shell without one: it says what to do instead.
	NoTerminal(ctx context.Context, s *Session) (exitCode int)
	// Command serves one command line, with or without a terminal.
	Command(ctx context.Context, s *Session) (exitCode int)
}
