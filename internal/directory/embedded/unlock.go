package embedded

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

const unlockQuery = `UPDATE people SET wrong_passwords = 0, wrong_digests = x'', locks = 0, locked_since = NULL, unlocks_at = NULL,
	version = version + 1 WHERE id = ?`

// Unlock implements core.Directory. An account that is not locked is left as it is, its count of wrong passwords included.
func (d *Directory) Unlock(ctx context.Context, g rbac.Grant, c core.UnlockChange) (core.UnlockAnswer, error) {
	if err := d.checkGrant(g, rbac.Unlock, c.Account); err != nil {
		return core.UnlockAnswer{}, err
	}
	var answer core.UnlockAnswer
	err := d.write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		t, err := d.target(ctx, tx, c.Account.Key, c.Version)
		if err != nil || !t.isLocked(d.clock.Now()) {
			return err
		}
		answer.WasLocked = true
		_, err = tx.Exec(ctx, unlockQuery, t.id)
		return err
	})
	if err != nil {
		return core.UnlockAnswer{}, err
	}
	return answer, nil
}
