package main

import (
	"context"
	"io"
	"log/slog"

	"github.com/sspr-tui/sspr-tui/internal/app"
	"github.com/sspr-tui/sspr-tui/internal/config"
)

// runtime is what every command gets.
type runtime struct {
	ctx      context.Context
	out, err io.Writer
}

// host is what the commands that work on a desk's store have in common.
type host struct {
	Config string `help:"Configuration file." required:"" type:"existingfile" placeholder:"FILE"`
}

// with opens the desk of the configuration, does something and closes it.
func (h host) with(r *runtime, do func(a *app.App) error) (err error) {
	cfg, err := config.Load(h.Config)
	if err != nil {
		return err
	}
	a, err := app.Open(r.ctx, cfg, app.Options{Beside: true, Log: logger(r.err, config.Log{Format: "text", Level: "warn"})})
	if err != nil {
		return err
	}
	defer func() {
		if closed := a.Close(); err == nil {
			err = closed
		}
	}()
	return do(a)
}

// logger writes the log as the configuration says. It never holds personal data.
func logger(w io.Writer, l config.Log) *slog.Logger {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	o := &slog.HandlerOptions{Level: levels[l.Level]}
	if l.Format == "text" {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}
