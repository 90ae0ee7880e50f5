package sqlitedb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// ownerOnly is the mode of every file this package makes.
const ownerOnly fs.FileMode = 0o600

// prepareFile makes the file when there is none and refuses one that others may read. SQLite gives the files beside it the same mode.
func prepareFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, ownerOnly)
	if err == nil {
		return f.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	for _, p := range []string{path, path + "-wal", path + "-shm"} {
		if err := checkMode(p); err != nil {
			return err
		}
	}
	return nil
}

func checkMode(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", path)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&^ownerOnly != 0 {
		return fmt.Errorf("%s has mode %#o: %w", filepath.Base(path), info.Mode().Perm(), ErrExposed)
	}
	return nil
}

// syncFile brings a finished file and its name to the disk.
func syncFile(path string) error {
	for _, p := range []string{path, filepath.Dir(path)} {
		f, err := os.Open(p)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}
