package app

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// bench is a desk on disk: a configuration file, a store and an embedded directory, opened by Open as the program does.
type bench struct {
	*App
	t     testing.TB
	dir   string
	file  string
	clock *movable
	log   *memory
	keys  map[string]gossh.Signer // of operators, by login
}

// movable is the machine's clock, moved.
type movable struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (m *movable) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Now().Add(m.ahead)
}

func (m *movable) add(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ahead += d
}

// memory is a log that can be searched.
type memory struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (m *memory) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.buf.Write(p)
}

func (m *memory) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.buf.String()
}

// setting changes the configuration of a bench before it is opened.
type setting func(*string)

// with adds lines to the configuration.
func with(lines string) setting { return func(s *string) { *s += "\n" + lines + "\n" } }

// instead replaces lines of it.
func instead(old, now string) setting {
	return func(s *string) {
		if !strings.Contains(*s, old) {
			panic("the configuration has no " + old)
		}
		*s = strings.Replace(*s, old, now, 1)
	}
}

const benchConfig = `version = 1
[desk]
name = "Test"
site = "Oslo"
state = "state"
store_key = "store.key"
[ssh]
listen = "127.0.0.1:0"
[mail]
transport = "outbox"
folder = "outbox"
from = "helpdesk@desk.example"
[[directory]]
name = "people"
kind = "embedded"
[grants]
"User Administrator" = ["account.find", "case.work", "password.reset", "account.unlock", "contact.reveal", "password.show", "trail.read.own", "trail.read.case"]
`

// newBench writes a configuration with the operators l1, l2, admin and auditor and opens a desk on it.
func newBench(t testing.TB, settings ...setting) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), clock: &movable{}, log: &memory{}, keys: map[string]gossh.Signer{}}
	b.file = filepath.Join(b.dir, "desk.toml")
	must(t, NewStoreKey(filepath.Join(b.dir, "store.key")))
	text := benchConfig
	for login, role := range map[string]string{
		"l1": "Password Administrator", "l2": "User Administrator", "admin": "Global Administrator", "auditor": "Reports Reader",
	} {
		text += fmt.Sprintf("[[operator]]\nlogin = %q\nroles = [%q]\nkeys = [%q]\n", login, role, b.newKey(login))
	}
	for _, s := range settings {
		s(&text)
	}
	b.configure(text)
	b.open()
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func (b *bench) newKey(login string) (authorized string) {
	b.t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	must(b.t, err)
	signer, err := gossh.NewSignerFromKey(private)
	must(b.t, err)
	b.keys[login] = signer
	return strings.TrimSpace(string(gossh.MarshalAuthorizedKey(signer.PublicKey())))
}

func (b *bench) configure(text string) {
	b.t.Helper()
	must(b.t, os.WriteFile(b.file, []byte(text), 0o600))
}

func (b *bench) text() string {
	b.t.Helper()
	raw, err := os.ReadFile(b.file)
	must(b.t, err)
	return string(raw)
}

func (b *bench) config() config.Config {
	b.t.Helper()
	cfg, err := config.Load(b.file)
	must(b.t, err)
	return cfg
}

func (b *bench) options() Options {
	return Options{Log: slog.New(slog.NewTextHandler(b.log, nil)), Clock: b.clock}
}

func (b *bench) open() {
	b.t.Helper()
	b.openWith(b.options())
}

func (b *bench) openWith(o Options) {
	b.t.Helper()
	a, err := Open(b.t.Context(), b.config(), o)
	must(b.t, err)
	b.App = a
}

