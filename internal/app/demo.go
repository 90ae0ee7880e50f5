package app

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
	"github.com/sspr-tui/sspr-tui/testdata/demo"
)

// Demo is a desk with fictional people on this machine only.
type Demo struct {
	Listen string // a loopback address
	State  string // folder, absolute
	People int
	Out    io.Writer
	Log    *slog.Logger
}

// Console is how a terminal of this machine reaches the demo.
type Console struct {
	Addr       string
	Login      string
	Key        string // private key file
	KnownHosts string
}

// demoOperator is one operator of the demo.
type demoOperator struct {
	login, name, site, account string
	role                       rbac.Role
}

func demoOperators() []demoOperator {
	return []demoOperator{
		{"l1", "Ann Lee", "Oslo", "people:ann.lee", rbac.PasswordAdministrator},
		{"l2", "Bo Berg", "Oslo", "people:bo.berg", rbac.UserAdministrator},
		{"admin", "Ada Admin", "Oslo", "people:ada.admin", rbac.GlobalAdministrator},
		{"auditor", "Kim Oye", "Oslo", "people:kim.oye", rbac.ReportsReader},
	}
}

// Serve makes what is missing in the state folder, serves until ctx ends, and opens a console when one is given; the demo ends with it.
func (d Demo) Serve(ctx context.Context, console func(context.Context, Console) error) (err error) {
	listener, err := d.listen(ctx)
	if err != nil {
		return err
	}
	a, err := d.open(ctx)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	c, err := d.announce(a, listener.Addr())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	ctx, quit := context.WithCancel(ctx)
	defer quit()
	a.jobs.Go(func() { d.crowd(ctx, a) }) // ends with the demo
	if console == nil {
		return a.Serve(ctx, listener)
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- a.Serve(serving, listener) }() // ends with the console
	err = console(ctx, c)
	stop()
	return errors.Join(err, <-served)
}

// listen refuses every address that other machines can reach.
func (d Demo) listen(ctx context.Context) (net.Listener, error) {
	at, err := netip.ParseAddrPort(d.Listen)
	if err != nil || !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("the demo listens on loopback only, such as 127.0.0.1:2222, not on %q", d.Listen)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", d.Listen)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; choose another port with --listen", d.Listen, err)
	}
	return l, nil
}

// open makes the state folder complete and opens the desk on it.
func (d Demo) open(ctx context.Context) (*App, error) {
	for _, dir := range []string{d.State, filepath.Join(d.State, "keys"), filepath.Join(d.State, "outbox")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("the demo's folder: %w", err)
		}
	}
	key := filepath.Join(d.State, "store.key")
	if err := NewStoreKey(key); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	file := filepath.Join(d.State, "desk.toml")
	text, err := d.configuration()
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("the demo's configuration: %w", err)
	}
	cfg, err := config.Load(file)
	if err != nil {
		return nil, err
	}
	a, err := Open(ctx, cfg, Options{Log: d.Log, Demo: true})
	if err != nil {
		return nil, err
	}
	if err := d.populate(ctx, a); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// configuration is the demo's own configuration file, with a fresh or kept key for each operator.
func (d Demo) configuration() (string, error) {
	var b strings.Builder
	b.WriteString(`# Made by "sspr-tui demo". Everything in it is fictional.
version = 1

[desk]
name = "Demo"
site = "Oslo"
zone = "Local"
state = "."
store_key = "store.key"

[ssh]
listen = "127.0.0.1:2222"
host_key = "host_key"
passwords = "loopback"

[mail]
transport = "outbox"
folder = "outbox"
from = "helpdesk@desk.example"
help_line = "extension 4000"

[[directory]]
name = "people"
kind = "embedded"
path = "people.db"

[settings.self_service]
portal = "https://reset.desk.example"

[settings.guard]
vip = ["` + demo.VIP + `"]

[grants] # the demo lets Level 2 see a new password; by default nobody may
"User Administrator" = ["account.find", "case.work", "password.reset", "account.unlock", "contact.reveal", "contact.set", "method.manage", "password.show", "trail.read.own", "trail.read.case"]
`)
	for _, o := range demoOperators() {
		public, err := d.operatorKey(o.login)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n[[operator]]\nlogin = %q\nname = %q\nroles = [%q]\nsite = %q\naccount = %q\nkeys = [%q]\n",
			o.login, o.name, o.role, o.site, o.account, public)
	}
	return b.String(), nil
}

// operatorKey reads or makes an operator's private key and returns its public half.
func (d Demo) operatorKey(login string) (string, error) {
	path := filepath.Join(d.State, "keys", login)
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		if raw, err = makeKey(path, login); err != nil {
			return "", err
		}
	}
	if err != nil {
		return "", fmt.Errorf("the key of %s: %w", login, err)
	}
	signer, err := gossh.ParsePrivateKey(raw)
	if err != nil {
		return "", fmt.Errorf("the key of %s: %w", login, err)
	}
	return strings.TrimSpace(string(gossh.MarshalAuthorizedKey(signer.PublicKey()))), nil
}

