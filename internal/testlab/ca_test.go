package testlab_test

import (
	"crypto/x509"
	"errors"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

func TestCertificatesAreGoodOrBadAsAsked(t *testing.T) {
	t.Parallel()
	ca, other := testlab.NewCA(t), testlab.NewCA(t)
	verify := func(cert *x509.Certificate, host string) error {
		_, err := cert.Verify(x509.VerifyOptions{Roots: ca.Pool(), DNSName: host})
		return err
	}
	if err := verify(ca.Issue(testlab.CertOptions{}).Leaf, "127.0.0.1"); err != nil {
		t.Errorf("a good certificate: %v", err)
	}
	if err := verify(ca.Issue(testlab.CertOptions{Hosts: []string{"dir.example"}}).Leaf, "dir.example"); err != nil {
		t.Errorf("a good name: %v", err)
	}
	invalid, hostname, unknown := &x509.CertificateInvalidError{}, &x509.HostnameError{}, &x509.UnknownAuthorityError{}
	for _, tc := range []struct {
		name string
		err  error
		want any
	}{
		{"expired", verify(ca.Issue(testlab.CertOptions{Expired: true}).Leaf, "127.0.0.1"), invalid},
		{"wrong host", verify(ca.Issue(testlab.CertOptions{Hosts: []string{"dir.example"}}).Leaf, "127.0.0.1"), hostname},
		{"self-signed", verify(ca.Issue(testlab.CertOptions{SelfSigned: true}).Leaf, "127.0.0.1"), unknown},
		{"other authority", verify(other.Issue(testlab.CertOptions{}).Leaf, "127.0.0.1"), unknown},
		// A signature that does not count is reported as an authority that is not known.
		{"SHA-1", verify(ca.Issue(testlab.CertOptions{SHA1: true}).Leaf, "127.0.0.1"), unknown},
	} {
		if !errors.As(tc.err, tc.want) {
			t.Errorf("%s: %v", tc.name, tc.err)
		}
	}
}
