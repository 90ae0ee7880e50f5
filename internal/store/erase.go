package store

import (
	"context"
	"errors"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/store/canonical"
)

// Erase removes everything personal that is kept about the owner of an account: their key, what was sealed under it, their registrations and
// proofs, the link between account and pseudonym. Records and cases stay, with their ticket references, about a pseudonym nobody can resolve;
// an operator whose own account it is stays an operator. r is recorded, without personal data. Afterwards nothing of it is in the files; copies made before still have it. What was counted stays for eight days,
// under a keyed digest. Erasing somebody nothing is kept about is recorded all the same.
//
// CodeConflict while a change of the account is open or its outcome unknown; CodeAuditUnavailable; CodeUnavailable with WasChanged when
// the data were erased and somebody still reads an older state: a repeat finishes it.
func (s *Store) Erase(ctx context.Context, account core.AccountID, r core.Record) error {
	if err := s.Flush(ctx); err != nil { // notes about the person must not come after
		return unrecorded(err)
	}
	err := s.recorded(ctx, func(ctx context.Context, b *book) error {
		who, known, err := b.of(ctx, account)
		if err != nil {
			return err
		}
		if known && who.pseudonym != "" {
			if err := b.erase(ctx, who); err != nil {
				return err
			}
		}
		_, err = b.enterAbout(ctx, r, person{pseudonym: who.pseudonym, erased: true}, canonical.Personal{})
		return err
	})
	if err != nil {
		return err
	}
	if err := s.db.Checkpoint(ctx); err != nil {
		return core.Fail(core.CodeUnavailable, sentence.Of("error.store_unavailable")).After(core.WasChanged).Because(err)
	}
	return nil
}

func (b *book) erase(ctx context.Context, who person) error {
	var open int
	if _, err := b.One(ctx, "SELECT count(*) FROM intents WHERE subject = ? AND state <> 'closed'", []any{who.pseudonym}, &open); err != nil {
		return err
	}
	if open > 0 {
		return otherOperation()
	}
	var errs []error
	for _, statement := range []string{
		"DELETE FROM trail_personal WHERE person = ?",
		"DELETE FROM notices WHERE person = ?",
		"DELETE FROM registrations WHERE person = ?",
		"DELETE FROM challenges WHERE person = ?",
		"DELETE FROM evidence WHERE person = ?",
		"UPDATE cases SET sealed = x'' WHERE person = ?",
		"DELETE FROM persons WHERE pseudonym = ?",
	} {
		_, err := b.Exec(ctx, statement, who.pseudonym)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
