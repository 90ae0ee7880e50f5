package store

import (
	"context"
	"errors"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// SaveOperator implements core.OperatorStore. Logins that differ in case only are the same.
func (s *Store) SaveOperator(ctx context.Context, o core.Operator, r core.Record) error {
	return s.recorded(ctx, func(ctx context.Context, b *book) error {
		const save = `INSERT INTO operators (id, login, login_key, name, roles, directories, units, groups, desk, account, disabled, totp, source)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET login = excluded.login, login_key = excluded.login_key, name = excluded.name, roles = excluded.roles,
				directories = excluded.directories, units = excluded.units, groups = excluded.groups, desk = excluded.desk,
				account = excluded.account, disabled = excluded.disabled, totp = excluded.totp, source = excluded.source`
		_, err := b.Exec(ctx, save, o.ID, o.Login, strings.ToLower(o.Login), raw(o.Name), list(o.Roles), list(o.Scope.Directories),
			list(o.Scope.Units), list(o.Scope.Groups), o.Desk, o.Account.String(), o.Disabled, o.TOTP, o.Source)
		if errors.Is(err, sqlitedb.ErrUnique) {
			return fail(core.CodeConflict, "operator.login_taken")
		}
		if err != nil {
			return err
		}
		_, err = b.enter(ctx, r)
		return err
	})
}

// StoredOperators implements core.OperatorStore, ordered by login. CodeUnavailable.
func (s *Store) StoredOperators(ctx context.Context) (out []core.Operator, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		const query = `SELECT id, login, name, roles, directories, units, groups, desk, account, disabled, totp, source FROM operators ORDER BY login_key`
		return tx.Each(ctx, query, nil, func(scan sqlitedb.Scan) error {
			o, err := scanOperator(scan)
			out = append(out, o)
			return err
		})
	})
	return out, err
}

func scanOperator(scan sqlitedb.Scan) (core.Operator, error) {
	var o core.Operator
	var name []byte
	var roles, directories, units, groups, account string
	err := scan(&o.ID, &o.Login, &name, &roles, &directories, &units, &groups, &o.Desk, &account, &o.Disabled, &o.TOTP, &o.Source)
	if err != nil {
		return o, err
	}
	o.Name, o.Account = text(name), accountOf(account)
	var errs [4]error
	o.Roles, errs[0] = unlist[rbac.Role](roles)
	o.Scope.Directories, errs[1] = unlist[string](directories)
	o.Scope.Units, errs[2] = unlist[string](units)
	o.Scope.Groups, errs[3] = unlist[string](groups)
	return o, errors.Join(errs[:]...)
}

// AddKey implements core.OperatorStore. A key the operator has already gets the new comment.
func (s *Store) AddKey(ctx context.Context, k core.OperatorKey, r core.Record) error {
	return s.recorded(ctx, func(ctx context.Context, b *book) error {
		const add = `INSERT INTO operator_keys (fingerprint, operator, authorized, comment, added_at, added_by) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (fingerprint) DO UPDATE SET authorized = excluded.authorized, comment = excluded.comment WHERE operator = excluded.operator`
		changed, err := b.Exec(ctx, add, k.Fingerprint, k.OperatorID, k.Authorized, []byte(k.Comment), nanos(k.AddedAt), k.AddedBy)
		if err != nil {
			return err
		}
		if changed == 0 {
			return fail(core.CodeConflict, "operator.key_taken")
		}
		_, err = b.enter(ctx, r)
		return err
	})
}

// RemoveKey implements core.OperatorStore.
func (s *Store) RemoveKey(ctx context.Context, operator, fingerprint string, r core.Record) error {
	return s.recorded(ctx, func(ctx context.Context, b *book) error {
		removed, err := b.Exec(ctx, "DELETE FROM operator_keys WHERE operator = ? AND fingerprint = ?", operator, fingerprint)
		if err != nil {
			return err
		}
		if removed == 0 {
			return fail(core.CodeNotFound, "operator.key_not_found")
		}
		_, err = b.enter(ctx, r)
		return err
	})
}

// Keys implements core.OperatorStore, in the order in which they were added. CodeUnavailable.
func (s *Store) Keys(ctx context.Context, operator string) (out []core.OperatorKey, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		const query = `SELECT fingerprint, operator, authorized, comment, added_at, added_by FROM operator_keys WHERE ? IN ('', operator)
			ORDER BY added_at, fingerprint`
		return tx.Each(ctx, query, sqlitedb.Args{operator}, func(scan sqlitedb.Scan) error {
			var k core.OperatorKey
			var comment []byte
			var added int64
			err := scan(&k.Fingerprint, &k.OperatorID, &k.Authorized, &comment, &added, &k.AddedBy)
			k.Comment, k.AddedAt = string(comment), instant(added)
			out = append(out, k)
			return err
		})
	})
	return out, err
}
