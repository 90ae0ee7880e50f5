package replay

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"

	"github.com/go-ldap/ldap/v3"

	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// Client is one connection, signed in as the service identity.
type Client struct{ conn *ldap.Conn }

// Dial connects to a server as the backends do: TLS with a verified certificate, simple bind.
func Dial(s *testlab.SlapdServer) (*Client, error) {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.CA.PEM())
	conn, err := ldap.DialURL(s.LDAPSURL, ldap.DialWithTLSConfig(&tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}))
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	if err := conn.Bind(s.HelpdeskDN, s.HelpdeskPassword); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("replay: %w", err)
	}
	return &Client{conn: conn}, nil
}

// Close ends the connection.
func (c *Client) Close() error { return c.conn.Close() }

// Send sends requests again, one after the other; writes of a password set this one. It returns how many entries came.
func (c *Client) Send(all []Request, password string) (entries int, err error) {
	for _, r := range all {
		n, err := c.send(r, password)
		if err != nil {
			return entries, fmt.Errorf("replay %s: %w", r.Kind(), err)
		}
		entries += n
	}
	return entries, nil
}

func (c *Client) send(r Request, password string) (int, error) {
	switch {
	case r.search != nil:
		return c.search(r.search)
	case r.modify != nil:
		return 0, c.conn.Modify(withPassword(r.modify, password))
	case r.compare != nil:
		_, err := c.conn.Compare(r.compare.dn, r.compare.attribute, r.compare.value)
		return 0, err
	default:
		_, err := c.conn.PasswordModify(ldap.NewPasswordModifyRequest(r.change.UserIdentity, "", password))
		return 0, err
	}
}

// search takes what a server sends; that there is more than was asked for is no failure, and neither is that there is nothing.
func (c *Client) search(r *ldap.SearchRequest) (int, error) {
	if p, ok := ldap.FindControl(r.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging); ok {
		p.SetCookie(nil)
	}
	result, err := c.conn.Search(r)
	if err != nil && !ldap.IsErrorAnyOf(err, ldap.LDAPResultSizeLimitExceeded, ldap.LDAPResultNoSuchObject) {
		return 0, err
	}
	if result == nil {
		return 0, nil
	}
	return len(result.Entries), nil
}

func withPassword(m *ldap.ModifyRequest, password string) *ldap.ModifyRequest {
	out := ldap.NewModifyRequest(m.DN, m.Controls)
	for _, change := range m.Changes {
		if change.Modification.Type == "userPassword" {
			change.Modification.Vals = []string{password}
		}
		out.Changes = append(out.Changes, change)
	}
	return out
}
