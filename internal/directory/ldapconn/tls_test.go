package ldapconn_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// noBind fails the test when a proxy saw anything of a sign-in.
func noBind(t *testing.T, f *testlab.Front, s *testlab.SlapdServer) {
	t.Helper()
	for _, r := range f.Requests(testlab.OpAny) {
		if r.Op != testlab.OpExtended || r.Secured {
			t.Errorf("request %#02x was sent", r.Op)
		}
	}
	wire := f.WireBytes()
	if bytes.Contains(wire, []byte(s.HelpdeskPassword)) || bytes.Contains(wire, []byte(s.HelpdeskDN)) {
		t.Error("the service identity was on the wire")
	}
	if f.Connections() == 0 {
		t.Error("nothing was tried")
	}
}

// T50: a server that cannot prove who it is gets no password.
func TestNoPasswordIsSentToAServerWhoseCertificateIsBad(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	stranger := testlab.NewCA(t)
	cases := []struct {
		name string
		cert tls.Certificate
		max  uint16
		want any
	}{
		{"expired", s.CA.Issue(testlab.CertOptions{Expired: true}), 0, &x509.CertificateInvalidError{}},
		{"wrong host", s.CA.Issue(testlab.CertOptions{Hosts: []string{"other.example"}}), 0, &x509.HostnameError{}},
		{"self-signed", s.CA.Issue(testlab.CertOptions{SelfSigned: true}), 0, &x509.UnknownAuthorityError{}},
		{"other authority", stranger.Issue(testlab.CertOptions{}), 0, &x509.UnknownAuthorityError{}},
		{"SHA-1", s.CA.Issue(testlab.CertOptions{SHA1: true}), 0, &x509.UnknownAuthorityError{}},
		{"TLS 1.1", s.CA.Issue(testlab.CertOptions{}), tls.VersionTLS11, new(error)},
	}
	for _, tc := range cases {
		for _, mode := range []testlab.FrontTLS{testlab.FrontImplicit, testlab.FrontClear} {
			t.Run(tc.name+" "+string(mode), func(t *testing.T) {
				t.Parallel()
				f := testlab.LDAPFront(t, s.Addr, testlab.FrontOptions{
					TLS: mode, Certificate: &tc.cert, MinVersion: tls.VersionTLS10, MaxVersion: tc.max,
				})
				p := open(t, config(s, f.URL()))
				_, _, err := p.Search(guarded(t), byUID(s, "x"))
				if !isUnavailable(err) || !errors.As(err, tc.want) {
					t.Errorf("got %v", err)
				}
				noBind(t, f, s)
			})
		}
	}
}

func TestAGoodCertificateIsAcceptedInEveryWay(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	s.AddPerson(t, testlab.Person{UID: "jane"})
	for _, url := range []string{s.LDAPSURL, s.LDAPURL} {
		if got := mustSearch(t, open(t, config(s, url)), byUID(s, "jane")); len(got) != 1 {
			t.Errorf("%s: %d entries", url, len(got))
		}
	}
}

func TestTheNameInTheCertificateCanBeGiven(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	cert := s.CA.Issue(testlab.CertOptions{Hosts: []string{"ldap.corp.example"}})
	f := testlab.LDAPFront(t, s.Addr, testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: &cert})
	c := config(s, f.URL())
	c.ServerName = "ldap.corp.example"
	mustSearch(t, open(t, c), byUID(s, "x"))
}

// T51: whoever stands in between and tampers with StartTLS gets nothing.
func TestATamperedStartTLSEndsTheConnectionBeforeTheBind(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	cert := s.CA.Issue(testlab.CertOptions{})
	for _, answer := range []testlab.StartTLSAnswer{
		testlab.StartTLSRefuse, testlab.StartTLSStrip, testlab.StartTLSInject, testlab.StartTLSHang,
	} {
		t.Run(string(answer), func(t *testing.T) {
			t.Parallel()
			f := testlab.LDAPFront(t, s.Addr, testlab.FrontOptions{StartTLS: answer, Certificate: &cert})
			c := config(s, f.URL())
			if answer == testlab.StartTLSHang {
				c.DialTimeout = 300 * time.Millisecond
			}
			_, _, err := open(t, c).Search(guarded(t), byUID(s, "x"))
			if !isUnavailable(err) {
				t.Errorf("got %v", err)
			}
			if answer == testlab.StartTLSRefuse {
				wantSetup(t, err, ldapconn.StepStartTLS, ldapconn.CodeProtocolError)
			}
			noBind(t, f, s)
		})
	}
}

func TestAServerThatNeverFinishesTheHandshakeIsGivenUp(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	f.Silence()
	c := config(s, f.URL())
	c.DialTimeout = 100 * time.Millisecond
	if _, _, err := open(t, c).Search(guarded(t), byUID(s, "x")); !isUnavailable(err) {
		t.Errorf("got %v", err)
	}
}

func TestAConfigurationThatWouldLeakOrFailIsRefused(t *testing.T) {
	t.Parallel()
	ca := testlab.NewCA(t)
	good := ldapconn.Config{URLs: []string{"ldaps://dir.example"}, CA: ca.PEM(), BindDN: "cn=x", Password: secret.FromString("pw")}
	if err := good.Check(); err != nil {
		t.Fatalf("a good configuration: %v", err)
	}
	for name, change := range map[string]func(*ldapconn.Config){
		"no URL":                 func(c *ldapconn.Config) { c.URLs = nil },
		"clear text":             func(c *ldapconn.Config) { c.URLs = []string{"ldap://dir.example"} },
		"a scheme of another":    func(c *ldapconn.Config) { c.URLs = []string{"https://dir.example"} },
		"a unix socket":          func(c *ldapconn.Config) { c.URLs = []string{"ldapi://%2Frun%2Fldapi"} },
		"credentials in the URL": func(c *ldapconn.Config) { c.URLs = []string{"ldaps://u:topsecret@dir.example"} },
		"a path":                 func(c *ldapconn.Config) { c.URLs = []string{"ldaps://dir.example/dc=x"} },
		"a query":                func(c *ldapconn.Config) { c.URLs = []string{"ldaps://dir.example?x"} },
		"no host":                func(c *ldapconn.Config) { c.URLs = []string{"ldaps://"} },
		"no certificate":         func(c *ldapconn.Config) { c.CA = []byte("not PEM") },
		"no identity":            func(c *ldapconn.Config) { c.BindDN = "" },
		"no password":            func(c *ldapconn.Config) { c.Password = nil },
		"an empty password":      func(c *ldapconn.Config) { c.Password = secret.FromString("") },
	} {
		c := good
		change(&c)
		_, err := ldapconn.Open(c)
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		if bytes.Contains([]byte(err.Error()), []byte("topsecret")) {
			t.Errorf("%s: the error tells the password", name)
		}
	}
}
