package embedded

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// Policy is the password policy in force.
func (d *Directory) Policy() Policy { return *d.policy.Load() }

// SetPolicy keeps a password policy in the directory and puts it in force at once. Where Options name a policy, theirs is in force
// again when the directory is opened the next time. CodeInvalid, CodeUnavailable.
func (d *Directory) SetPolicy(ctx context.Context, p Policy) error {
	if err := p.check(); err != nil {
		return err
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return d.fault(ctx, err)
	}
	err = d.write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO settings (name, value) VALUES ('policy', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1`, string(raw))
		return err
	})
	if err != nil {
		return err
	}
	d.policy.Store(&p)
	return nil
}

// takePolicy puts the first of these in force: the one of the options, the directory's own, the default.
func (d *Directory) takePolicy(ctx context.Context, p Policy) error {
	if p == (Policy{}) {
		own, err := d.ownPolicy(ctx)
		if err != nil {
			return err
		}
		p = own
	}
	d.policy.Store(&p)
	return nil
}

// ownPolicy reads the policy that was set in the directory; DefaultPolicy when none was.
func (d *Directory) ownPolicy(ctx context.Context) (p Policy, err error) {
	p = DefaultPolicy()
	err = d.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		var raw string
		found, err := tx.One(ctx, `SELECT value FROM settings WHERE name = 'policy'`, nil, &raw)
		if err != nil || !found {
			return err
		}
		p = Policy{}
		if err := json.Unmarshal([]byte(raw), &p); err != nil {
			return fmt.Errorf("the policy in the directory: %w", err)
		}
		return p.check()
	})
	return p, err
}
