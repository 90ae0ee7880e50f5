package embedded

import (
	"context"
	"errors"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// fault turns what a database said into an error for a person. Nothing was changed: a transaction is there as a whole or not at all.
func (d *Directory) fault(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*core.Error](err); ok {
		return known
	}
	if ended := ctx.Err(); ended != nil {
		return core.AsError(ended).Because(err)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return core.AsError(err)
	}
	return core.Fail(core.CodeUnavailable, sentence.Of(meaning(err), sentence.Word("directory", d.name))).Because(err)
}

// meaning is the sentence for what can be wrong with a database.
func meaning(err error) string {
	for _, m := range []struct {
		is   error
		said string
	}{
		{sqlitedb.ErrBusy, "directory.busy"},
		{sqlitedb.ErrDamaged, "directory.damaged"},
		{sqlitedb.ErrFull, "directory.full"},
		{sqlitedb.ErrReadOnly, "directory.read_only"},
		{sqlitedb.ErrNewer, "directory.newer"},
		{sqlitedb.ErrAltered, "directory.altered"},
		{sqlitedb.ErrExposed, "directory.exposed"},
	} {
		if errors.Is(err, m.is) {
			return m.said
		}
	}
	return "directory.unavailable"
}

func (d *Directory) notFound() error {
	return core.Fail(core.CodeNotFound, sentence.Of("directory.not_found", sentence.Word("directory", d.name)))
}
