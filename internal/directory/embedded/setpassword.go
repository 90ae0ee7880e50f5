package embedded

import (
	"context"
	"fmt"
	"strconv"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/password"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// SetPassword implements core.Directory. It also removes a lock. A transaction is there as a whole or not at all, so that the outcome is
// never unknown.
func (d *Directory) SetPassword(ctx context.Context, g rbac.Grant, c core.PasswordChange) error {
	if err := d.checkGrant(g, rbac.ResetPassword, c.Account); err != nil {
		return err
	}
	t, former, err := d.readTarget(ctx, c)
	if err != nil {
		return err
	}
	if err := d.judge(ctx, c.Password, t, former); err != nil {
		return d.fault(ctx, err)
	}
	h, err := d.hasher.create(ctx, c.Password)
	if err != nil {
		return d.fault(ctx, err)
	}
	return d.write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		// Between the reading and here hashes were computed: the password that was judged must still be the present one.
		if _, err := d.target(ctx, tx, c.Account.Key, strconv.FormatInt(t.version, 10)); err != nil {
			return err
		}
		return d.storePassword(ctx, tx, t, h, c.MustChange)
	})
}

// readTarget reads the account and the hashes of its former passwords, the present one first.
func (d *Directory) readTarget(ctx context.Context, c core.PasswordChange) (t *target, former []string, err error) {
	err = d.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		if t, err = d.target(ctx, tx, c.Account.Key, c.Version); err != nil {
			return err
		}
		if t.hash != "" {
			former = append(former, t.hash)
		}
		const query = `SELECT hash FROM password_history WHERE person = ? ORDER BY id DESC`
		return tx.Each(ctx, query, sqlitedb.Args{t.id}, func(scan sqlitedb.Scan) error {
			var h string
			err := scan(&h)
			former = append(former, h)
			return err
		})
	})
	return t, former, err
}

// judge refuses a password that the policy does not accept. CodePolicy.
func (d *Directory) judge(ctx context.Context, p *secret.Text, t *target, former []string) error {
	if p.Len() == 0 {
		return core.Fail(core.CodePolicy, sentence.Of("directory.refused_empty"))
	}
	if found := password.Check(p.Reveal(), d.Policy().rules(), t.person); len(found) > 0 {
		return core.Fail(core.CodePolicy, refusal(found[0]))
	}
	for _, one := range former[:min(len(former), d.Policy().History)] {
		h, err := parseHash(one)
		if err != nil {
			return fmt.Errorf("person %d: %w", t.id, err)
		}
		digest, err := d.hasher.digest(ctx, h, p)
		if err != nil {
			return err
		}
		if h.equals(digest) {
			return core.Fail(core.CodePolicy, sentence.Of("directory.refused_history", sentence.Count("remembered", d.Policy().History)))
		}
	}
	return nil
}

// refusal says what a rule objects to.
func refusal(v password.Violation) sentence.Sentence {
	switch v.Rule {
	case password.RuleTooShort:
		return sentence.Of("directory.refused_short", sentence.Count("least", v.Limit))
	case password.RuleTooLong:
		return sentence.Of("directory.refused_long", sentence.Count("most", v.Limit))
	case password.RuleClasses:
		return sentence.Of("directory.refused_classes", sentence.Count("classes", v.Limit))
	case password.RuleName:
		return sentence.Of("directory.refused_name")
	case password.RuleUnprintable, password.RuleASCII:
		return sentence.Of("directory.refused_characters")
	case password.RuleBanned:
		return sentence.Of("directory.refused_banned")
	default:
		return sentence.Of("directory.refused")
	}
}

const setPasswordQuery = `UPDATE people SET password_hash = ?, password_set = ?, must_change = ?, wrong_passwords = 0, wrong_digests = x'',
	locks = 0, locked_since = NULL, unlocks_at = NULL, version = version + 1 WHERE id = ?`

func (d *Directory) storePassword(ctx context.Context, tx *sqlitedb.Tx, t *target, h hash, mustChange bool) error {
	if t.hash != "" && d.Policy().History > 1 {
		if _, err := tx.Exec(ctx, `INSERT INTO password_history (person, hash) VALUES (?, ?)`, t.id, t.hash); err != nil {
			return err
		}
	}
	const forget = `DELETE FROM password_history WHERE person = ?1 AND id NOT IN
		(SELECT id FROM password_history WHERE person = ?1 ORDER BY id DESC LIMIT +?2)`
	if _, err := tx.Exec(ctx, forget, t.id, max(0, d.Policy().History-1)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, setPasswordQuery, h.String(), momentOf(d.clock.Now()), mustChange, t.id)
	return err
}
