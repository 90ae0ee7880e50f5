package ldapconn

import (
	"context"

	"github.com/go-ldap/ldap/v3"
)

// Compare asks the server whether an attribute of dn has a value, without reading it (RFC 4511 section 4.10).
//
// It returns *ResultError when the server refused, *UnavailableError when there is no answer.
func (p *Pool) Compare(ctx context.Context, dn, attribute, value string) (bool, error) {
	if err := checkAttribute(attribute); err != nil {
		return false, err
	}
	r, err := read(ctx, p, func(c *ldap.Conn) (bool, error) { return c.Compare(dn, attribute, value) })
	if err != nil {
		return false, err
	}
	if a := r.answer; a.code != CodeCompareTrue && a.code != CodeCompareFalse {
		return false, a.refusal()
	}
	return r.answer.code == CodeCompareTrue, nil
}
