package sshd_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/sshd"
)

func TestHostKeyIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "host_key")
	first, err := sshd.OpenHostKey(path)
	must(t, err)
	second, err := sshd.OpenHostKey(path)
	must(t, err)
	if first.Fingerprint() != second.Fingerprint() || !strings.HasPrefix(first.Fingerprint(), "SHA256:") {
		t.Errorf("%s, then %s", first.Fingerprint(), second.Fingerprint())
	}
	if kind := first.Public().Type(); kind != gossh.KeyAlgoED25519 {
		t.Errorf("a key of type %s", kind)
	}
	info, err := os.Stat(path)
	must(t, err)
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("mode %o", mode)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestServersThatStartAtOnceUseOneHostKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "host_key")
	var wg sync.WaitGroup
	fingerprints := make([]string, 8)
	for i := range fingerprints {
		wg.Go(func() {
			key, err := sshd.OpenHostKey(path)
			if err != nil {
				t.Error(err)
				return
			}
			fingerprints[i] = key.Fingerprint()
		})
	}
	wg.Wait()
	for _, f := range fingerprints {
		if f != fingerprints[0] {
			t.Fatalf("%q", fingerprints)
		}
	}
}

// T105
func TestHostKeyThatOthersMayUseIsRefused(t *testing.T) {
	t.Parallel()
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o666} {
		path := filepath.Join(t.TempDir(), "host_key")
		_, err := sshd.OpenHostKey(path)
		must(t, err)
		must(t, os.Chmod(path, mode))
		if _, err := sshd.OpenHostKey(path); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "expected 0600") {
			t.Errorf("%o: %v", mode, err)
		}
	}
}

func TestUnusableHostKeysAreRefusedAndKept(t *testing.T) {
	t.Parallel()
	for name, content := range map[string][]byte{
		"empty":   {},
		"garbage": []byte("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"),
		"large":   make([]byte, 1<<20),
	} {
		path := filepath.Join(t.TempDir(), "host_key")
		must(t, os.WriteFile(path, content, 0o600))
		if _, err := sshd.OpenHostKey(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		if kept, _ := os.ReadFile(path); len(kept) != len(content) {
			t.Errorf("%s: the file was replaced", name)
		}
	}
	if _, err := sshd.OpenHostKey(filepath.Join(t.TempDir(), "no", "such", "folder")); err == nil {
		t.Error("a key was made in no folder")
	}
	if _, err := sshd.OpenHostKey(t.TempDir()); err == nil {
		t.Error("a folder was a key")
	}
}
