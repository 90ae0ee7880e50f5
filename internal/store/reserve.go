package store

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// reserveSize is the space, in bytes, that is kept on the disk for the outcomes of changes under way.
const reserveSize = 512 << 10

// reserve is a file that takes up space on the disk. It is given up when an outcome cannot be written because the disk is full; then no
// intent is accepted until it could be filled again. So a change that was begun can be recorded to its end.
type reserve struct {
	mu    sync.Mutex
	path  string
	there bool
}

// fill takes the space, unless it is taken.
func (r *reserve) fill() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.there {
		return nil
	}
	if info, err := os.Stat(r.path); err == nil && info.Size() == reserveSize {
		r.there = true
		return nil
	}
	f, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(randomBytes(reserveSize)) // not zeros: some file systems give them no space
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("the disk has no room for %d bytes: %w", reserveSize, errors.Join(err, os.Remove(r.path)))
	}
	r.there = true
	return nil
}

// giveUp frees the space. It reports whether there was some.
func (r *reserve) giveUp() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.there = false
	return os.Remove(r.path) == nil
}
