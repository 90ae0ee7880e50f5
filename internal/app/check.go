package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
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
	all := a.settledHealth(ctx)
	for _, d := range a.directories {
		if e, ok := d.(examiner); ok {
			all = append(all, e.Examine(ctx)...)
		}
	}
	all = append(all, core.Health{Name: "host key", Level: core.Green, Said: sentence.Of("check.host_key", sentence.Word("fingerprint", a.Fingerprint()))})
	red, said := false, map[string]bool{}
	for _, h := range all {
		red = red || h.Level == core.Red
		if err := a.report(out, h, said); err != nil {
			return err
		}
	}
	if red {
		return ErrCheck
	}
	return nil
}

// indexPatience is how long a check waits for a directory that has just been opened to build its index.
const indexPatience = 5 * time.Second

// settledHealth is how everything is when what takes a moment after opening is over.
func (a *App) settledHealth(ctx context.Context) []core.Health {
	ctx, cancel := context.WithTimeout(ctx, indexPatience)
	defer cancel()
	pause := time.NewTicker(20 * time.Millisecond)
	defer pause.Stop()
	for {
		all := a.desk.Health(context.WithoutCancel(ctx))
		indexing := slices.ContainsFunc(all, func(h core.Health) bool { return h.Said.ID == "directory.indexing" })
		if !indexing {
			return all
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
			return all
		}
	}
}

// report writes one finding with its details, unless it was said already: what does not answer at all is found twice.
func (a *App) report(out io.Writer, h core.Health, said map[string]bool) error {
	line := fmt.Sprintf("%-5s  %-12s %s\n", h.Level, h.Name, a.english().Say(h.Said))
	if said[line] {
		return nil
	}
	said[line] = true
	for _, d := range h.Details {
		line += fmt.Sprintf("%20s %s\n", "", a.english().Say(d))
	}
	_, err := io.WriteString(out, line)
	return err
}
