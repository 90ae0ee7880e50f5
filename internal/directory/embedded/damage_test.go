package embedded

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
)

func openAt(tb testing.TB, path string) (*Directory, error) {
	tb.Helper()
	return Open(tb.Context(), Options{
		Name: "demo", Path: path, Policy: testPolicy(), Clock: newClock(), Entropy: rand.Reader, HashCost: cheap(),
	})
}

// damaged is an open directory whose file was overwritten behind its back.
func damaged(tb testing.TB) *Directory {
	tb.Helper()
	path := filepath.Join(scratch(tb), "people.db")
	d, err := openAt(tb, path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = d.Close() })
	load(tb, d, Person{Login: text("person0001"), Seed: Seed{PasswordHash: hashed(tb, d, "a password")}})
	for _, file := range []string{path, path + "-wal"} {
		size := int64(0)
		if info, err := os.Stat(file); err == nil {
			size = info.Size()
		}
		if err := os.WriteFile(file, bytes.Repeat([]byte("not a database. "), int(size/16)), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return d
}
