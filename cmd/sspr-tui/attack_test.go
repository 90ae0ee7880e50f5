package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	gossh "golang.org/x/crypto/ssh"
)

// storyAttack tries one attack with a client of its own and fails when it works: attack NAME
func storyAttack(ts *testscript.TestScript, _ bool, args []string) {
	attacks := map[string]func(*stage) error{
		"no-authentication": attackWithoutAuthentication, "offered-key": attackOfferedKey, "channel-flood": attackChannelFlood,
		"forwarding": attackForwarding, "environment": attackEnvironment, "subsystem": attackSubsystem, "unknown-key": attackUnknownKey,
		"disabled-l1": attackDisabled, "second-factor": attackSecondFactor,
	}
	attack, ok := attacks[args[0]]
	if !ok {
		ts.Fatalf("there is no attack %s", args[0])
	}
	ts.Check(attack(stageOf(ts)))
}

// connect dials with these methods as this user.
func (s *stage) connect(user string, auth ...gossh.AuthMethod) (*gossh.Client, error) {
	host, err := s.hostKey()
	if err != nil {
		return nil, err
	}
	return gossh.Dial("tcp", s.addr, &gossh.ClientConfig{User: user, Auth: auth, HostKeyCallback: gossh.FixedHostKey(host), Timeout: patience})
}

func (s *stage) signer(operator string) (gossh.Signer, error) {
	raw, err := os.ReadFile(filepath.Join(s.state(), "keys", operator))
	if err != nil {
		return nil, err
	}
	return gossh.ParsePrivateKey(raw)
}

func attackWithoutAuthentication(s *stage) error {
	for _, user := range []string{"l1", "admin", "root", ""} {
		if c, err := s.connect(user); err == nil {
			_ = c.Close()
			return fmt.Errorf("%q got in without authentication", user)
		}
	}
	return nil
}

func attackUnknownKey(s *stage) error {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	key, err := gossh.NewSignerFromKey(private)
	if err != nil {
		return err
	}
	if c, err := s.connect("admin", gossh.PublicKeys(key)); err == nil {
		_ = c.Close()
		return errors.New("a key nobody has registered got in")
	}
	return nil
}

// forged is a key whose signature is made with another one.
type forged struct {
	gossh.Signer
	claims gossh.PublicKey
}

func (f forged) PublicKey() gossh.PublicKey { return f.claims }

// attackOfferedKey offers the administrator's public key without owning it, then signs in as Level 1: who is it?
func attackOfferedKey(s *stage) error {
	mine, err := s.signer("l1")
	if err != nil {
		return err
	}
	theirs, err := s.signer("admin")
	if err != nil {
		return err
	}
	if c, err := s.connect("admin", gossh.PublicKeys(forged{mine, theirs.PublicKey()})); err == nil {
		_ = c.Close()
		return errors.New("a forged signature got in as the administrator")
	}
	if c, err := s.connect("admin", gossh.PublicKeys(mine)); err == nil {
		_ = c.Close()
		return errors.New("the key of Level 1 got in as the administrator")
	}
	c, err := s.connect("l1", gossh.PublicKeys(forged{mine, theirs.PublicKey()}, mine))
	if err != nil {
		return nil // refused altogether is safe too
	}
	defer func() { _ = c.Close() }()
	session, err := c.NewSession()
	if err != nil {
		return err
	}
	out, err := session.Output("whoami")
	if err != nil || !bytes.HasPrefix(out, []byte("l1\t")) {
		return fmt.Errorf("after offering the administrator's key the desk says %q, %w", out, err)
	}
	return nil
}

func attackChannelFlood(s *stage) error {
	key, err := s.signer("l1")
	if err != nil {
		return err
	}
	c, err := s.connect("l1", gossh.PublicKeys(key))
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	accepted := 0
	for range 200 {
		_, requests, err := c.OpenChannel("session", nil)
		if err == nil {
			accepted++
			go gossh.DiscardRequests(requests) // ends with the connection
		}
	}
	if accepted > 4 {
		return fmt.Errorf("%d channels were accepted on one connection", accepted)
	}
	return s.alive()
}

