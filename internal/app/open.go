package app

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sshd"
	"github.com/sspr-tui/sspr-tui/internal/store"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
	"github.com/sspr-tui/sspr-tui/internal/verify"
)

func openStore(ctx context.Context, cfg config.Config, clock core.Clock, log *slog.Logger) (*store.Store, error) {
	if err := os.MkdirAll(cfg.Desk.State, 0o700); err != nil {
		return nil, fmt.Errorf("the state folder: %w", err)
	}
	return store.Open(ctx, store.Options{Path: storePath(cfg), Key: cfg.Desk.StoreKey, Clock: clock, Log: log})
}

func storePath(cfg config.Config) string { return filepath.Join(cfg.Desk.State, "desk.db") }

func openDirectories(ctx context.Context, cfg config.Config, clock core.Clock, log *slog.Logger) ([]core.Directory, error) {
	var out []core.Directory
	for _, d := range cfg.Directories {
		dir, err := directory.Open(ctx, directoryOptions(d, clock, log))
		if err != nil {
			return out, fmt.Errorf("directory %s: %s (%w)", d.Name, text.Printer{Lang: text.English}.Say(core.AsError(err).Said), err)
		}
		out = append(out, dir)
	}
	return out, nil
}

func directoryOptions(d config.Directory, clock core.Clock, log *slog.Logger) directory.Options {
	return directory.Options{
		Name: d.Name, Kind: d.Kind, Path: d.Path, URLs: d.URLs, StartTLS: d.StartTLS, CA: d.CA, ServerName: d.ServerName,
		BindDN: d.BindDN, BindPassword: d.BindPassword, Base: d.Base, PeopleClass: d.PeopleFilter, GroupBase: d.GroupBase,
		Attributes: d.Attributes, RoleGroups: d.RoleGroups, ServiceUnits: d.ServiceDNs, Settings: d.Settings,
		Clock: clock, Entropy: rand.Reader, Log: log,
	}
}

func (a *App) newDesk(cfg config.Config) *core.Desk {
	return core.NewDesk(core.Parts{
		Directories: a.directories, Operators: a.operators, OperatorStore: a.store, Cases: a.store, Proofs: a.store, Attempts: a.store,
		Registrations: a.store, Trail: a.store, Presence: a.hub, Events: bell{a.hub, a.mail.dispatcher.Wake}, Clock: a.clock,
		Provers: []core.Prover{
			verify.NewTOTP(a.store, a.clock),
			verify.NewEmailCode(a.mail.courier, derive(cfg.Desk.StoreKey, "codes"), rand.Reader),
		},
		Couriers: []core.Courier{a.mail.courier}, Dependencies: []core.Dependency{a.mail.dispatcher}, Rules: rulesOf(cfg), Program: bindAccounts(cfg), Log: a.log, OnStep: a.options.OnStep,
	})
}

func rulesOf(cfg config.Config) core.Rules {
	return core.Rules{Settings: cfg.Settings, Grants: cfg.Grants}
}

// bindAccounts are the accounts the program itself signs in with; nobody changes them from the desk.
func bindAccounts(cfg config.Config) []string {
	var out []string
	for _, d := range cfg.Directories {
		if d.BindDN != "" {
			out = append(out, d.BindDN)
		}
	}
	return out
}

// derive makes a key for one purpose from the store's key (RFC 5869).
func derive(key *secret.Text, purpose string) *secret.Text {
	var out []byte
	_ = key.Use(func(raw []byte) (err error) { // the length is within what HKDF gives, so it cannot fail
		out, err = hkdf.Key(sha256.New, raw, nil, "sspr-tui "+purpose, 32)
		return err
	})
	return secret.New(out)
}

func (a *App) openServer(cfg config.Config) (err error) {
	if a.hostKey, err = sshd.OpenHostKey(cfg.SSH.HostKey); err != nil {
		return err
	}
	if cfg.SSH.Revocations != "" {
		if a.revocations, err = sshd.OpenRevocations(cfg.SSH.Revocations); err != nil {
			return err
		}
	}
	authorities, err := readAuthorities(cfg.SSH.Authorities)
	if err != nil {
		return err
	}
	a.auth = &authenticator{
		operators: a.operators, store: a.store, attempts: a.store, methods: a.store, clock: a.clock,
		totp: verify.NewTOTP(a.store, a.clock), requireTOTP: func() bool { return a.live.Load().SSH.RequireTOTP },
	}
	look := look{zone: cfg.Desk.Zone, language: text.Language(cfg.Desk.Language), theme: theme.Name(cfg.Desk.Theme), demo: a.options.Demo}
	a.server, err = sshd.New(sshd.Config{
		HostKey: a.hostKey, Authenticator: a.auth, Now: a.clock.Now, Observer: &doorkeeper{trail: a.store, clock: a.clock},
		Operations: drainer{a}, Authorities: authorities, Revocations: a.revocations,
		// Terminals end by themselves after idle.end and TCP finds dead peers, so that an idle terminal need not be sent anything for long.
		Timeouts:  sshd.Timeouts{KeepAlive: keepAlive},
		Passwords: sshd.PasswordScope(cfg.SSH.Passwords), Banner: banner(cfg, look), TerminalReset: []byte(lineterm.ResetSequence),
		Prompts: prompts(look),
		Handler: &front{
			desk: a.desk, hub: a.hub, unlocker: a.auth, clock: a.clock, log: a.log, look: look, newID: newID,
			unseen: newUnseen(a.store, a.store, a.clock),
		},
	}, a.log)
	return err
}

// keepAlive is the silence after which the SSH server asks whether a client is still there.
const keepAlive = 5 * time.Minute

// prompts are the questions at sign-in, in the language of the desk.
func prompts(l look) sshd.Prompts {
	p := text.Printer{Lang: l.language}
	return sshd.Prompts{Password: p.Label("front.prompt_password") + " ", TOTP: p.Label("front.prompt_code") + " "}
}

func banner(cfg config.Config, l look) string {
	if cfg.SSH.Banner != "" {
		return cfg.SSH.Banner + "\n"
	}
	p := text.Printer{Lang: l.language}
	if l.demo {
		return p.Label("front.banner_demo") + "\n"
	}
	return p.Label("front.banner") + "\n"
}

// readAuthorities reads public keys of certificate authorities, one or more in each file.
func readAuthorities(files []string) ([]gossh.PublicKey, error) {
	var out []gossh.PublicKey
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("certificate authority: %w", err)
		}
		for len(raw) > 0 {
			key, _, _, rest, err := gossh.ParseAuthorizedKey(raw)
			if err != nil {
				return nil, fmt.Errorf("certificate authority %s: not a public key", f)
			}
			out, raw = append(out, key), rest
		}
	}
	return out, nil
}

// newID makes an operation id of 128 random bits.
func newID() string { return "op_" + rand.Text() }
