package embedded

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// stateColumns are what the state of an account is computed from, in the order of stateRow.fields.
const stateColumns = `p.enabled, p.account_expires, p.password_set, p.password_never_expires, p.must_change, p.wrong_passwords, p.locked_since, p.unlocks_at`

// stateRow holds stateColumns.
type stateRow struct {
	enabled        bool
	accountExpires moment
	passwordSet    moment
	neverExpires   bool
	mustChange     bool
	wrong          int
	lockedSince    moment
	unlocksAt      moment
}

func (r *stateRow) fields() []any {
	return []any{
		&r.enabled, &r.accountExpires, &r.passwordSet, &r.neverExpires, &r.mustChange, &r.wrong, &r.lockedSince, &r.unlocksAt,
	}
}

// at computes the state. A lock that has run out is no lock; what it was is not shown.
func (r *stateRow) at(now time.Time, p Policy) core.State {
	s := core.State{
		Enabled: r.enabled, WrongPasswords: r.wrong, MustChange: r.mustChange,
		AccountExpires: r.accountExpires.time(), PasswordSet: r.passwordSet.time(),
	}
	if r.isLocked(now) {
		s.Locked, s.LockedSince, s.UnlocksAt = true, r.lockedSince.time(), r.unlocksAt.time()
	}
	s.AccountExpired = !s.AccountExpires.IsZero() && !now.Before(s.AccountExpires)
	if p.MaxAge > 0 && r.passwordSet.Valid && !r.neverExpires {
		s.PasswordExpires = s.PasswordSet.Add(p.MaxAge)
		s.PasswordExpired = !now.Before(s.PasswordExpires)
	}
	return s
}

func (r *stateRow) isLocked(now time.Time) bool {
	return r.lockedSince.Valid && (!r.unlocksAt.Valid || now.Before(r.unlocksAt.time()))
}