func makeKey(path, comment string) ([]byte, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	block, err := gossh.MarshalPrivateKey(private, comment)
	if err != nil {
		return nil, err
	}
	raw := pem.EncodeToMemory(block)
	return raw, os.WriteFile(path, raw, 0o600)
}

// demoPerson is a line of people.json: for the demo only it holds the secret of the authenticator app.
type demoPerson struct {
	Login       untrusted.Text `json:"login"`
	DisplayName untrusted.Text `json:"display_name"`
	TOTP        string         `json:"totp_secret,omitempty"`
}

// populate fills an empty directory and registers authenticator apps; what is there already is kept.
func (d Demo) populate(ctx context.Context, a *App) error {
	dir, err := a.embeddedDirectory("people")
	if err != nil {
		return err
	}
	list := filepath.Join(d.State, "people.json")
	if _, err := os.Stat(list); err == nil {
		return nil
	}
	if err := demo.Fill(ctx, dir, len(demo.People(a.clock.Now())), a.clock.Now()); err != nil {
		return fmt.Errorf("filling the demo's directory: %w", err)
	}
	people, err := d.registerApps(ctx, a)
	if err != nil {
		return err
	}
	raw, err := json.MarshalIndent(people, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(list, append(raw, '\n'), 0o600)
}

// crowd adds computed people up to the number asked for while the desk serves already. Whoever is there stays as they are.
func (d Demo) crowd(ctx context.Context, a *App) {
	dir, err := a.embeddedDirectory("people")
	if err == nil {
		err = demo.Fill(ctx, dir, d.People, a.clock.Now())
	}
	if err != nil && ctx.Err() == nil {
		d.Log.WarnContext(ctx, "the demo has fewer people than it was asked for", "error", err)
	}
}

// registerApps gives the people who have one in the story an authenticator app, with a secret made now.
func (d Demo) registerApps(ctx context.Context, a *App) ([]demoPerson, error) {
	var out []demoPerson
	for _, p := range demo.People(a.clock.Now()) {
		line := demoPerson{Login: p.Login, DisplayName: p.DisplayName}
		if demo.HasApp(p.Login.Raw()) {
			shared := make([]byte, 20)
			if _, err := rand.Read(shared); err != nil {
				return nil, err
			}
			line.TOTP = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(shared)
			if err := a.registerApp(ctx, p.Login, shared); err != nil {
				return nil, err
			}
		}
		out = append(out, line)
	}
	return out, nil
}

func (a *App) registerApp(ctx context.Context, login untrusted.Text, shared []byte) error {
	id, _, err := a.desk.Resolve(ctx, core.Actor{OperatorID: hostOperator, Credential: "console"}, login)
	if err != nil {
		return a.spoken(err)
	}
	rec := a.hostRecord("", "demo")
	rec.Verb, rec.Subject = "registration.import", id
	return a.store.Register(ctx, core.Registration{
		ID: newID(), Account: id, Kind: core.MethodTOTP, Secret: shared, Purpose: core.ForReset,
		RegisteredAt: rec.At.Add(-90 * 24 * time.Hour), RegisteredBy: "self",
	}, rec)
}

// announce prints how to connect and returns how this machine's console does.
func (d Demo) announce(a *App, at net.Addr) (Console, error) {
	host, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return Console{}, err
	}
	known := filepath.Join(d.State, "known_hosts")
	public := strings.TrimSpace(string(gossh.MarshalAuthorizedKey(a.hostKey.Public())))
	entry := fmt.Sprintf("[%s]:%s %s\n", host, port, public)
	if port == "22" {
		entry = host + " " + public + "\n"
	}
	if err := os.WriteFile(known, []byte(entry), 0o600); err != nil {
		return Console{}, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "sspr-tui demo: %d fictional people, state in %s\nhost key %s\n\n", d.People, d.State, a.Fingerprint())
	for _, o := range demoOperators() {
		fmt.Fprintf(&b, "  %-24s ssh -p %s -i %s -o UserKnownHostsFile=%s %s@%s\n", string(o.role), port,
			filepath.Join(d.State, "keys", o.login), known, o.login, host)
	}
	fmt.Fprintf(&b, "\nMail to people arrives in %s, one file each.\nCodes of authenticator apps: the secrets are in %s.\n",
		filepath.Join(d.State, "outbox"), filepath.Join(d.State, "people.json"))
	_, err = io.WriteString(d.Out, b.String())
	return Console{Addr: at.String(), Login: "l1", Key: filepath.Join(d.State, "keys", "l1"), KnownHosts: known}, err
}
