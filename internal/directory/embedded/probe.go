package embedded

import (
	"context"
	"errors"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// Probe implements core.Directory.
func (d *Directory) Probe(ctx context.Context) core.Health {
	h := core.Health{Name: d.name, Kind: "directory", At: d.clock.Now()}
	people, generation := 0, int64(0)
	err := d.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) (err error) {
		if generation, err = readGeneration(ctx, tx); err != nil {
			return err
		}
		_, err = tx.One(ctx, countQuery, nil, &people)
		return err
	})
	if err == nil {
		err = d.fault(ctx, errors.Join(d.db.Damaged(), d.finder.failed()))
	}
	if err != nil {
		h.Level, h.Said = core.Red, core.AsError(err).Said
		return h
	}
	h.P50, h.P99 = d.times.quantiles()
	h.Level, h.Said = core.Green, sentence.Of("directory.healthy", sentence.Count("people", people))
	x, upToDate := d.finder.current(generation)
	if !upToDate {
		h.Level, h.Said = core.Amber, sentence.Of("directory.indexing", sentence.Count("people", people))
	}
	if x != nil {
		h.Details = append(h.Details, sentence.Of("directory.index", sentence.Count("people", x.Len()), sentence.Count("mebibytes", x.Size()>>20)))
	}
	return h
}
