package password

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrNotRandom is returned for a source that gives the same value again and again.
var ErrNotRandom = errors.New("password: the source of randomness is stuck")

const (
	// mostSame is how many equal 32-bit values in a row are believed: four more are as likely as 1 in 2^128.
	mostSame = 4
	// mostRerolls is how often a value may fall into the rest that would favour small numbers: each time it does so
	// with less than even chance.
	mostRerolls = 128
)

// dice turns a stream of random bytes into unbiased choices. It does not read ahead.
type dice struct {
	source io.Reader
	last   uint32
	same   int
}

// roll returns a number from 0 to sides-1, each equally likely. The error of the source is wrapped.
func (d *dice) roll(sides int) (int, error) {
	fair := (1 << 32) / uint64(sides) * uint64(sides)
	for range mostRerolls {
		value, err := d.read()
		if err != nil {
			return 0, err
		}
		if uint64(value) < fair {
			return int(uint64(value) % uint64(sides)), nil
		}
	}
	return 0, ErrNotRandom
}

func (d *dice) read() (uint32, error) {
	var b [4]byte
	if _, err := io.ReadFull(d.source, b[:]); err != nil {
		return 0, fmt.Errorf("password: reading the source of randomness: %w", err)
	}
	value := binary.LittleEndian.Uint32(b[:])
	clear(b[:])
	d.same++
	if value != d.last {
		d.last, d.same = value, 1
	}
	if d.same > mostSame {
		return 0, ErrNotRandom
	}
	return value, nil
}
