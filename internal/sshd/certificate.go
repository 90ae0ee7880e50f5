package sshd

import (
	"bytes"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// maxKeyID is the longest key id of a certificate in bytes; it becomes part of the credential.
const maxKeyID = 256

// optionSourceAddress is the only critical option that is understood. force-command and verify-required are not, so
// certificates that carry them are refused ([PROTOCOL.certkeys] demands it).
const optionSourceAddress = "source-address"

// extensionNoTouch waives the presence of the owner of a security key. x/crypto would obey it, so it is refused.
const extensionNoTouch = "no-touch-required"

// Certificate is what an [Authenticator] learns of a user certificate that has been checked.
type Certificate struct {
	Authority   string // fingerprint of the authority's key, "SHA256:..."
	KeyID       string // set by the authority
	Serial      uint64 // set by the authority
	Fingerprint string // of the certified key, "SHA256:..."
}

// credential is stable for one issued certificate. The key id is escaped, so that it can imitate no other field.
func (c Certificate) credential() string {
	return fmt.Sprintf("cert:%s:%s:%d", c.Authority, url.QueryEscape(c.KeyID), c.Serial)
}

// certificateRules decides about user certificates. It exists because the ready-made checkers accept more: host
// certificates, certificates that are good for everybody because they name nobody, and source addresses unread.
type certificateRules struct {
	authorities []gossh.PublicKey
	revocations *Revocations
	now         func() time.Time
}

// check returns what the certificate says when login may sign in with it from source. The signature is verified last:
// everything else costs less.
func (r certificateRules) check(cert *gossh.Certificate, login string, source netip.Addr) (Certificate, error) {
	if cert.CertType != gossh.UserCert {
		return Certificate{}, refuseCert("not a user certificate")
	}
	if !r.trusts(cert.SignatureKey) {
		return Certificate{}, refuseCert("authority not configured")
	}
	if err := checkKey(cert.Key); err != nil {
		return Certificate{}, err
	}
	if err := checkContents(cert, login); err != nil {
		return Certificate{}, err
	}
	if err := checkSource(cert, source); err != nil {
		return Certificate{}, err
	}
	if err := r.checkSigned(cert, login); err != nil {
		return Certificate{}, err
	}
	return r.unrevoked(Certificate{
		Authority:   gossh.FingerprintSHA256(cert.SignatureKey),
		KeyID:       cert.KeyId,
		Serial:      cert.Serial,
		Fingerprint: gossh.FingerprintSHA256(cert.Key),
	})
}

func (r certificateRules) unrevoked(cert Certificate) (Certificate, error) {
	revoked, err := r.revocations.certificate(cert)
	if err != nil {
		return Certificate{}, err
	}
	if revoked {
		return Certificate{}, refuseCert("revoked")
	}
	return cert, nil
}

func (r certificateRules) trusts(authority gossh.PublicKey) bool {
	wire := authority.Marshal()
	return slices.ContainsFunc(r.authorities, func(known gossh.PublicKey) bool {
		return bytes.Equal(known.Marshal(), wire)
	})
}

// checkSigned checks the critical options, the time and the signature. An RSA authority may sign with SHA-1 as far as
// x/crypto is concerned.
func (r certificateRules) checkSigned(cert *gossh.Certificate, login string) error {
	if !slices.Contains(signatureAlgorithms(), cert.Signature.Format) {
		return refuseCert("signed with " + cert.Signature.Format)
	}
	checker := gossh.CertChecker{SupportedCriticalOptions: []string{optionSourceAddress}, Clock: r.now}
	if err := checker.CheckCert(login, cert); err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return nil
}

func checkContents(cert *gossh.Certificate, login string) error {
	if len(cert.KeyId) > maxKeyID {
		return refuseCert("key id too long")
	}
	if len(cert.ValidPrincipals) == 0 {
		return refuseCert("no principals")
	}
	if !slices.Contains(cert.ValidPrincipals, login) {
		return refuseCert("other principals")
	}
	if _, waived := cert.Extensions[extensionNoTouch]; waived && isSecurityKey(cert.Key) {
		return refuseCert("waives the presence of the key's owner")
	}
	return nil
}

// checkSource enforces source-address: a list of addresses and CIDR blocks. What cannot be read matches nothing.
func checkSource(cert *gossh.Certificate, source netip.Addr) error {
	list, restricted := cert.CriticalOptions[optionSourceAddress]
	if !restricted {
		return nil
	}
	for item := range strings.SplitSeq(list, ",") {
		if addr, err := netip.ParseAddr(item); err == nil && addr.Unmap() == source {
			return nil
		}
		if block, err := netip.ParsePrefix(item); err == nil && block.Contains(source) {
			return nil
		}
	}
	return refuseCert("used from another address")
}

func refuseCert(why string) error { return fmt.Errorf("%w: certificate: %s", ErrRefused, why) }
