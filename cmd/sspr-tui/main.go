// Command sspr-tui serves the helpdesk over SSH.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type commands struct {
	Serve        serveCommand        `cmd:"" help:"Serve the desk."`
	Demo         demoCommand         `cmd:"" help:"Serve a desk with 200 fictional people, on this machine only."`
	Check        checkCommand        `cmd:"" help:"Check a configuration and everything it names."`
	Operator     operatorCommand     `cmd:"" help:"Add, list and disable operators, and their keys."`
	Directory    directoryCommand    `cmd:"" help:"Import into and export from an embedded directory."`
	Registration registrationCommand `cmd:"" help:"Import methods for accounts of any directory."`
	Backup       backupCommand       `cmd:"" help:"Copy the store to a file while the desk serves."`
	Restore      restoreCommand      `cmd:"" help:"Put a backup in the place of the store."`
	Key          keyCommand          `cmd:"" help:"Make a store key in a new credential file."`
	Version      versionCommand      `cmd:"" help:"Print the version."`
}

func main() {
	var c commands
	parser := kong.Parse(&c, kong.Name("sspr-tui"), kong.UsageOnError(),
		kong.Description("A helpdesk for self-service password reset, over SSH."))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := parser.Run(&runtime{ctx: ctx, out: os.Stdout, err: os.Stderr})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "sspr-tui:", err)
		os.Exit(1)
	}
}
