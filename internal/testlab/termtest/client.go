package termtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// DefaultTimeout is how long a Terminal waits for something to appear.
const DefaultTimeout = 10 * time.Second

// Target is where a Client connects to, and as whom.
type Target struct {
	// Addr is "host:port".
	Addr string
	// User is the name that is presented.
	User string
	// Auth are the methods that are tried, in order.
	Auth []ssh.AuthMethod
	// HostKey is the server's key; any other is refused.
	HostKey ssh.PublicKey
	// Config changes the rest of the client's configuration; may be nil.
	Config func(*ssh.ClientConfig)
}

func (t Target) config() *ssh.ClientConfig {
	config := &ssh.ClientConfig{User: t.User, Auth: t.Auth, HostKeyCallback: ssh.FixedHostKey(t.HostKey)}
	if t.Config != nil {
		t.Config(config)
	}
	return config
}

// Client is one SSH connection. Several sessions may share it.
type Client struct {
	// SSH is the connection, for what Client has no method for.
	SSH *ssh.Client

	conn *net.TCPConn
}

// Dial connects and signs in. The error of a refused sign-in is that of x/crypto/ssh.
func Dial(ctx context.Context, target Target) (*Client, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", target.Addr)
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // the handshake knows no context
	defer stop()
	c, channels, requests, err := ssh.NewClientConn(conn, target.Addr, target.config())
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("signing in: %w", err)
	}
	tcp, _ := conn.(*net.TCPConn)
	return &Client{SSH: ssh.NewClient(c, channels, requests), conn: tcp}, nil
}

// Close ends the connection as a client does that is done.
func (c *Client) Close() error { return c.SSH.Close() }

// Drop cuts the connection without a word (TCP RST), as a dying client does.
func (c *Client) Drop() error {
	if err := c.conn.SetLinger(0); err != nil {
		return fmt.Errorf("dropping the connection: %w", err)
	}
	return c.conn.Close()
}

// Result is what a command left behind.
type Result struct {
	Stdout string
	Stderr string
	// Code is the exit status; -1 if the server ended the session without one.
	Code int
}

// Exec runs a command without a terminal, with stdin as its input. A command
// that fails is not an error; a session that cannot be had is.
func (c *Client) Exec(ctx context.Context, command, stdin string) (Result, error) {
	session, err := c.SSH.NewSession()
	if err != nil {
		return Result{}, fmt.Errorf("opening a session: %w", err)
	}
	defer func() { _ = session.Close() }() // it is closed already when the command has ended
	stop := context.AfterFunc(ctx, func() { _ = session.Close() })
	defer stop()
	var stdout, stderr bytes.Buffer
	session.Stdin, session.Stdout, session.Stderr = strings.NewReader(stdin), &stdout, &stderr
	code, err := exitCode(session.Run(command))
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return Result{Stdout: stdout.String(), Stderr: stderr.String(), Code: code}, err
}

// exitCode tells a command that failed from a session that broke.
func exitCode(err error) (int, error) {
	var exit *ssh.ExitError
	var missing *ssh.ExitMissingError
	switch {
	case err == nil:
		return 0, nil
	case errors.As(err, &exit):
		return exit.ExitStatus(), nil
	case errors.As(err, &missing), errors.Is(err, io.EOF):
		return -1, nil
	}
	return -1, fmt.Errorf("running the command: %w", err)
}