// reopen closes the desk and opens it again, as a restart does.
func (b *bench) reopen() {
	b.t.Helper()
	must(b.t, b.Close())
	b.open()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// add puts somebody into the embedded directory.
func (b *bench) add(people ...embedded.Person) {
	b.t.Helper()
	d, err := b.embeddedDirectory("people")
	must(b.t, err)
	_, err = d.Load(b.t.Context(), embedded.Batch{People: slices.Values(people)})
	must(b.t, err)
}

// person is somebody with a locked account and another mailbox.
func (b *bench) person(login string) embedded.Person {
	now := b.clock.Now()
	return embedded.Person{
		Login: untrusted.New(login), DisplayName: untrusted.New("Person " + login), Department: untrusted.New("Finance"),
		Mail: untrusted.New(login + "@corp.example"), AlternateMails: []untrusted.Text{untrusted.New(login + "@home.example")},
		Seed: embedded.Seed{
			WrongPasswords: 5, LockedSince: now.Add(-time.Minute), UnlocksAt: now.Add(time.Hour), PasswordSet: now.Add(-24 * time.Hour),
			RegisteredAt: now.Add(-90 * 24 * time.Hour),
		},
	}
}

// shared is the secret of everybody's authenticator app in tests, made for one test.
func shared(t testing.TB) []byte {
	t.Helper()
	raw := make([]byte, 20)
	_, err := rand.Read(raw)
	must(t, err)
	return raw
}

// locked adds people who are locked and have an authenticator app, and returns their ids.
func (b *bench) locked(logins ...string) []core.AccountID {
	b.t.Helper()
	out := make([]core.AccountID, 0, len(logins))
	for _, login := range logins {
		b.add(b.person(login))
		must(b.t, b.registerApp(b.t.Context(), untrusted.New("people:"+login), shared(b.t)))
		out = append(out, b.id(login))
	}
	return out
}

func (b *bench) id(login string) core.AccountID {
	b.t.Helper()
	id, _, err := b.desk.Resolve(b.t.Context(), core.Actor{OperatorID: hostOperator, Credential: "console"}, untrusted.New("people:"+login))
	must(b.t, err)
	return id
}

func (b *bench) account(id core.AccountID) core.Account {
	b.t.Helper()
	for _, d := range b.directories {
		if d.Name() == id.Directory {
			a, err := d.Account(b.t.Context(), id.Key)
			must(b.t, err)
			return a
		}
	}
	b.t.Fatalf("there is no directory %s", id.Directory)
	return core.Account{}
}

// actor is an operator who signed in with a key.
func actor(login string) core.Actor {
	return core.Actor{OperatorID: login, Credential: "key:" + login, Session: "session-" + login, Source: "127.0.0.1"}
}

// prove opens a case and proves its caller with the authenticator app.
func (b *bench) prove(a core.Actor, id core.AccountID) core.Case {
	b.t.Helper()
	ctx := b.t.Context()
	opened, err := b.desk.Perform(ctx, a, core.OpenCase{ID: newID(), Account: id})
	must(b.t, err)
	started, err := b.desk.Perform(ctx, a, core.StartProof{ID: newID(), Case: opened.Case.Number, Kind: core.ProofTOTP})
	must(b.t, err)
	_, err = b.desk.Perform(ctx, a, core.ConfirmProof{ID: newID(), Challenge: started.Challenge.ID, Code: b.appCode(id)})
	must(b.t, err)
	return opened.Case
}

// appCode is what somebody's authenticator app shows now.
func (b *bench) appCode(id core.AccountID) *secret.Text {
	b.t.Helper()
	regs, err := b.store.RegistrationsOf(b.t.Context(), id)
	must(b.t, err)
	for _, r := range regs {
		if r.Kind != core.MethodTOTP {
			continue
		}
		raw, err := b.store.TOTPSecret(b.t.Context(), r.ID)
		must(b.t, err)
		key := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte(raw.Reveal()))
		code, err := totp.GenerateCode(key, b.clock.Now())
		must(b.t, err)
		return secret.FromString(code)
	}
	b.t.Fatalf("%s has no authenticator app", id)
	return nil
}

// verify fails when the trail is not as it was written.
func (b *bench) verify() {
	b.t.Helper()
	must(b.t, b.store.Flush(b.t.Context()))
	if _, err := b.store.Verify(b.t.Context()); err != nil {
		b.t.Errorf("the trail: %v", err)
	}
}

// records are the records of one operation, oldest first.
func (b *bench) records(operation string) []core.Record {
	b.t.Helper()
	must(b.t, b.store.Flush(b.t.Context()))
	all, err := b.store.Records(b.t.Context(), core.TrailFilter{Limit: 10_000})
	must(b.t, err)
	all = slices.DeleteFunc(all, func(r core.Record) bool { return r.Operation != operation })
	slices.Reverse(all)
	return all
}

// letters are the mails in the outbox that hold a text.
func (b *bench) letters(text string) int {
	b.t.Helper()
	return filesWith(b.t, filepath.Join(b.dir, "outbox"), text)
}
