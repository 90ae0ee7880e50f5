package store

import (
	"context"
	"errors"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// unrecorded is the error of a change that could not be recorded: nothing of it happened.
func unrecorded(err error) error {
	return failed(err, core.CodeAuditUnavailable, "error.audit_unavailable")
}

// unavailable is the error of reading, and of changes that need no record.
func unavailable(err error) error {
	return failed(err, core.CodeUnavailable, "error.store_unavailable")
}

// failed keeps an error that says what it means already. A caller who went away is no fault of the store.
func failed(err error, code core.Code, id string) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*core.Error](err); ok {
		return known
	}
	if errors.Is(err, context.Canceled) {
		return core.AsError(err)
	}
	return core.Fail(code, sentence.Of(id)).Because(err)
}

func fail(code core.Code, id string, fields ...sentence.Field) error {
	return core.Fail(code, sentence.Of(id, fields...))
}

func otherOperation() error { return fail(core.CodeConflict, "conflict.other_operation") }
