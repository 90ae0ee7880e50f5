package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
)

// ErrCheck says that something the configuration names does not work; what, was written.
var ErrCheck = errors.New("something does not work yet")

// examiner is a directory that can say more about itself than Probe: rights that are missing, indexes that are missing.
type examiner interface {
	// Examine probes rights and indexes. It changes nothing and never fails: the answers carry the errors.
	Examine(ctx context.Context) []core.Health
}

// Check probes everything a configuration names and writes one line for each: directories with TLS, rights and indexes, mail, the host key,
// the store. ErrCheck when something is red.
func Check(ctx context.Context, cfg config.Config, out io.Writer) error {
	a, err := Open(ctx, cfg, Options{Beside: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	all := a.desk.Health(ctx)
	for _, d := range a.directories {
		if e, ok := d.(examiner); ok {
			all = append(all, e.Examine(ctx)...)
		}
	}
	red := false
	for _, h := range all {
		red = red || h.Level == core.Red
		if _, err := fmt.Fprintf(out, "%-5s  %-12s %s\n", h.Level, h.Name, a.english().Say(h.Said)); err != nil {
			return err
		}
		for _, d := range h.Details {
			if _, err := fmt.Fprintf(out, "%20s %s\n", "", a.english().Say(d)); err != nil {
				return err
			}
		}
	}
	if _, err := fmt.Fprintf(out, "%-5s  %-12s %s\n", core.Green, "host key", a.Fingerprint()); err != nil {
		return err
	}
	if red {
		return ErrCheck
	}
	return nil
}
