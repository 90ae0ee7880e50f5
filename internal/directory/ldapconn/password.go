package ldapconn

import (
	"context"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// PasswordChange is the Password Modify operation of RFC 3062.
type PasswordChange struct {
	UserDN string       // whose password
	Old    *secret.Text // nil: not given, as an administrator
	New    *secret.Text // nil: the server makes one
}

// PasswordResult is what a server adds to its success.
type PasswordResult struct {
	Generated *secret.Text // nil unless the server made the password
	Policy    PasswordPolicy
}

func (c PasswordChange) check() error {
	if c.UserDN == "" {
		return ErrEmptyDN // it would be the password of the service identity
	}
	if c.Old != nil && c.Old.Len() == 0 || c.New != nil && c.New.Len() == 0 {
		return ErrEmptyPassword // an empty new password asks the server to make one
	}
	return nil
}

// PasswordModify changes a password by RFC 3062, so that the server hashes it. go-ldap's own call takes no controls,
// and the password policy control is what tells why a password is refused.
//
// It returns *ResultError when the server refused and nothing was changed, and *WriteError when there is no answer.
func (p *Pool) PasswordModify(ctx context.Context, change PasswordChange) (PasswordResult, error) {
	if err := change.check(); err != nil {
		return PasswordResult{}, &WriteError{Err: err}
	}
	a, err := write(ctx, p, func(c *ldap.Conn) (*ldap.ExtendedResponse, error) {
		request := ldap.NewExtendedRequest(oidPasswordModify, change.encode())
		request.Controls = wireControls(nil)
		return c.Extended(request)
	})
	result := PasswordResult{Policy: a.policy}
	if err == nil {
		result.Generated = generatedPassword(a.value)
	}
	clear(a.value)
	return result, err
}

// encode writes SEQUENCE { userIdentity [0], oldPasswd [1], newPasswd [2] }, all but the first optional.
func (c PasswordChange) encode() *ber.Packet {
	sequence := ber.NewSequence("Password Modify")
	add := func(tag ber.Tag, value string) {
		sequence.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, tag, value, ""))
	}
	add(0, c.UserDN)
	if c.Old != nil {
		add(1, c.Old.Reveal())
	}
	if c.New != nil {
		add(2, c.New.Reveal())
	}
	return sequence
}

// generatedPassword reads SEQUENCE { genPasswd [0] OPTIONAL }.
func generatedPassword(value []byte) *secret.Text {
	const genPasswd = 0x80
	sequence, _, err := expect(value, tagSequence)
	if err != nil {
		return nil
	}
	password, _, err := expect(sequence, genPasswd)
	if err != nil || len(password) == 0 {
		return nil
	}
	return secret.New(append([]byte(nil), password...))
}
