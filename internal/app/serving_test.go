package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// serving is a bench that serves.
type serving struct {
	*bench
	addr  string
	stop  context.CancelFunc
	ended chan error
}

// serve serves on loopback until the test ends, or until stop is called.
func (b *bench) serve() *serving {
	b.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(b.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	s := &serving{bench: b, addr: listener.Addr().String(), stop: cancel, ended: make(chan error, 1)}
	a := b.App
	go func() { s.ended <- a.Serve(ctx, listener) }() // ends with ctx
	b.t.Cleanup(func() { must(b.t, s.end()) })
	return s
}

// end drains and waits. A second time it does nothing.
func (s *serving) end() error {
	s.stop()
	err, ok := <-s.ended
	if ok {
		close(s.ended)
	}
	return err
}

// connect signs in, from an address of its own: what one test does wrong is no other's penalty.
func (s *serving) connect(login string, auth ...gossh.AuthMethod) (*gossh.Client, error) {
	return s.connectFrom(fmt.Sprintf("127.%d.%d.%d", 1+rand.IntN(250), rand.IntN(250), 1+rand.IntN(250)), login, nil, auth...)
}

func (s *serving) connectFrom(source, login string, banner func(string), auth ...gossh.AuthMethod) (*gossh.Client, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(source)}, Timeout: 20 * time.Second}
	conn, err := d.DialContext(s.t.Context(), "tcp", s.addr)
	if err != nil {
		return nil, err
	}
	c, channels, requests, err := gossh.NewClientConn(conn, s.addr, &gossh.ClientConfig{
		User: login, Auth: auth, HostKeyCallback: gossh.FixedHostKey(s.hostKey.Public()),
		BannerCallback: func(m string) error {
			if banner != nil {
				banner(m)
			}
			return nil
		},
	})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	client := gossh.NewClient(c, channels, requests)
	s.t.Cleanup(func() { _ = client.Close() })
	return client, nil
}

// whoami is who the desk takes a connection for, and with which credential.
func whoami(t testing.TB, c *gossh.Client) (operator, credential string) {
	t.Helper()
	res, err := (&termtest.Client{SSH: c}).Exec(t.Context(), "whoami --json", "")
	must(t, err)
	var f struct {
		Operator, Credential string
	}
	if err := json.Unmarshal([]byte(res.Stdout), &f); err != nil {
		t.Fatalf("whoami says %q, %q: %v", res.Stdout, res.Stderr, err)
	}
	return f.Operator, f.Credential
}

// refused fails when somebody got in.
func refused(t testing.TB, c *gossh.Client, err error, who string) {
	t.Helper()
	if err == nil {
		operator, _ := whoami(t, c)
		t.Errorf("%s got in, as %s", who, operator)
	}
}

// answers is a client that types a password, and a code where it is asked for one.
func answers(password string, code func() string) gossh.AuthMethod {
	return gossh.KeyboardInteractive(func(_, _ string, questions []string, _ []bool) ([]string, error) {
		out := make([]string, len(questions))
		for i, q := range questions {
			if strings.Contains(q, "code") && code != nil {
				out[i] = code()
			} else {
				out[i] = password
			}
		}
		return out, nil
	})
}

// signsInWith adds somebody to the directory who can sign in with this password.
func (b *bench) signsInWith(login, password string, change func(*embedded.Person)) {
	b.t.Helper()
	d, err := b.embeddedDirectory("people")
	must(b.t, err)
	hash, err := d.HashPassword(b.t.Context(), secret.FromString(password))
	must(b.t, err)
	p := embedded.Person{
		Login: untrusted.New(login), DisplayName: untrusted.New(login),
		Seed: embedded.Seed{PasswordHash: hash, PasswordSet: b.clock.Now().Add(-time.Hour)},
	}
	if change != nil {
		change(&p)
	}
	b.add(p)
}

// secondFactor registers one for an operator and returns what its app shows; each call is half a minute after the one before.
func (b *bench) secondFactor(operator string) func() string {
	b.t.Helper()
	uri, err := b.RegisterSecondFactor(b.t.Context(), operator)
	must(b.t, err)
	u, err := url.Parse(uri)
	must(b.t, err)
	return func() string {
		b.clock.add(30 * time.Second)
		code, err := totp.GenerateCode(u.Query().Get("secret"), b.clock.Now())
		must(b.t, err)
		return code
	}
}

// sit opens a terminal.
func sit(t testing.TB, c *gossh.Client) *termtest.Terminal {
	t.Helper()
	terminal, err := (&termtest.Client{SSH: c}).Open(termtest.Window{Timeout: 30 * time.Second, Env: map[string]string{"LANG": "en_US.UTF-8"}})
	must(t, err)
	return terminal
}

func see(t testing.TB, terminal *termtest.Terminal, text string) {
	t.Helper()
	_, err := terminal.WaitText(text)
	must(t, err)
}