// alive asks whether an honest operator is still served.
func (s *stage) alive() error {
	key, err := s.signer("l2")
	if err != nil {
		return err
	}
	c, err := s.connect("l2", gossh.PublicKeys(key))
	if err != nil {
		return fmt.Errorf("an honest operator is refused: %w", err)
	}
	defer func() { _ = c.Close() }()
	session, err := c.NewSession()
	if err != nil {
		return err
	}
	out, err := session.Output("whoami")
	if err != nil || !strings.HasPrefix(string(out), "l2\t") {
		return fmt.Errorf("an honest operator gets %q, %w", out, err)
	}
	return nil
}

func attackForwarding(s *stage) error {
	key, err := s.signer("admin")
	if err != nil {
		return err
	}
	c, err := s.connect("admin", gossh.PublicKeys(key))
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if conn, err := c.Dial("tcp", s.addr); err == nil {
		_ = conn.Close()
		return errors.New("direct-tcpip was accepted")
	}
	if l, err := c.Listen("tcp", "127.0.0.1:0"); err == nil {
		_ = l.Close()
		return errors.New("tcpip-forward was accepted")
	}
	for _, kind := range []string{"direct-streamlocal@openssh.com", "x11", "auth-agent@openssh.com", "forwarded-tcpip"} {
		if ch, _, err := c.OpenChannel(kind, nil); err == nil {
			_ = ch.Close()
			return fmt.Errorf("a channel %s was accepted", kind)
		}
	}
	return s.alive()
}

func attackEnvironment(s *stage) error {
	session, end, err := s.session("l1")
	if err != nil {
		return err
	}
	defer end()
	for _, name := range []string{"LD_PRELOAD", "PATH", "TEA_TRACE", "SSH_AUTH_SOCK", "GODEBUG", "TMUX"} {
		if err := session.Setenv(name, "/tmp/evil"); err == nil {
			return fmt.Errorf("%s was accepted", name)
		}
	}
	if ok, err := session.SendRequest("auth-agent-req@openssh.com", true, nil); ok || err != nil {
		return fmt.Errorf("agent forwarding: %v, %w", ok, err)
	}
	if ok, err := session.SendRequest("x11-req", true, nil); ok || err != nil {
		return fmt.Errorf("x11: %v, %w", ok, err)
	}
	return s.alive()
}

func (s *stage) session(operator string) (*gossh.Session, func(), error) {
	key, err := s.signer(operator)
	if err != nil {
		return nil, nil, err
	}
	c, err := s.connect(operator, gossh.PublicKeys(key))
	if err != nil {
		return nil, nil, err
	}
	session, err := c.NewSession()
	if err != nil {
		_ = c.Close()
		return nil, nil, err
	}
	return session, func() { _ = session.Close(); _ = c.Close() }, nil
}

func attackSubsystem(s *stage) error {
	session, end, err := s.session("admin")
	if err != nil {
		return err
	}
	defer end()
	if err := session.RequestSubsystem("sftp"); err == nil {
		return errors.New("the subsystem sftp was accepted")
	}
	return s.alive()
}

// attackDisabled signs in as an operator who was disabled.
func attackDisabled(s *stage) error {
	key, err := s.signer("l1")
	if err != nil {
		return err
	}
	if c, err := s.connect("l1", gossh.PublicKeys(key)); err == nil {
		_ = c.Close()
		return errors.New("a disabled operator got in")
	}
	return nil
}

// attackSecondFactor signs in with the key of an operator who has a second factor, and nothing else.
func attackSecondFactor(s *stage) error {
	key, err := s.signer("l2")
	if err != nil {
		return err
	}
	guess := gossh.KeyboardInteractive(func(_, _ string, questions []string, _ []bool) ([]string, error) {
		return make([]string, len(questions)), nil
	})
	for _, auth := range [][]gossh.AuthMethod{{gossh.PublicKeys(key)}, {gossh.PublicKeys(key), guess}} {
		if c, err := s.connect("l2", auth...); err == nil {
			_ = c.Close()
			return errors.New("the key alone got in")
		}
	}
	return nil
}
