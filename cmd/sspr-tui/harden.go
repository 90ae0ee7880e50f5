//go:build linux

package main

import (
	"errors"

	"golang.org/x/sys/unix"
)

// harden keeps secrets in memory out of core dumps and away from other processes of the same user.
func harden() error {
	return errors.Join(
		unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0),
		unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}),
	)
}
