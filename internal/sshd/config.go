package sshd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// PasswordScope says from where passwords are accepted.
type PasswordScope string

// The scopes. From elsewhere the method is not even offered, whoever signs in.
const (
	PasswordAnywhere PasswordScope = "anywhere"
	PasswordLoopback PasswordScope = "loopback"
	PasswordNowhere  PasswordScope = "nowhere"
)

// maxBanner is the longest banner in bytes. Each 4 KiB of it would be one more write that type lockstep takes for an
// answer.
const maxBanner = 2048

// Operations is what a drain waits for: changes that must not be cut in two.
type Operations interface {
	// Wait returns nil when no operation is in flight, or ctx's error.
	Wait(ctx context.Context) error
}

// Config is what a Server needs. Zero fields of Limits, Timeouts and Penalties take their defaults.
type Config struct {
	HostKey       HostKey           // required
	Authenticator Authenticator     // required
	Handler       SessionHandler    // required
	Now           func() time.Time  // required: the one clock
	Observer      Observer          // may be nil
	Operations    Operations        // may be nil: nothing to wait for
	Authorities   []gossh.PublicKey // whose user certificates are accepted
	Revocations   *Revocations      // may be nil
	Passwords     PasswordScope     // empty: anywhere
	ServerVersion string            // "SSH-2.0-" comes before it; empty: "sspr-tui"
	Banner        string            // shown before sign-in, at most 2 KiB
	Prompts       Prompts
	TerminalReset []byte // sent to a terminal whose handler panicked or had to be ended
	Limits        Limits
	Timeouts      Timeouts
	Penalties     Penalties
}

// Prompts are the questions of keyboard-interactive, already in the language of the desk.
type Prompts struct {
	Password string // empty: "Password: "
	TOTP     string // empty: "Verification code: "
}

// Limits are counts and sizes. Zero takes the default.
type Limits struct {
	Connections          int // at once: 2,048
	ConnectionsPerSource int // at once: 256
	HalfOpen             int // handshakes at once: 128
	HalfOpenPerSource    int // handshakes at once: 32
	AuthTries            int // wrong tries of one connection: 3
	Channels             int // sessions of one connection at once: 4
	ChannelRefusals      int // refused channels after which a connection is closed: 10
	RequestRefusals      int // refused requests after which a connection is closed: 100
	EnvVars              int // variables of one session: 16
	EnvBytes             int // of their names and values together: 1,024
	CommandBytes         int // of one command line: 64 KiB
	Columns              int // of a terminal: 400
	Rows                 int // of a terminal: 150
}

// Timeouts are times. Zero takes the default.
type Timeouts struct {
	Grace          time.Duration // from the connection to the sign-in: 20 s
	Write          time.Duration // for one piece of output to be taken: 15 s
	Start          time.Duration // from the opening of a channel to its shell or command: 20 s
	Close          time.Duration // for a client to agree to the close of a channel: 5 s
	Farewell       time.Duration // for a session that was asked to leave: 3 s
	Drain          time.Duration // for operations in flight when the server drains: 10 s
	KeepAlive      time.Duration // of silence before a probe, which then has as long again: 60 s
	Sessionless    time.Duration // a connection without any session: 10 min
	Lifetime       time.Duration // a connection in all, behind the limits of the screens: 9 h
	KeyPace        time.Duration // refusals of keys leave at multiples of this: 25 ms
	PasswordPace   time.Duration // refusals of passwords and codes: 1 s
	AcceptPauseMax time.Duration // between tries when the listener fails, for want of descriptors for example: 1 s
}

// withDefaults returns a complete configuration or says everything that is wrong with this one.
func (c Config) withDefaults() (Config, error) {
	c.Passwords = cmp.Or(c.Passwords, PasswordAnywhere)
	c.ServerVersion = cmp.Or(c.ServerVersion, "sspr-tui")
	c.Prompts.Password = cmp.Or(c.Prompts.Password, "Password: ")
	c.Prompts.TOTP = cmp.Or(c.Prompts.TOTP, "Verification code: ")
	c.Limits = c.Limits.withDefaults()
	c.Timeouts = c.Timeouts.withDefaults()
	c.Penalties = c.Penalties.withDefaults()
	return c, c.validate()
}

