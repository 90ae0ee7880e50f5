package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/app"
	"github.com/sspr-tui/sspr-tui/internal/config"
)

type directoryCommand struct {
	Import directoryImport `cmd:"" help:"Import people from a .csv or .json file."`
	Export directoryExport `cmd:"" help:"Export people as CSV or JSON."`
}

type directoryImport struct {
	host
	Directory string `help:"Name of the directory; the first embedded one by default." placeholder:"NAME"`
	File      string `arg:"" type:"existingfile"`
}

// Run imports; bad rows are reported by line and nothing is half-written.
func (c *directoryImport) Run(r *runtime) error {
	return c.with(r, func(a *app.App) error {
		return a.ImportPeople(r.ctx, c.Directory, c.File, r.out)
	})
}

type directoryExport struct {
	host
	Directory string `help:"Name of the directory; the first embedded one by default." placeholder:"NAME"`
	Format    string `enum:"csv,json" default:"csv"`
}

// Run exports to standard output.
func (c *directoryExport) Run(r *runtime) error {
	return c.with(r, func(a *app.App) error { return a.ExportPeople(r.ctx, c.Directory, c.Format, r.out) })
}

type registrationCommand struct {
	Import registrationImport `cmd:"" help:"Import methods from a CSV file: user,kind,value."`
}

type registrationImport struct {
	host
	File string `arg:"" type:"existingfile"`
}

// Run imports registrations; bad rows are reported by line and nothing is half-written.
func (c *registrationImport) Run(r *runtime) error {
	return c.with(r, func(a *app.App) error { return a.ImportRegistrations(r.ctx, c.File, r.out) })
}

type backupCommand struct {
	host
	File string `arg:"" help:"New file for the copy."`
}

// Run copies the store; the desk may serve meanwhile.
func (c *backupCommand) Run(r *runtime) error {
	cfg, err := config.Load(c.Config)
	if err != nil {
		return err
	}
	if err := app.Backup(r.ctx, cfg, c.File); err != nil {
		return err
	}
	_, err = fmt.Fprintf(r.out, "copied to %s\n", c.File)
	return err
}

type restoreCommand struct {
	host
	File string `arg:"" type:"existingfile"`
}

// Run puts a backup in the place of the store. Evidence, codes and approvals in it no longer count.
func (c *restoreCommand) Run(r *runtime) error {
	cfg, err := config.Load(c.Config)
	if err != nil {
		return err
	}
	if err := app.Restore(r.ctx, cfg, c.File); err != nil {
		return err
	}
	_, err = fmt.Fprintln(r.out, "restored; evidence and codes in the backup no longer count")
	return err
}

type keyCommand struct {
	File string `arg:"" help:"New credential file."`
}

// Run makes a store key: 32 random bytes in base64, mode 0600. An existing file is never replaced.
func (c *keyCommand) Run(r *runtime) error {
	if err := app.NewStoreKey(c.File); err != nil {
		return err
	}
	_, err := fmt.Fprintf(r.out, "made %s; keep a copy where the backups are not\n", c.File)
	return err
}

type checkCommand struct {
	Config string `help:"Configuration file." required:"" placeholder:"FILE"`
}

// Run reports everything that is wrong at once, then probes what the configuration names.
func (c *checkCommand) Run(r *runtime) error {
	cfg, err := config.Load(c.Config)
	if err != nil {
		return err
	}
	return app.Check(r.ctx, cfg, r.out)
}

type demoCommand struct {
	Listen   string `default:"127.0.0.1:2222" help:"Loopback address to listen on."`
	State    string `help:"Folder for the demo's state; a new temporary one by default." placeholder:"DIR"`
	People   int    `default:"200" help:"How many people, up to 1000000."`
	Headless bool   `help:"Only serve; do not open the Level 1 console here."`
}

// Run starts the demo and, on a terminal, its Level 1 console.
func (c *demoCommand) Run(r *runtime) error {
	state := c.State
	if state == "" {
		dir, err := os.MkdirTemp("", "sspr-tui-demo-")
		if err != nil {
			return fmt.Errorf("a folder for the demo: %w", err)
		}
		state = dir
	}
	state, err := filepath.Abs(state)
	if err != nil {
		return err
	}
	d := app.Demo{Listen: c.Listen, State: state, People: c.People, Out: r.out, Log: logger(r.err, config.Log{Format: "text", Level: "warn"})}
	if c.Headless || !terminal(os.Stdin) || !terminal(os.Stdout) {
		return d.Serve(r.ctx, nil)
	}
	return d.Serve(r.ctx, console)
}

type versionCommand struct{}

// Run prints the version.
func (c *versionCommand) Run(r *runtime) error {
	_, err := fmt.Fprintln(r.out, "sspr-tui", strings.TrimPrefix(app.Version(), "v"))
	return err
}
