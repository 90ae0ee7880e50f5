//go:build unix

package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// occupancy keeps a state folder to one serving process. The system lets go of it with the process, however that ends.
type occupancy struct{ file *os.File }

// occupy takes a state folder. Two desks on one store would each take the other's operations under way for cut off. ErrOccupied.
func occupy(state string) (occupancy, error) {
	if err := os.MkdirAll(state, 0o700); err != nil {
		return occupancy{}, fmt.Errorf("the state folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(state, "serving.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return occupancy{}, fmt.Errorf("the state folder: %w", err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		by, _ := os.ReadFile(f.Name()) // only to say who it is
		_ = f.Close()
		return occupancy{}, fmt.Errorf("%w: process %s, %s", ErrOccupied, strings.TrimSpace(string(by)), state)
	}
	if err != nil {
		_ = f.Close()
		return occupancy{}, fmt.Errorf("the state folder cannot be locked: %w", err)
	}
	_ = f.Truncate(0) // whose number stands there matters to nobody but a reader of the error above
	_, _ = fmt.Fprintln(f, os.Getpid())
	return occupancy{f}, nil
}

// Close lets go of the folder.
func (o occupancy) Close() error {
	if o.file == nil {
		return nil
	}
	return o.file.Close()
}