func (c Config) validate() error {
	var wrong []error
	require := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf("sshd: "+format, args...))
		}
	}
	require(c.HostKey.signer != nil, "a host key is required")
	require(c.Authenticator != nil, "an authenticator is required")
	require(c.Handler != nil, "a session handler is required")
	require(c.Now != nil, "a clock is required")
	require(printable(c.ServerVersion) && len(c.ServerVersion) <= 64, "the version string must be up to 64 printable ASCII characters")
	require(len(c.Banner) <= maxBanner, "the banner must be at most %d bytes", maxBanner)
	switch c.Passwords {
	case PasswordAnywhere, PasswordLoopback, PasswordNowhere:
	default:
		require(false, "unknown password scope %q", string(c.Passwords))
	}
	for _, authority := range c.Authorities {
		err := checkKey(authority)
		require(err == nil, "certificate authority %s: %v", gossh.FingerprintSHA256(authority), err)
	}
	wrong = append(wrong, c.Revocations.Check())
	return errors.Join(wrong...)
}

func (l Limits) withDefaults() Limits {
	l.Connections = cmp.Or(l.Connections, 2048)
	l.ConnectionsPerSource = cmp.Or(l.ConnectionsPerSource, 256)
	l.HalfOpen = cmp.Or(l.HalfOpen, 128)
	l.HalfOpenPerSource = cmp.Or(l.HalfOpenPerSource, 32)
	l.AuthTries = cmp.Or(l.AuthTries, 3)
	l.Channels = cmp.Or(l.Channels, 4)
	l.ChannelRefusals = cmp.Or(l.ChannelRefusals, 10)
	l.RequestRefusals = cmp.Or(l.RequestRefusals, 100)
	l.EnvVars = cmp.Or(l.EnvVars, 16)
	l.EnvBytes = cmp.Or(l.EnvBytes, 1024)
	l.CommandBytes = cmp.Or(l.CommandBytes, 64<<10)
	l.Columns = cmp.Or(l.Columns, 400)
	l.Rows = cmp.Or(l.Rows, 150)
	return l
}

func (t Timeouts) withDefaults() Timeouts {
	t.Grace = cmp.Or(t.Grace, 20*time.Second)
	t.Write = cmp.Or(t.Write, 15*time.Second)
	t.Start = cmp.Or(t.Start, 20*time.Second)
	t.Close = cmp.Or(t.Close, 5*time.Second)
	t.Farewell = cmp.Or(t.Farewell, 3*time.Second)
	t.Drain = cmp.Or(t.Drain, 10*time.Second)
	t.KeepAlive = cmp.Or(t.KeepAlive, time.Minute)
	t.Sessionless = cmp.Or(t.Sessionless, 10*time.Minute)
	t.Lifetime = cmp.Or(t.Lifetime, 9*time.Hour)
	t.KeyPace = cmp.Or(t.KeyPace, 25*time.Millisecond)
	t.PasswordPace = cmp.Or(t.PasswordPace, time.Second)
	t.AcceptPauseMax = cmp.Or(t.AcceptPauseMax, time.Second)
	return t
}

func (p Penalties) withDefaults() Penalties {
	p.AuthFailed = cmp.Or(p.AuthFailed, 5*time.Second)
	p.NoAuth = cmp.Or(p.NoAuth, time.Second)
	p.Grace = cmp.Or(p.Grace, 10*time.Second)
	p.Enforce = cmp.Or(p.Enforce, 15*time.Second)
	p.Max = cmp.Or(p.Max, 10*time.Minute)
	p.Sources = cmp.Or(p.Sources, 16384)
	return p
}

// printable reports whether s is ASCII without spaces and controls (RFC 4253, section 4.2, wants that of a version).
func printable(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}
