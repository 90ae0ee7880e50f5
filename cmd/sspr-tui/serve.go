package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/sspr-tui/sspr-tui/internal/app"
	"github.com/sspr-tui/sspr-tui/internal/config"
)

type serveCommand struct {
	Config string `help:"Configuration file." required:"" type:"existingfile" placeholder:"FILE"`
}

// Run serves until SIGINT or SIGTERM; SIGHUP reloads the configuration, all or nothing.
func (c *serveCommand) Run(r *runtime) (err error) {
	cfg, err := config.Load(c.Config)
	if err != nil {
		return err
	}
	log := logger(r.err, cfg.Log)
	if err := harden(); err != nil {
		log.WarnContext(r.ctx, "core dumps could not be switched off", "error", err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(r.ctx, "tcp", cfg.SSH.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", cfg.SSH.Listen, err)
	}
	a, err := app.Open(r.ctx, cfg, app.Options{Log: log})
	if err != nil {
		_ = listener.Close()
		return err
	}
	defer func() {
		if closed := a.Close(); err == nil {
			err = closed
		}
	}()
	reload(r.ctx, c.Config, a, func(err error) {
		log.WarnContext(r.ctx, "the configuration was not reloaded; the old one stays", "error", err)
	})
	log.InfoContext(r.ctx, "serving", "listen", listener.Addr().String(), "host_key", a.Fingerprint())
	return a.Serve(r.ctx, listener)
}

// reload takes over the configuration at every SIGHUP until ctx ends.
func reload(ctx context.Context, file string, a *app.App, refused func(error)) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	go func() { // ends with ctx
		defer signal.Stop(hup)
		for {
			select {
			case <-ctx.Done():
				return
			case <-hup:
				cfg, err := config.Load(file)
				if err != nil {
					refused(err)
					continue
				}
				a.Reload(ctx, cfg)
			}
		}
	}()
}
