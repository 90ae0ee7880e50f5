// Package sshd is the door of the desk: the listener, the authentication, the session handler, the limits and the
// drain of the SSH server. It knows nothing about accounts, cases or screens: it declares the ports it needs
// ([Authenticator], [SessionHandler], [Operations], [Observer]) and the composition root fills them.
//
// # Promises
//
//   - No session without authentication. The identity of a session is read from the Permissions of the finished
//     handshake and from nowhere else; a connection without one is closed. Offering a key leaves no trace.
//   - A known and an unknown login look the same: the same methods, prompts, number of tries and answers, and a
//     refusal leaves only at a multiple of a fixed pace.
//   - Whatever is not needed is refused: only session channels with env, pty-req, window-change, shell and exec. No
//     forwarding, agent, X11, subsystem. Environment by allow-list, terminal sizes clamped, TERM checked.
//   - Everything has an end. A handshake has a deadline, a source has penalties and caps, a blocked write closes its
//     channel, a client that does not agree to a close loses its connection, a dead client is found by keep-alives.
//   - The context of a session ends with its channel, not with the connection under it.
//   - A panic ends one session. It is logged with the session's id; the client sees an exit code.
//
// # Why golang.org/x/crypto/ssh and not the server of charm.land/ssh and wish
//
// Read in charm.land/ssh v0.4.3 and wish v2.0.3; each of these would have to be replaced or worked round, and what
// remains of the wrapper then is an accept loop:
//
//   - One Context per connection is shared by all attempts to authenticate and by all sessions. Values that a handler
//     stores for an offered key stay there for the attempt that succeeds with another one. That is how servers on
//     this design were impersonated; a type without such a place cannot have the fault.
//   - With no handler set the server turns NoClientAuth on. Here nothing ever sets it.
//   - agent requests are granted, the environment is unbounded, channels are unlimited, and the session handler that
//     does so is not configurable, only replaceable.
//   - The window-change channel holds one value: without a reader the request loop of the channel stands still, and
//     after the close a reader without the ok result spins. Here resizes are coalesced and the channel is never closed.
//   - Panics are logged with their values to the global logger, and Shutdown waits without ever closing.
//
// # Limits that are known
//
//   - x/crypto v0.58.0 keeps two goroutines and up to 16 packets for ever when a handshake fails while its client has
//     sent packets ahead. An anonymous client could do that; type lockstep ends such a handshake first. When an
//     operator's client breaks the protocol with as many packets in flight, three goroutines stay; nothing outside
//     x/crypto can prevent it, the log says who was signed in.
//   - Where OpenSSH shares a connection and one of its clients is killed, the sharing process may say so only at the
//     next packet from here, which is the keep-alive probe at the latest.
//   - A client may fill the window of its channels (2 MiB each) before anybody reads them.
//   - Keep-alive probes are the only bytes sent to a silent client, one each [Timeouts.KeepAlive].
//
// The package never runs a program, never opens a file beside the host key and the revocation list, never writes a
// login or a password to the log, and never stores a context.
package sshd
