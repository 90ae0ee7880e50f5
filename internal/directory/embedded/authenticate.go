package embedded

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// rememberedWrong is how many of the last wrong passwords do not count when they are tried again.
const rememberedWrong = 3

// attempt is what a try to sign in is judged by.
type attempt struct {
	id      int64
	key     string
	hash    string
	digests []byte // of the last wrong passwords
	locks   int    // in a row
	stateRow
}

const (
	attemptColumns    = `p.id, p.key, p.password_hash, p.wrong_digests, p.locks, ` + stateColumns
	attemptQuery      = `SELECT ` + attemptColumns + ` FROM people p WHERE p.login_key = ? AND p.login_key <> ''`
	attemptAgainQuery = `SELECT ` + attemptColumns + ` FROM people p WHERE p.id = ?`
)

// Authenticate implements core.Authenticator. Everything that is refused is refused alike, in words and in what it costs: a login that
// nobody has is compared with a hash as well, and counted.
func (d *Directory) Authenticate(ctx context.Context, login untrusted.Text, password *secret.Text) (core.AccountID, error) {
	a, err := d.readAttempt(ctx, login)
	if err != nil {
		return core.AccountID{}, err
	}
	h, err := parseHash(a.hash)
	if err != nil {
		h = d.hasher.dummy()
	}
	digest, err := d.hasher.digest(ctx, h, password)
	if err != nil {
		return core.AccountID{}, d.fault(ctx, err)
	}
	right := a.id != 0 && h.equals(digest) && password.Len() > 0
	accepted := false
	err = d.write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) (err error) {
		accepted, err = d.count(ctx, tx, a, right, wrongDigest(digest))
		return err
	})
	if err != nil {
		return core.AccountID{}, err
	}
	if !accepted {
		return core.AccountID{}, core.Fail(core.CodeDenied, sentence.Of("directory.sign_in_refused"))
	}
	return d.id(a.key), nil
}

// readAttempt reads whose login it is; the zero attempt when it is nobody's.
func (d *Directory) readAttempt(ctx context.Context, login untrusted.Text) (a attempt, err error) {
	err = d.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		_, err := tx.One(ctx, attemptQuery, sqlitedb.Args{exactKey(login.Raw())}, a.fields()...)
		return err
	})
	return a, err
}

func (a *attempt) fields() []any {
	return append([]any{&a.id, &a.key, &a.hash, &a.digests, &a.locks}, a.stateRow.fields()...)
}

// count decides and counts in one transaction, on the account as it is now: of many tries at once, none gets in after the one that
// locked it. While an account is locked, nothing changes it.
func (d *Directory) count(ctx context.Context, tx *sqlitedb.Tx, seen attempt, right bool, digest []byte) (accepted bool, err error) {
	var a attempt
	if _, err := tx.One(ctx, attemptAgainQuery, sqlitedb.Args{seen.id}, a.fields()...); err != nil {
		return false, err
	}
	now := d.clock.Now()
	s := a.at(now, d.Policy())
	switch {
	case a.id == 0 || a.hash != seen.hash || s.Locked || !right && a.isRepeated(digest):
		return false, countRefused(ctx, tx)
	case !right:
		return false, d.countWrong(ctx, tx, &a, digest, now)
	case !s.Enabled || s.AccountExpired || s.PasswordExpired || s.MustChange:
		return false, countRefused(ctx, tx)
	}
	const query = `UPDATE people SET wrong_passwords = 0, wrong_digests = x'', locks = 0, locked_since = NULL, unlocks_at = NULL, last_seen = ? WHERE id = ?`
	_, err = tx.Exec(ctx, query, momentOf(now), a.id)
	return err == nil, err
}

// isRepeated reports whether a wrong password is one of the last.
func (a *attempt) isRepeated(digest []byte) bool {
	for one := range slices.Chunk(a.digests, wrongSize) {
		if bytes.Equal(one, digest) {
			return true
		}
	}
	return false
}

// countRefused writes as much for an attempt that changes no account as for a wrong password: the time tells nothing.
func countRefused(ctx context.Context, tx *sqlitedb.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE meta SET value = value + 1 WHERE name = 'refused'`)
	return err
}

// countWrong counts a wrong password and locks when it is one too many; after a lock has run out the next one is. The version changes
// with the lock only: what an operator decides on does not change with every try.
func (d *Directory) countWrong(ctx context.Context, tx *sqlitedb.Tx, a *attempt, digest []byte, now time.Time) error {
	wrong, digests, l := a.wrong+1, remembered(a.digests, digest), d.Policy().Lockout
	if l.After == 0 || wrong < l.After {
		_, err := tx.Exec(ctx, `UPDATE people SET wrong_passwords = ?, wrong_digests = ? WHERE id = ?`, wrong, digests, a.id)
		return err
	}
	var unlocks time.Time
	if lasts := l.lasts(a.locks); lasts > 0 {
		unlocks = now.Add(lasts)
	}
	const query = `UPDATE people SET wrong_passwords = ?, wrong_digests = ?, locks = locks + 1, locked_since = ?, unlocks_at = ?,
		version = version + 1 WHERE id = ?`
	_, err := tx.Exec(ctx, query, wrong, digests, momentOf(now), momentOf(unlocks), a.id)
	return err
}

// remembered drops the oldest digest that is too many and adds the newest.
func remembered(digests, newest []byte) []byte {
	keep := digests[max(0, len(digests)-(rememberedWrong-1)*wrongSize):]
	return append(slices.Clone(keep), newest...)
}
