package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"

	"github.com/charmbracelet/x/term"

	"github.com/sspr-tui/sspr-tui/internal/app"
)

func terminal(f *os.File) bool { return term.IsTerminal(f.Fd()) }

// console opens the Level 1 console in this terminal, through the demo's own SSH server, with the ssh of this machine.
func console(ctx context.Context, c app.Console) error {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return err
	}
	ssh, err := exec.LookPath("ssh")
	if err != nil {
		return errors.New("there is no ssh on this machine; use --headless and connect from another one's loopback tunnel")
	}
	args := []string{
		"-t", "-p", port, "-i", c.Key, "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "UserKnownHostsFile=" + c.KnownHosts,
		"-o", "StrictHostKeyChecking=yes", "-o", "LogLevel=ERROR", fmt.Sprintf("%s@%s", c.Login, host),
	}
	cmd := exec.CommandContext(ctx, ssh, args...) //nolint:gosec // ssh from PATH with arguments of our own making
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = cmd.Run()
	if ctx.Err() != nil {
		return nil
	}
	return err
}
