package store

import (
	"crypto/rand"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/store/storetest"
)

func TestTheStoreKeepsItsContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) storetest.Store {
		return openStore(t, newOptions(t))
	})
}

// newOptions are for a new store of this test, with a key of its own.
func newOptions(t testing.TB) Options {
	t.Helper()
	return Options{
		Path: filepath.Join(scratch(t), "desk.db"), Key: newKey(t), BootID: "b_test", Log: slog.New(slog.DiscardHandler), Patience: 20 * time.Second,
	}
}

func newKey(t testing.TB) *secret.Text {
	t.Helper()
	key := make([]byte, KeySize)
	if _, err := rand.Read(key); err != nil {
		t.Fatal(err)
	}
	return secret.New(key)
}

// scratch is a folder in memory where there is one: a commit waits for the disk, and many tests wait at the same time.
func scratch(t testing.TB) string {
	t.Helper()
	const shm = "/dev/shm"
	if info, err := os.Stat(shm); err != nil || !info.IsDir() {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(shm, "store-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// openStore opens a store for the length of the test.
func openStore(t testing.TB, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
