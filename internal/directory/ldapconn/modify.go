package ldapconn

import (
	"context"
	"errors"

	"github.com/go-ldap/ldap/v3"

	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// Change is one change of one attribute within a Modify.
type Change struct {
	kind      uint
	attribute string
	values    []string
	secret    *secret.Text // the one value of a ReplaceSecret
}

// Replace makes values the values of the attribute. Without values it removes the attribute, whether it is there or
// not: the idempotent way to clear one.
func Replace(attribute string, values ...string) Change {
	return Change{kind: ldap.ReplaceAttribute, attribute: attribute, values: values}
}

// ReplaceSecret makes a secret the only value. It is revealed when the request is built.
func ReplaceSecret(attribute string, value *secret.Text) Change {
	return Change{kind: ldap.ReplaceAttribute, attribute: attribute, secret: value}
}

// Add adds values to those that are there.
func Add(attribute string, values ...string) Change {
	return Change{kind: ldap.AddAttribute, attribute: attribute, values: values}
}

// Delete removes values, or without values the whole attribute; the server refuses when there is nothing to remove.
func Delete(attribute string, values ...string) Change {
	return Change{kind: ldap.DeleteAttribute, attribute: attribute, values: values}
}

func (c Change) wire() ldap.Change {
	values := c.values
	if c.secret != nil {
		values = []string{c.secret.Reveal()}
	}
	return ldap.Change{Operation: c.kind, Modification: ldap.PartialAttribute{Type: c.attribute, Vals: values}}
}

// Modification changes one entry; the server does all of it or nothing (RFC 4511 section 4.6).
type Modification struct {
	DN       string
	Changes  []Change
	Controls []Control // the password policy control is always asked for
}

func (m Modification) check() error {
	if m.DN == "" {
		return ErrEmptyDN
	}
	if len(m.Changes) == 0 {
		return errors.New("a modification without changes")
	}
	for _, change := range m.Changes {
		if err := checkAttribute(change.attribute); err != nil {
			return err
		}
		if change.secret != nil && change.secret.Len() == 0 {
			return ErrEmptyPassword
		}
	}
	return nil
}

// Modify sends one Modify. A nil error means that the server has done it.
//
// It returns *ResultError when the server refused and nothing was changed, and *WriteError when there is no answer.
func (p *Pool) Modify(ctx context.Context, m Modification) (PasswordPolicy, error) {
	if err := m.check(); err != nil {
		return PasswordPolicy{}, &WriteError{Err: err}
	}
	a, err := write(ctx, p, func(c *ldap.Conn) (*ldap.ModifyResult, error) {
		request := ldap.NewModifyRequest(m.DN, wireControls(m.Controls))
		for _, change := range m.Changes {
			request.Changes = append(request.Changes, change.wire())
		}
		return c.ModifyWithResult(request)
	})
	return a.policy, err
}
