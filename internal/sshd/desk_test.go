package sshd_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sshd"
)

// TestMain fails when any test, all of which run servers, leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must happen: a guard against hanging, never a measure.
const patience = 30 * time.Second

// desk is a running server with operators, and all that was seen of it.
type desk struct {
	*sshd.Server
	addr    string
	hostKey sshd.HostKey
	auth    *operators
	handler *handler
	events  *events
	log     *buffer
	stop    context.CancelFunc
	served  chan error
}

// openDesk starts a server whose times are short. It is drained when the test ends, which must succeed.
func openDesk(t *testing.T, changes ...func(*sshd.Config)) *desk {
	t.Helper()
	key, err := sshd.OpenHostKey(filepath.Join(t.TempDir(), "host_key"))
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{
		hostKey: key, auth: newOperators(), handler: &handler{}, events: &events{}, log: &buffer{}, served: make(chan error, 1),
	}
	config := sshd.Config{
		HostKey: key, Authenticator: d.auth, Handler: d.handler, Observer: d.events, Now: time.Now,
		Timeouts: sshd.Timeouts{
			Grace: patience, Write: patience, Close: 5 * time.Second, Farewell: 100 * time.Millisecond,
			KeyPace: time.Millisecond, PasswordPace: time.Millisecond,
		},
		Penalties: sshd.Penalties{Enforce: time.Hour, Max: 2 * time.Hour},
	}
	for _, change := range changes {
		change(&config)
	}
	if d.Server, err = sshd.New(config, slog.New(slog.NewJSONHandler(d.log, nil))); err != nil {
		t.Fatal(err)
	}
	d.serve(t)
	return d
}

func (d *desk) serve(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d.addr = listener.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	d.stop = stop
	go func() { d.served <- d.Serve(ctx, listener) }()
	t.Cleanup(func() {
		defer stop()
		drain, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := d.Drain(drain); err != nil {
			t.Errorf("drain: %v", err)
		}
		if err := <-d.served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
}

// dial signs in as login.
func (d *desk) dial(t *testing.T, login string, methods ...gossh.AuthMethod) (*gossh.Client, error) {
	t.Helper()
	client, err := gossh.Dial("tcp", d.addr, &gossh.ClientConfig{
		User: login, Auth: methods, Timeout: patience, HostKeyCallback: gossh.FixedHostKey(d.hostKey.Public()),
	})
	if err == nil {
		t.Cleanup(func() { _ = client.Close() })
	}
	return client, err
}

// enter signs in as an operator with their key.
func (d *desk) enter(t *testing.T, login string) *gossh.Client {
	t.Helper()
	client, err := d.dial(t, login, gossh.PublicKeys(d.auth.signer(login)))
	if err != nil {
		t.Fatalf("sign-in of %s: %v", login, err)
	}
	return client
}

// rawEnter signs in as an operator with the client that can misbehave.
func (d *desk) rawEnter(t *testing.T, login string) *rawClient {
	t.Helper()
	c := dialRaw(t, d.addr)
	if err := errors.Join(c.handshake(), c.startAuth(), c.signIn(login, d.auth.signer(login))); err != nil {
		t.Fatalf("raw sign-in of %s: %v", login, err)
	}
	return c
}

// openSession opens a session that ends with the test.
func openSession(t *testing.T, client *gossh.Client) *gossh.Session {
	t.Helper()
	session, err := client.NewSession()
	if err != nil {
		t.Fatalf("session: %v", err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// shell starts a shell on a terminal of 80x24.
func shell(t *testing.T, client *gossh.Client) *gossh.Session {
	t.Helper()
	session := openSession(t, client)
	if _, err := session.StdinPipe(); err != nil { // without it the client ends its input at once
		t.Fatalf("input: %v", err)
	}
	if err := session.RequestPty("xterm", 24, 80, nil); err != nil {
		t.Fatalf("pty: %v", err)
	}
	if err := session.Shell(); err != nil {
		t.Fatalf("shell: %v", err)
	}
	return session
}

// eventually waits until ok holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// within returns what comes, or fails.
func within[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("never: %s", what)
		panic("unreachable")
	}
}

// operators is an Authenticator in memory.
type operators struct {
	mu       sync.Mutex
	signers  map[string]gossh.Signer
	password map[string]string
	codes    map[string]string // those who need one
	certs    map[string]bool
	fault    error
	slow     func(login string) // called before a password is compared
	asked    []string           // logins whose keys were looked up
	compared int                // passwords and codes that were looked at
}

func newOperators() *operators {
	o := &operators{
		signers: map[string]gossh.Signer{}, password: map[string]string{}, codes: map[string]string{}, certs: map[string]bool{},
	}
	for _, login := range []string{"lea", "admin"} {
		o.signers[login] = newSigner()
		o.password[login] = "pass of " + login
		o.certs[login] = true
	}
	return o
}

func (o *operators) signer(login string) gossh.Signer {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.signers[login]
}

func (o *operators) PublicKey(_ context.Context, login string, key gossh.PublicKey) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, login)
	if o.fault != nil {
		return "", o.fault
	}
	if signer := o.signers[login]; signer != nil && bytes.Equal(signer.PublicKey().Marshal(), key.Marshal()) {
		return "op-" + login, nil
	}
	return "", sshd.ErrRefused
}

func (o *operators) Certificate(_ context.Context, login string, _ sshd.Certificate) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.certs[login] {
		return "op-" + login, nil
	}
	return "", sshd.ErrRefused
}

func (o *operators) Password(_ context.Context, login string, password *secret.Text) (string, error) {
	o.mu.Lock()
	slow, want, fault := o.slow, o.password[login], o.fault
	o.compared++
	o.mu.Unlock()
	if slow != nil {
		slow(login)
	}
	if fault != nil {
		return "", fault
	}
	if want != "" && password.Reveal() == want {
		return "op-" + login, nil
	}
	return "", sshd.ErrRefused
}

func (o *operators) NeedsTOTP(_ context.Context, operatorID string) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, needs := o.codes[strings.TrimPrefix(operatorID, "op-")]
	return needs, o.fault
}

