package sshd

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	gossh "golang.org/x/crypto/ssh"
)

// maxHostKeyFile is the largest host key file in bytes that is read.
const maxHostKeyFile = 64 << 10

// HostKey is the key by which clients recognise this server. The zero value is none.
type HostKey struct{ signer gossh.Signer }

// OpenHostKey reads the ed25519 host key at path. Where there is no file it makes one that only its owner may read.
// It refuses a file that others may read or write: whoever has the key can pretend to be this server.
func OpenHostKey(path string) (HostKey, error) {
	key, err := readHostKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := makeHostKey(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return HostKey{}, fmt.Errorf("host key: %w", err)
	}
	return readHostKey(path)
}

// Fingerprint is what ssh shows at the first connection: "SHA256:...".
func (k HostKey) Fingerprint() string { return gossh.FingerprintSHA256(k.signer.PublicKey()) }

// Public is the public half, for known_hosts.
func (k HostKey) Public() gossh.PublicKey { return k.signer.PublicKey() }

func readHostKey(path string) (HostKey, error) {
	info, err := os.Stat(path)
	if err != nil {
		return HostKey{}, fmt.Errorf("host key: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxHostKeyFile {
		return HostKey{}, fmt.Errorf("host key %s: expected a key file", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return HostKey{}, fmt.Errorf("host key %s: others may use it (mode %04o); expected 0600", path, mode)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return HostKey{}, fmt.Errorf("host key: %w", err)
	}
	defer clear(content)
	signer, err := gossh.ParsePrivateKey(content)
	if err != nil {
		return HostKey{}, fmt.Errorf("host key %s: expected an OpenSSH private key without passphrase: %w", path, err)
	}
	if kind := signer.PublicKey().Type(); kind != gossh.KeyAlgoED25519 {
		return HostKey{}, fmt.Errorf("host key %s: is %s; expected %s", path, kind, gossh.KeyAlgoED25519)
	}
	return HostKey{signer}, nil
}

// makeHostKey writes a new key beside path and links it into place, so that no half-written key is ever found there
// and of two servers that start at once both use the same.
func makeHostKey(path string) error {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	block, err := gossh.MarshalPrivateKey(private, "sspr-tui host key")
	if err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".host-key-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	defer draft.Close()
	if err := pem.Encode(draft, block); err != nil {
		return err
	}
	if err := draft.Sync(); err != nil {
		return err
	}
	return os.Link(draft.Name(), path)
}
