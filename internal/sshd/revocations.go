package sshd

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// Revocations is a list of certificates and keys that are no longer good, kept in a file. Its lines are those of the
// specification that ssh-keygen -k reads:
//
//	# a comment
//	serial: 17
//	serial: 100-199
//	id: jane's laptop
//	hash: SHA256:kXJL...
//	key: ssh-ed25519 AAAA...
//
// Serials and ids count for every configured authority; a hash or key revokes a plain key, a certified key and an
// authority. The file is read again when it has changed. When it cannot be read, every key and certificate is
// refused, as OpenSSH does. A nil list revokes nothing.
type Revocations struct {
	path string

	mu      sync.Mutex
	stamp   fileStamp
	entries revocationList
	broken  error
}

// fileStamp tells one content of a file from the next.
type fileStamp struct {
	modified time.Time
	size     int64
}

type serialRange struct{ first, last uint64 }

type revocationList struct {
	serials []serialRange
	ids     map[string]struct{}
	hashes  map[string]struct{} // "SHA256:..."
}

// OpenRevocations reads the list. The error names the file and the line.
func OpenRevocations(path string) (*Revocations, error) {
	r := &Revocations{path: path}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.refresh(); err != nil {
		return nil, err
	}
	return r, nil
}

// Check reads the list again if it has changed and returns what is wrong with it.
func (r *Revocations) Check() error {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.refresh()
}

// Revokes reports whether what an operator signed in with has been revoked since, so that a composition root can
// dismiss their connections. An error means that nobody knows.
func (r *Revocations) Revokes(id Identity) (bool, error) {
	if id.Certificate != (Certificate{}) {
		return r.certificate(id.Certificate)
	}
	return r.key(id.Fingerprint)
}

// certificate reports whether the certificate, its key or its authority is revoked.
func (r *Revocations) certificate(cert Certificate) (bool, error) {
	return r.consult(func(l revocationList) bool {
		_, byID := l.ids[cert.KeyID]
		return byID || l.hasSerial(cert.Serial) || l.hasKey(cert.Fingerprint) || l.hasKey(cert.Authority)
	})
}

// key reports whether the plain key with this fingerprint is revoked.
func (r *Revocations) key(fingerprint string) (bool, error) {
	return r.consult(func(l revocationList) bool { return l.hasKey(fingerprint) })
}

// consult asks the list as the file is now. Nothing is good while it cannot be read.
func (r *Revocations) consult(revoked func(revocationList) bool) (bool, error) {
	if r == nil {
		return false, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.refresh(); err != nil {
		return true, err
	}
	return revoked(r.entries), nil
}

// refresh reads the file if its stamp differs. r.mu is held.
func (r *Revocations) refresh() error {
	info, err := os.Stat(r.path)
	if err != nil {
		return fmt.Errorf("revocation list: %w", err)
	}
	stamp := fileStamp{info.ModTime(), info.Size()}
	if stamp == r.stamp && !stamp.modified.IsZero() {
		return r.broken
	}
	content, err := os.ReadFile(r.path)
	if err != nil {
		return fmt.Errorf("revocation list: %w", err)
	}
	r.entries, r.broken = parseRevocations(r.path, content)
	r.stamp = stamp
	return r.broken
}

func parseRevocations(path string, content []byte) (revocationList, error) {
	list := revocationList{ids: map[string]struct{}{}, hashes: map[string]struct{}{}}
	lines := bufio.NewScanner(bytes.NewReader(content))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if err := list.add(line); err != nil {
			return revocationList{}, fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return revocationList{}, fmt.Errorf("%s: %w", path, err)
	}
	return list, nil
}

func (l *revocationList) add(line string) error {
	kind, value, _ := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	if value == "" {
		return fmt.Errorf("nothing after %q", kind+":")
	}
	switch kind {
	case "serial":
		return l.addSerials(value)
	case "id":
		l.ids[value] = struct{}{}
	case "hash":
		if !strings.HasPrefix(value, "SHA256:") {
			return errors.New("expected a fingerprint such as SHA256:kXJL")
		}
		l.hashes[strings.TrimRight(value, "=")] = struct{}{}
	case "key":
		key, _, _, _, err := gossh.ParseAuthorizedKey([]byte(value))
		if err != nil {
			return fmt.Errorf("expected a public key as in authorized_keys: %w", err)
		}
		l.hashes[gossh.FingerprintSHA256(key)] = struct{}{}
	default:
		return errors.New("expected a line of the kind serial, id, hash or key")
	}
	return nil
}

func (l *revocationList) addSerials(value string) error {
	first, last, isRange := strings.Cut(value, "-")
	if !isRange {
		last = first
	}
	a, errA := strconv.ParseUint(strings.TrimSpace(first), 10, 64)
	b, errB := strconv.ParseUint(strings.TrimSpace(last), 10, 64)
	if errA != nil || errB != nil || a > b {
		return errors.New("expected a serial number or a range such as 100-199")
	}
	l.serials = append(l.serials, serialRange{a, b})
	return nil
}

func (l revocationList) hasSerial(serial uint64) bool {
	for _, r := range l.serials {
		if r.first <= serial && serial <= r.last {
			return true
		}
	}
	return false
}

func (l revocationList) hasKey(fingerprint string) bool {
	_, ok := l.hashes[fingerprint]
	return ok
}
