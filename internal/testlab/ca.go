package testlab

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"
)

// CA is a certificate authority that lives as long as the test.
type CA struct {
	tb   testing.TB
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// CertOptions describes a server certificate. The zero value is a good one for 127.0.0.1, ::1 and localhost.
type CertOptions struct {
	Hosts      []string      // DNS names and IP addresses; empty: 127.0.0.1, ::1 and localhost
	Expired    bool          // ended an hour ago
	SelfSigned bool          // signed by its own key, not by the CA
	SHA1       bool          // signed over SHA-1
	Lifetime   time.Duration // 0: one day
}

// NewCA makes a new authority with an ECDSA P-256 key.
func NewCA(tb testing.TB) *CA {
	tb.Helper()
	key := newKey(tb)
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial(tb), Subject: pkix.Name{CommonName: "Test Lab CA"},
		NotBefore: now.Add(-48 * time.Hour), NotAfter: now.Add(48 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	ca := &CA{tb: tb, cert: template, key: key}
	ca.cert = ca.sign(template, key, ca)
	return ca
}

// PEM returns the certificate of the authority, for the configuration of a client.
func (ca *CA) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.cert.Raw})
}

// Pool returns a pool with this authority alone.
func (ca *CA) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	return pool
}

// Issue makes a server certificate.
func (ca *CA) Issue(opts CertOptions) tls.Certificate {
	ca.tb.Helper()
	key := newKey(ca.tb)
	template := opts.template(ca.tb)
	issuer := ca
	if opts.SelfSigned {
		issuer = &CA{tb: ca.tb, cert: template, key: key}
	}
	cert := ca.sign(template, key, issuer)
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}
}

func (o CertOptions) template(tb testing.TB) *x509.Certificate {
	life := o.Lifetime
	if life == 0 {
		life = 24 * time.Hour
	}
	start := time.Now().Add(-time.Hour)
	if o.Expired {
		start = time.Now().Add(-life - time.Hour)
	}
	template := &x509.Certificate{
		SerialNumber: serial(tb), Subject: pkix.Name{CommonName: "Test Lab Server"},
		NotBefore: start, NotAfter: start.Add(life),
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if o.SHA1 {
		template.SignatureAlgorithm = x509.ECDSAWithSHA1
	}
	o.addHosts(template)
	return template
}

func (o CertOptions) addHosts(template *x509.Certificate) {
	hosts := o.Hosts
	if len(hosts) == 0 {
		hosts = []string{"127.0.0.1", "::1", "localhost"}
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
			continue
		}
		template.DNSNames = append(template.DNSNames, host)
	}
}

func (ca *CA) sign(template *x509.Certificate, key *ecdsa.PrivateKey, issuer *CA) *x509.Certificate {
	ca.tb.Helper()
	raw, err := x509.CreateCertificate(rand.Reader, template, issuer.cert, &key.PublicKey, issuer.key)
	if err != nil {
		ca.tb.Fatalf("certificate: %v", err)
	}
	cert, err := x509.ParseCertificate(raw)
	if err != nil {
		ca.tb.Fatalf("certificate: %v", err)
	}
	return cert
}

func newKey(tb testing.TB) *ecdsa.PrivateKey {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatalf("key: %v", err)
	}
	return key
}

func serial(tb testing.TB) *big.Int {
	tb.Helper()
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		tb.Fatalf("serial number: %v", err)
	}
	return n
}

// writePEM writes certificate and key for a server that reads files.
func writePEM(tb testing.TB, cert tls.Certificate, certFile, keyFile string) {
	tb.Helper()
	writeFile(tb, certFile, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]})))
	der, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	if err != nil {
		tb.Fatalf("private key: %v", err)
	}
	writeFile(tb, keyFile, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}
