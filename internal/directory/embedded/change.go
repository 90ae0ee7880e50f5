package embedded

import (
	"context"
	"strconv"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/password"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// target is an account that is about to be changed.
type target struct {
	id      int64
	version int64
	hash    string
	person  password.Person
	stateRow
}

const targetQuery = `SELECT p.id, p.version, p.password_hash, p.login, p.given_name, p.surname, p.display_name, ` + stateColumns + `
	FROM people p WHERE p.key = ?`

// checkGrant refuses a change that nobody allowed. It is the last of the places where that is checked.
func (d *Directory) checkGrant(g rbac.Grant, p rbac.Permission, id core.AccountID) error {
	if !g.Allows(p, id.String()) {
		return core.Fail(core.CodeDenied, sentence.Of("directory.no_grant"))
	}
	if id.Directory != d.name {
		return d.notFound()
	}
	return nil
}

// target reads an account and compares its version with the one the change is based on. CodeNotFound, CodeConflict.
func (d *Directory) target(ctx context.Context, tx *sqlitedb.Tx, key, basedOn string) (*target, error) {
	var t target
	into := append([]any{&t.id, &t.version, &t.hash, &t.person.Login, &t.person.GivenName, &t.person.Surname, &t.person.DisplayName}, t.fields()...)
	found, err := tx.One(ctx, targetQuery, sqlitedb.Args{key}, into...)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, d.notFound()
	}
	if basedOn != "" && basedOn != strconv.FormatInt(t.version, 10) {
		return nil, changedMeanwhile()
	}
	return &t, nil
}

func changedMeanwhile() error {
	return core.Fail(core.CodeConflict, sentence.Of("directory.changed_meanwhile"))
}