func (o *operators) TOTP(_ context.Context, operatorID string, code *secret.Text) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.compared++
	if code.Reveal() == o.codes[strings.TrimPrefix(operatorID, "op-")] {
		return nil
	}
	return sshd.ErrRefused
}

// with changes the operators while the server runs.
func (o *operators) with(change func(*operators)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	change(o)
}

func newSigner() gossh.Signer {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	signer, err := gossh.NewSignerFromKey(private)
	if err != nil {
		panic(err)
	}
	return signer
}

// handler is a SessionHandler whose parts can be set by a test before it signs in. What is not set echoes.
type handler struct {
	terminal, noTerminal, command func(context.Context, *sshd.Session) int
}

func (h *handler) Terminal(ctx context.Context, s *sshd.Session) int { return call(h.terminal, ctx, s) }

func (h *handler) NoTerminal(ctx context.Context, s *sshd.Session) int {
	return call(h.noTerminal, ctx, s)
}

func (h *handler) Command(ctx context.Context, s *sshd.Session) int { return call(h.command, ctx, s) }

func call(f func(context.Context, *sshd.Session) int, ctx context.Context, s *sshd.Session) int {
	if f != nil {
		return f(ctx, s)
	}
	_, _ = io.Copy(s, s)
	return 0
}

// events is an Observer that remembers.
type events struct {
	mu   sync.Mutex
	list []sshd.Event
}

func (e *events) Observe(event sshd.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, event)
}

// of returns the events of a kind.
func (e *events) of(kind sshd.EventKind) []sshd.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	var found []sshd.Event
	for _, event := range e.list {
		if event.Kind == kind {
			found = append(found, event)
		}
	}
	return found
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// answers is keyboard-interactive with these answers, one for each question.
func answers(list ...string) gossh.AuthMethod {
	return gossh.RetryableAuthMethod(gossh.KeyboardInteractive(
		func(_, _ string, questions []string, _ []bool) ([]string, error) {
			var given []string
			for range questions {
				if len(list) == 0 {
					return nil, errors.New("no answer left")
				}
				given = append(given, list[0])
				list = list[1:]
			}
			return given, nil
		}), max(1, len(list)))
}
