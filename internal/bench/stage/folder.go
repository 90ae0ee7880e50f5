package stage

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/app"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
)

// The operator of every folder, and whose account is theirs.
const (
	Login   = "l1"
	account = "ada.baaberg0"
	// DirectoryName is what the directory of every folder is called.
	DirectoryName = "people"
)

// Folder is a state folder with a configuration, one operator and an embedded directory.
type Folder struct{ Dir string }

// NewFolder makes a state folder with n people.
func NewFolder(ctx context.Context, dir string, n int) (Folder, error) {
	f := Folder{Dir: dir}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return f, fmt.Errorf("stage: %w", err)
	}
	public, err := f.makeKey()
	if err != nil {
		return f, err
	}
	if err := app.NewStoreKey(f.path("store.key")); err != nil {
		return f, err
	}
	text := fmt.Sprintf(configuration, DirectoryName, Login, DirectoryName, account, public)
	if err := os.WriteFile(f.Config(), []byte(text), 0o600); err != nil {
		return f, fmt.Errorf("stage: %w", err)
	}
	return f, f.fill(ctx, n)
}

const configuration = `version = 1

[desk]
name = "Bench"
site = "Oslo"
zone = "UTC"
state = "."
store_key = "store.key"

[ssh]
listen = "127.0.0.1:0"
host_key = "host_key"
passwords = "nowhere"

[mail]
transport = "outbox"
folder = "."
from = "helpdesk@desk.example"
help_line = "extension 4000"

[log]
level = "error"

[[directory]]
name = %q
kind = "embedded"
path = "people.db"

[[operator]]
login = %q
name = "Ann Lee"
roles = ["Password Administrator"]
site = "Oslo"
account = "%s:%s"
keys = [%q]
`

func (f Folder) path(name string) string { return filepath.Join(f.Dir, name) }

// Config is the configuration file.
func (f Folder) Config() string { return f.path("desk.toml") }

// HostKey is the file of the server's key, made when it is first opened.
func (f Folder) HostKey() string { return f.path("host_key") }

// StoreOf is the file of the store of one of the servers that share the folder.
func (f Folder) StoreOf(server string) string { return f.path(server + "-" + rand.Text() + ".db") }

// Signer is the private key of the operator.
func (f Folder) Signer() (gossh.Signer, error) {
	raw, err := os.ReadFile(f.path("operator"))
	if err != nil {
		return nil, fmt.Errorf("stage: %w", err)
	}
	return gossh.ParsePrivateKey(raw)
}

// makeKey makes the operator's key and returns its public half.
func (f Folder) makeKey() (string, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	block, err := gossh.MarshalPrivateKey(private, Login)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(f.path("operator"), pem.EncodeToMemory(block), 0o600); err != nil {
		return "", fmt.Errorf("stage: %w", err)
	}
	signer, err := gossh.NewSignerFromKey(private)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(gossh.MarshalAuthorizedKey(signer.PublicKey()))), nil
}

// Directory opens the embedded directory of the folder.
func (f Folder) Directory(ctx context.Context) (*embedded.Directory, error) {
	return embedded.Open(ctx, embedded.Options{Name: DirectoryName, Path: f.path("people.db"), Clock: Clock{}, Entropy: core.Entropy(rand.Reader)})
}

func (f Folder) fill(ctx context.Context, n int) error {
	d, err := f.Directory(ctx)
	if err != nil {
		return err
	}
	return errors.Join(Fill(ctx, d, n), d.Close())
}
