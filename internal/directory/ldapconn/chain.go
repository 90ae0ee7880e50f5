package ldapconn

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Chain is the certificate chain that a server proved itself with.
type Chain struct {
	URL    string
	Issuer untrusted.Text // of the server's own certificate
	Ends   time.Time      // when the first certificate of the chain expires; zero with Err
	Err    error          // why there is no trusted chain, nil when there is one
}

// Chains connects to every server, looks at its certificates and says nothing else to it. It returns one Chain for each
// URL, in their order.
func (p *Pool) Chains(ctx context.Context) []Chain {
	chains := make([]Chain, 0, len(p.endpoints))
	for _, e := range p.endpoints {
		c := Chain{URL: e.url}
		trusted, err := p.chainOf(ctx, e)
		if err != nil {
			c.Err = err
		} else {
			c.Issuer, c.Ends = untrusted.New(trusted[0].Issuer.CommonName), firstEnd(trusted)
		}
		chains = append(chains, c)
	}
	return chains
}

// chainOf makes one TLS handshake and returns the chain that was trusted, the server's own certificate first.
func (p *Pool) chainOf(ctx context.Context, e *endpoint) ([]*x509.Certificate, error) {
	ctx, cancel := context.WithTimeout(ctx, p.config.DialTimeout)
	defer cancel()
	tcp, err := (&net.Dialer{}).DialContext(ctx, "tcp", e.address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tcp.Close() }()
	secure, err := e.secure(ctx, &wire{Conn: tcp})
	if err != nil {
		return nil, err
	}
	chains := secure.ConnectionState().VerifiedChains
	if len(chains) == 0 || len(chains[0]) == 0 {
		return nil, errors.New("TLS: no chain was verified")
	}
	return chains[0], nil
}

// firstEnd is when the first of the certificates expires.
func firstEnd(chain []*x509.Certificate) time.Time {
	first := chain[0].NotAfter
	for _, c := range chain[1:] {
		if c.NotAfter.Before(first) {
			first = c.NotAfter
		}
	}
	return first
}
