package ldapconn

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// Config says which servers to talk to, and how. Zero values mean the defaults that are named.
type Config struct {
	// URLs are tried in this order: ldaps://host[:636], or with StartTLS ldap://host[:389].
	URLs []string
	// StartTLS permits ldap:// URLs. TLS is started before anything else is said.
	StartTLS bool
	// CA holds the PEM certificates of the authorities that may have signed the server's. Empty: those of the system.
	CA []byte
	// ServerName is the name that the certificate must carry. Empty: the host of the URL.
	ServerName string

	// BindDN and Password are the service identity. Both are needed; the pool does not destroy the password.
	BindDN   string
	Password *secret.Text

	DialTimeout time.Duration // of TCP and TLS together; 3 s
	OpTimeout   time.Duration // of one request, and of the wait for a free connection; 5 s
	MaxConns    int           // connections at the same time; 8
	MaxIdle     time.Duration // after which an unused connection is closed; 5 min
	MaxAge      time.Duration // after which a connection is renewed, so that the first URL is used again; 30 min
	RetryMin    time.Duration // first pause after a failed connect; 250 ms
	RetryMax    time.Duration // longest pause after failed connects; 30 s

	MaxPacketBytes    int // one message of the server; 1 MiB
	MaxResultBytes    int // all messages of one request; 8 MiB
	MaxResultElements int // BER elements of one request: 5 per entry, 3 per attribute, 1 per value; 60,000
	MaxPages          int // of one walk; 10,000
}

// rejectedRetryMin is the pause after refused credentials: a directory locks the service identity that keeps trying.
const rejectedRetryMin = 30 * time.Second

// rejectedRetryMax is the longest pause after refused credentials.
const rejectedRetryMax = 15 * time.Minute

func (c Config) withDefaults() Config {
	c.DialTimeout = orDefault(c.DialTimeout, 3*time.Second)
	c.OpTimeout = orDefault(c.OpTimeout, 5*time.Second)
	c.MaxConns = orDefault(c.MaxConns, 8)
	c.MaxIdle = orDefault(c.MaxIdle, 5*time.Minute)
	c.MaxAge = orDefault(c.MaxAge, 30*time.Minute)
	c.RetryMin = orDefault(c.RetryMin, 250*time.Millisecond)
	c.RetryMax = orDefault(c.RetryMax, 30*time.Second)
	c.MaxPacketBytes = orDefault(c.MaxPacketBytes, 1<<20)
	c.MaxResultBytes = orDefault(c.MaxResultBytes, 8<<20)
	c.MaxResultElements = orDefault(c.MaxResultElements, 60_000)
	c.MaxPages = orDefault(c.MaxPages, 10_000)
	return c
}

func orDefault[T int | time.Duration](value, fallback T) T {
	if value <= 0 {
		return fallback
	}
	return value
}

// Check reports everything that is wrong with the configuration, without connecting.
func (c Config) Check() error {
	var problems []error
	if len(c.URLs) == 0 {
		problems = append(problems, errors.New("no URL of a server"))
	}
	for _, raw := range c.URLs {
		if _, err := c.endpoint(raw); err != nil {
			problems = append(problems, err)
		}
	}
	if c.BindDN == "" {
		problems = append(problems, fmt.Errorf("service identity: %w", ErrEmptyDN))
	}
	if c.Password.Len() == 0 {
		problems = append(problems, fmt.Errorf("service identity: %w", ErrEmptyPassword))
	}
	if _, err := c.roots(); err != nil {
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

// roots returns the authorities that are trusted; nil means those of the system.
func (c Config) roots() (*x509.CertPool, error) {
	if len(c.CA) == 0 {
		return nil, nil
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(c.CA) {
		return nil, errors.New("the CA file holds no certificate in PEM form")
	}
	return pool, nil
}

func (c Config) limits() limits {
	return limits{message: c.MaxPacketBytes, result: c.MaxResultBytes, resultElements: c.MaxResultElements}
}

// endpoint is one server.
type endpoint struct {
	url      string
	address  string // host:port
	startTLS bool
	tls      *tls.Config
	gate     *gate
}

// endpoint parses one URL. Credentials, paths and queries have no meaning here and are refused, so that a typing error
// is not ignored.
func (c Config) endpoint(raw string) (*endpoint, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("URL of a server: %w", err)
	}
	if u.User != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("URL of a server: %q is not scheme://host:port", u.Redacted())
	}
	port, startTLS := "636", false
	switch u.Scheme {
	case "ldaps":
	case "ldap":
		if !c.StartTLS {
			return nil, fmt.Errorf("URL of a server: %q is clear text; use ldaps:// or turn StartTLS on", raw)
		}
		port, startTLS = "389", true
	default:
		return nil, fmt.Errorf("URL of a server: %q is neither ldaps:// nor ldap://", raw)
	}
	if u.Port() != "" {
		port = u.Port()
	}
	return &endpoint{
		url: raw, address: net.JoinHostPort(u.Hostname(), port), startTLS: startTLS, tls: c.tlsConfig(u.Hostname()),
	}, nil
}

func (c Config) tlsConfig(host string) *tls.Config {
	roots, _ := c.roots() // Check has complained
	name := c.ServerName
	if name == "" {
		name = host
	}
	return &tls.Config{RootCAs: roots, ServerName: name, MinVersion: tls.VersionTLS12}
}
