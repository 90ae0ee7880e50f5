package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// KeySize is the size of the store's key in bytes.
const KeySize = 32

// sealVersion stands in front of everything sealed.
const sealVersion = 1

var (
	// ErrKey is returned by Open for a key of the wrong size, or another key than the one the database was made with.
	ErrKey = errors.New("the key does not open this database")

	errSealed = errors.New("a sealed value cannot be opened")
)

// keyring holds the keys that are derived from the store's key, one for each use.
type keyring struct {
	people  sealer // seals the keys of persons
	secrets sealer // seals TOTP secrets
	loose   sealer // seals personal data of records that are about no account
	lookup  []byte // HMAC key: accounts and destinations
	counted []byte // HMAC key: what attempts are counted under
	check   []byte // tells whether this is the right key
}

func newKeyring(key *secret.Text) (keyring, error) {
	var k keyring
	err := key.Use(func(value []byte) error {
		if len(value) != KeySize {
			return fmt.Errorf("%w: it has %d bytes and must have %d", ErrKey, len(value), KeySize)
		}
		for use, into := range map[string]any{
			"people": &k.people, "secrets": &k.secrets, "loose": &k.loose, "lookup": &k.lookup, "counted": &k.counted, "check": &k.check,
		} {
			derived, err := hkdf.Key(sha256.New, value, nil, "sspr-tui store "+use, KeySize)
			if err != nil {
				return err
			}
			switch into := into.(type) {
			case *[]byte:
				*into = derived
			case *sealer:
				if *into, err = newSealer(derived); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return k, err
}

// sealer encrypts with AES-256-GCM. What a value is bound to must be named again to open it, so that sealed values cannot be swapped.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sealer{aead}, err
}

func (s sealer) seal(plain []byte, bound ...string) []byte {
	return s.aead.Seal([]byte{sealVersion}, nil, plain, framed(bound)) //nolint:gosec // G407: the cipher makes a random nonce itself
}

func (s sealer) open(sealed []byte, bound ...string) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != sealVersion {
		return nil, errSealed
	}
	plain, err := s.aead.Open(nil, nil, sealed[1:], framed(bound))
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// framed joins strings so that no two lists give the same bytes.
func framed(parts []string) []byte {
	out := []byte{sealVersion}
	for _, p := range parts {
		out = binary.BigEndian.AppendUint32(out, uint32(len(p)))
		out = append(out, p...)
	}
	return out
}

// mac is a keyed digest of strings.
func mac(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(framed(parts))
	return h.Sum(nil)
}

// randomBytes cannot fail: crypto/rand ends the program when the system has no randomness.
func randomBytes(n int) []byte {
	out := make([]byte, n)
	_, _ = rand.Read(out)
	return out
}
