package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/store"
)

// NewStoreKey makes a credential file with 32 random bytes in base64 and mode 0600. An existing file is never replaced.
func NewStoreKey(file string) error {
	raw := make([]byte, store.KeySize)
	if _, err := rand.Read(raw); err != nil {
		return fmt.Errorf("the machine gives no randomness: %w", err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("the key file: %w", err)
	}
	_, err = io.WriteString(f, base64.StdEncoding.EncodeToString(raw)+"\n")
	return errors.Join(err, f.Close())
}

// Backup copies the store of a configuration to a new file, with mode 0600. The desk may serve meanwhile.
func Backup(ctx context.Context, cfg config.Config, file string) (err error) {
	s, err := store.Open(ctx, store.Options{Path: storePath(cfg), Key: cfg.Desk.StoreKey})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.Backup(ctx, file)
}

// Restore puts a backup in the place of the store of a configuration. What was there is kept beside it, with the time in its name. The desk
// must not be serving: ErrOccupied. A backup that cannot be used leaves everything as it is.
func Restore(ctx context.Context, cfg config.Config, file string) (err error) {
	occupied, err := occupy(cfg.Desk.State)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, occupied.Close()) }()
	path := storePath(cfg)
	fresh := path + ".restored"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, os.ErrNotExist) { // left behind by one that was cut off
		return fmt.Errorf("the state folder: %w", err)
	}
	if err := store.Restore(ctx, file, store.Options{Path: fresh, Key: cfg.Desk.StoreKey, Clock: systemClock{}}); err != nil {
		return fmt.Errorf("%w; nothing was changed", err)
	}
	return swap(fresh, path, path+".before-restore-"+time.Now().UTC().Format("20060102T150405.000Z"))
}

// swap puts a fresh store in the place of the present one, which is put aside. The order is such that, whenever it is cut off, the store
// that stands there opens whole or not at all: without its log it misses what its mark promises, and so does the fresh one with that mark.
func swap(fresh, path, aside string) error {
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := renameIfThere(path+suffix, aside+suffix); err != nil {
			return err
		}
	}
	if err := os.Link(path, aside); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the present store could not be put aside: %w", err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("the restored store could not be put into its place: %w; it is %s", err, fresh)
	}
	return renameIfThere(path+"-mark", aside+"-mark")
}

func renameIfThere(from, to string) error {
	if err := os.Rename(from, to); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the present store could not be put aside: %w", err)
	}
	return nil
}

// Version is the module's version, with the revision for builds from a checkout.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version, revision := info.Main.Version, ""
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value[:min(12, len(s.Value))]
		}
	}
	if revision == "" || strings.Contains(version, revision) {
		return version
	}
	return version + " (" + revision + ")"
}
