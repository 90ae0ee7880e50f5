package ldapconn_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// guardTime keeps a test that hangs from hanging for ever.
const guardTime = 30 * time.Second

func guarded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), guardTime)
	t.Cleanup(cancel)
	return ctx
}

// config is the service identity of s at the given URLs.
func config(s *testlab.SlapdServer, urls ...string) ldapconn.Config {
	return ldapconn.Config{
		URLs: urls, CA: s.CA.PEM(), BindDN: s.HelpdeskDN, Password: secret.FromString(s.HelpdeskPassword), StartTLS: true,
	}
}

func open(t *testing.T, c ldapconn.Config) *ldapconn.Pool {
	t.Helper()
	p, err := ldapconn.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// front puts a proxy with a good certificate before s.
func front(t *testing.T, s *testlab.SlapdServer) *testlab.Front {
	t.Helper()
	cert := s.CA.Issue(testlab.CertOptions{})
	return testlab.LDAPFront(t, s.Addr, testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: &cert})
}

// byUID is a search that every test knows.
func byUID(s *testlab.SlapdServer, uid string) ldapconn.Request {
	return ldapconn.Request{Base: s.Suffix, Filter: ldapconn.Equal("uid", uid), Attributes: []string{"cn"}, Limit: 10}
}

func mustSearch(t *testing.T, p *ldapconn.Pool, r ldapconn.Request) []ldapconn.Entry {
	t.Helper()
	entries, _, err := p.Search(guarded(t), r)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// title changes what tests change.
func title(dn, value string) ldapconn.Modification {
	return ldapconn.Modification{DN: dn, Changes: []ldapconn.Change{ldapconn.Replace("title", value)}}
}

// rootConfig is config with all rights.
func rootConfig(s *testlab.SlapdServer, urls ...string) ldapconn.Config {
	c := config(s, urls...)
	c.BindDN, c.Password = s.RootDN, secret.FromString(s.RootPassword)
	return c
}

func isUnavailable(err error) bool {
	_, ok := errors.AsType[*ldapconn.UnavailableError](err)
	return ok
}

// wantCode fails the test unless err is the server's refusal with this code.
func wantCode(t *testing.T, err error, want ldapconn.Code) *ldapconn.ResultError {
	t.Helper()
	result, ok := errors.AsType[*ldapconn.ResultError](err)
	if !ok || result.Code != want {
		t.Fatalf("got %v, want %v", err, want)
	}
	return result
}

// wantSetup fails the test unless a connection was refused at this step, and nothing else was.
func wantSetup(t *testing.T, err error, step ldapconn.SetupStep, want ldapconn.Code) {
	t.Helper()
	refusal, ok := errors.AsType[*ldapconn.SetupError](err)
	if !ok || refusal.Step != step || refusal.Code != want || !isUnavailable(err) {
		t.Fatalf("got %v, want %v at %s", err, want, step)
	}
	if _, ok := ldapconn.CodeOf(err); ok {
		t.Fatalf("%v is taken for an answer", err)
	}
}
