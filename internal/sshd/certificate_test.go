package sshd_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/sshd"
)

// goodCert is a certificate that is accepted for lea; each test spoils one thing.
func goodCert(key gossh.PublicKey) *gossh.Certificate {
	return &gossh.Certificate{
		Key: key, Serial: 17, CertType: gossh.UserCert, KeyId: "lea's laptop", ValidPrincipals: []string{"lea", "lea.l2"},
		ValidAfter:  uint64(time.Now().Add(-time.Minute).Unix()),
		ValidBefore: uint64(time.Now().Add(time.Hour).Unix()),
		Permissions: gossh.Permissions{Extensions: map[string]string{"permit-pty": "", "permit-port-forwarding": ""}},
	}
}

// certified signs cert and returns what a client signs in with.
func certified(t *testing.T, cert *gossh.Certificate, owner, authority gossh.Signer) gossh.AuthMethod {
	t.Helper()
	if err := cert.SignCert(rand.Reader, authority); err != nil {
		t.Fatal(err)
	}
	signer, err := gossh.NewCertSigner(cert, owner)
	if err != nil {
		t.Fatal(err)
	}
	return gossh.PublicKeys(signer)
}

func TestUserCertificateMakesItsIdentity(t *testing.T) {
	t.Parallel()
	authority, owner := newSigner(), newSigner()
	d := openDesk(t, func(c *sshd.Config) {
		c.Authorities = []gossh.PublicKey{newSigner().PublicKey(), authority.PublicKey()}
	})
	if _, err := d.dial(t, "lea", certified(t, goodCert(owner.PublicKey()), owner, authority)); err != nil {
		t.Fatal(err)
	}
	id := soleIdentity(t, d)
	want := "cert:" + gossh.FingerprintSHA256(authority.PublicKey()) + ":lea%27s+laptop:17"
	if id.OperatorID != "op-lea" || id.Credential != want || !id.Has(sshd.FactorCertificate) {
		t.Errorf("identity %+v, want credential %s", id, want)
	}
	if id.Fingerprint != gossh.FingerprintSHA256(owner.PublicKey()) || id.Certificate.KeyID != "lea's laptop" || id.Certificate.Serial != 17 {
		t.Errorf("certificate %+v", id.Certificate)
	}
}

func TestSecondFactorFollowsACertificate(t *testing.T) {
	t.Parallel()
	authority, owner := newSigner(), newSigner()
	d := openDesk(t, func(c *sshd.Config) { c.Authorities = []gossh.PublicKey{authority.PublicKey()} })
	d.auth.with(func(o *operators) { o.codes["lea"] = "271828" })
	method := certified(t, goodCert(owner.PublicKey()), owner, authority)
	if _, err := d.dial(t, "lea", method); err == nil {
		t.Fatal("one factor was enough")
	}
	if _, err := d.dial(t, "lea", method, answers("271828")); err != nil {
		t.Fatal(err)
	}
}

// T46, and what the ready-made checker of the wrapper library lets in: host certificates, no principals, any source.
func TestCertificatesThatAreRefused(t *testing.T) {
	t.Parallel()
	authority, other := newSigner(), newSigner()
	past := uint64(time.Now().Add(-time.Hour).Unix())
	tests := []struct {
		name   string
		reason string
		by     gossh.Signer
		login  string
		spoil  func(*gossh.Certificate)
	}{
		{"host certificate", "not a user certificate", authority, "lea", func(c *gossh.Certificate) { c.CertType = gossh.HostCert }},
		{"no principals", "no principals", authority, "lea", func(c *gossh.Certificate) { c.ValidPrincipals = nil }},
		{"other principal", "other principals", authority, "admin", func(*gossh.Certificate) {}},
		{"principal in another case", "other principals", authority, "LEA", func(*gossh.Certificate) {}},
		{"expired", "expired", authority, "lea", func(c *gossh.Certificate) { c.ValidBefore = past }},
		{"not yet valid", "not yet valid", authority, "lea", func(c *gossh.Certificate) { c.ValidAfter = c.ValidBefore - 1 }},
		{"validity beyond time", "not yet valid", authority, "lea", func(c *gossh.Certificate) { c.ValidAfter = 1 << 63 }},
		{"other authority", "authority not configured", other, "lea", func(*gossh.Certificate) {}},
		{"force-command", "critical option", authority, "lea", func(c *gossh.Certificate) {
			c.CriticalOptions = map[string]string{"force-command": "/bin/true"}
		}},
		{"verify-required", "critical option", authority, "lea", func(c *gossh.Certificate) {
			c.CriticalOptions = map[string]string{"verify-required": ""}
		}},
		{"unknown critical option", "critical option", authority, "lea", func(c *gossh.Certificate) {
			c.CriticalOptions = map[string]string{"moon-phase@example.org": "full"}
		}},
		{"other source", "another address", authority, "lea", func(c *gossh.Certificate) {
			c.CriticalOptions = map[string]string{"source-address": "10.0.0.0/8,192.0.2.1"}
		}},
		{"empty source", "another address", authority, "lea", func(c *gossh.Certificate) {
			c.CriticalOptions = map[string]string{"source-address": ""}
		}},
		{"unreadable source", "another address", authority, "lea", func(c *gossh.Certificate) {
			c.CriticalOptions = map[string]string{"source-address": "localhost, 127.0.0.1"}
		}},
		{"endless key id", "key id too long", authority, "lea", func(c *gossh.Certificate) { c.KeyId = strings.Repeat("k", 257) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t, func(c *sshd.Config) { c.Authorities = []gossh.PublicKey{authority.PublicKey()} })
			d.auth.with(func(o *operators) { o.certs["LEA"] = true })
			owner := newSigner()
			cert := goodCert(owner.PublicKey())
			tt.spoil(cert)
			if _, err := d.dial(t, tt.login, certified(t, cert, owner, tt.by)); err == nil {
				t.Fatal("signed in")
			}
			eventually(t, "the log says why", func() bool { return strings.Contains(d.log.String(), tt.reason) })
		})
	}
}

func TestCertificateOfAllowedSourceIsAccepted(t *testing.T) {
	t.Parallel()
	for _, list := range []string{"127.0.0.1", "10.0.0.0/8,127.0.0.0/8", "::ffff:127.0.0.1"} {
		authority, owner := newSigner(), newSigner()
		d := openDesk(t, func(c *sshd.Config) { c.Authorities = []gossh.PublicKey{authority.PublicKey()} })
		cert := goodCert(owner.PublicKey())
		cert.CriticalOptions = map[string]string{"source-address": list}
		if _, err := d.dial(t, "lea", certified(t, cert, owner, authority)); err != nil {
			t.Errorf("%s: %v", list, err)
		}
	}
}

func TestCertificateWithAForgedSignatureIsRefused(t *testing.T) {
	t.Parallel()
	authority, owner := newSigner(), newSigner()
	d := openDesk(t, func(c *sshd.Config) { c.Authorities = []gossh.PublicKey{authority.PublicKey()} })
	cert := goodCert(owner.PublicKey())
	method := certified(t, cert, owner, newSigner())
	cert.SignatureKey = authority.PublicKey()
	if _, err := d.dial(t, "lea", method); err == nil {
		t.Fatal("signed in")
	}
	eventually(t, "the log says why", func() bool { return strings.Contains(d.log.String(), "does not verify") })
}

func TestCertificateThatTheAuthenticatorDoesNotKnowIsRefused(t *testing.T) {
	t.Parallel()
	authority, owner := newSigner(), newSigner()
	d := openDesk(t, func(c *sshd.Config) { c.Authorities = []gossh.PublicKey{authority.PublicKey()} })
	d.auth.with(func(o *operators) { o.certs["lea"] = false })
	if _, err := d.dial(t, "lea", certified(t, goodCert(owner.PublicKey()), owner, authority)); err == nil {
		t.Fatal("signed in")
	}
}

func TestRevokedCredentialsAreRefused(t *testing.T) {
	t.Parallel()
	authority, owner := newSigner(), newSigner()
	fingerprint := gossh.FingerprintSHA256
	tests := []struct{ name, line string }{
		{"serial", "serial: 17"},
		{"range of serials", "serial: 10-20"},
		{"key id", "id: lea's laptop"},
		{"certified key", "hash: " + fingerprint(owner.PublicKey())},
		{"certified key in full", "key: " + string(gossh.MarshalAuthorizedKey(owner.PublicKey()))},
		{"authority", "hash: " + fingerprint(authority.PublicKey())},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list := revocations(t, "serial: 18-99\nid: other\n")
			d := openDesk(t, func(c *sshd.Config) {
				c.Authorities = []gossh.PublicKey{authority.PublicKey()}
				c.Revocations = list.Revocations
			})
			method := certified(t, goodCert(owner.PublicKey()), owner, authority)
			if _, err := d.dial(t, "lea", method); err != nil {
				t.Fatalf("before: %v", err)
			}
			id := soleIdentity(t, d)
			list.write(t, "# stolen\n"+tt.line+"\n")
			if _, err := d.dial(t, "lea", method); err == nil {
				t.Fatal("signed in")
			}
			if revoked, err := list.Revokes(id); err != nil || !revoked {
				t.Errorf("Revokes: %v, %v", revoked, err)
			}
		})
	}
}

func TestRevokedPlainKeyIsRefused(t *testing.T) {
	t.Parallel()
	list := revocations(t, "")
	d := openDesk(t, func(c *sshd.Config) { c.Revocations = list.Revocations })
	d.enter(t, "lea")
	list.write(t, "hash: "+gossh.FingerprintSHA256(d.auth.signer("lea").PublicKey())+"\n")
	if _, err := d.dial(t, "lea", gossh.PublicKeys(d.auth.signer("lea"))); err == nil {
		t.Fatal("signed in")
	}
	if revoked, err := list.Revokes(soleIdentity(t, d)); err != nil || !revoked {
		t.Errorf("Revokes: %v, %v", revoked, err)
	}
	if revoked, err := list.Revokes(sshd.Identity{Credential: "password:lea"}); err != nil || revoked {
		t.Errorf("Revokes of a password: %v, %v", revoked, err)
	}
}

func TestNoKeyIsGoodWhileTheRevocationsCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(t *testing.T, l list){
		"gone":      func(t *testing.T, l list) { t.Helper(); must(t, os.Remove(l.path)) },
		"malformed": func(t *testing.T, l list) { t.Helper(); l.write(t, "serial: many\n") },
	} {
		l := revocations(t, "")
		d := openDesk(t, func(c *sshd.Config) { c.Revocations = l.Revocations })
		harm(t, l)
		if _, err := d.dial(t, "lea", gossh.PublicKeys(d.auth.signer("lea"))); err == nil {
			t.Errorf("%s: signed in", name)
		}
		l.write(t, "serial: 1\nserial: 2\n")
		if _, err := d.dial(t, "lea", gossh.PublicKeys(d.auth.signer("lea"))); err != nil {
			t.Errorf("%s, and repaired: %v", name, err)
		}
	}
}

func TestMalformedRevocationsNameFileAndLine(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"serial:", "serial: x", "serial: 9-3", "serial: -1", "hash: MD5:aa", "key: not a key", "principal: lea", "lea", "id:   ",
	} {
		path := filepath.Join(t.TempDir(), "revoked")
		must(t, os.WriteFile(path, []byte("# head\n\n"+line+"\n"), 0o600))
		_, err := sshd.OpenRevocations(path)
		if err == nil || !strings.Contains(err.Error(), path+":3: ") {
			t.Errorf("%q: %v", line, err)
		}
	}
	if _, err := sshd.OpenRevocations(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a missing file was opened")
	}
}

// list is a revocation list and its file.
type list struct {
	*sshd.Revocations
	path string
}

func revocations(t *testing.T, content string) list {
	t.Helper()
	l := list{path: filepath.Join(t.TempDir(), "revoked")}
	l.write(t, content)
	var err error
	l.Revocations, err = sshd.OpenRevocations(l.path)
	must(t, err)
	return l
}

func (l list) write(t *testing.T, content string) {
	t.Helper()
	must(t, os.WriteFile(l.path, []byte(content), 0o600))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestKeysByKind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		key  func(t *testing.T) gossh.Signer
		ok   bool
	}{
		{"ed25519", func(*testing.T) gossh.Signer { return newSigner() }, true},
		{"ecdsa p256", ecdsaSigner(elliptic.P256()), true},
		{"ecdsa p384", ecdsaSigner(elliptic.P384()), true},
		{"ecdsa p521", ecdsaSigner(elliptic.P521()), true},
		{"rsa 3072", rsaSigner(3072), true},
		{"rsa 2048", rsaSigner(2048), false},
		{"rsa 1024", rsaSigner(1024), false},
		{"security key, touched", func(*testing.T) gossh.Signer { return newSecurityKey(1) }, true},
		{"security key, touched and verified", func(*testing.T) gossh.Signer { return newSecurityKey(5) }, true},
		{"security key, not touched", func(*testing.T) gossh.Signer { return newSecurityKey(0) }, false}, // T45
		{"security key, verified but not touched", func(*testing.T) gossh.Signer { return newSecurityKey(4) }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t)
			signer := tt.key(t)
			d.auth.with(func(o *operators) { o.signers["lea"] = signer })
			if _, err := d.dial(t, "lea", gossh.PublicKeys(signer)); (err == nil) != tt.ok {
				t.Errorf("signed in: %v (%v)", err == nil, err)
			}
		})
	}
}

// T45: a certificate cannot waive the touch.
func TestCertificateCannotWaiveTheTouch(t *testing.T) {
	t.Parallel()
	authority := newSigner()
	d := openDesk(t, func(c *sshd.Config) { c.Authorities = []gossh.PublicKey{authority.PublicKey()} })
	for flags, ok := range map[byte]bool{0: false, 1: false} {
		owner := newSecurityKey(flags)
		cert := goodCert(owner.PublicKey())
		cert.Extensions = map[string]string{"no-touch-required": ""}
		if _, err := d.dial(t, "lea", certified(t, cert, owner, authority)); (err == nil) != ok {
			t.Errorf("flags %d: signed in: %v", flags, err == nil)
		}
	}
	owner := newSecurityKey(1)
	if _, err := d.dial(t, "lea", certified(t, goodCert(owner.PublicKey()), owner, authority)); err != nil {
		t.Errorf("touched, without the waiver: %v", err)
	}
}

// T46: an RSA authority that signs with SHA-1 proves nothing.
func TestAuthorityThatSignsWithSHA1IsRefused(t *testing.T) {
	t.Parallel()
	authority := rsaSigner(3072)(t)
	old, err := gossh.NewSignerWithAlgorithms(authority.(gossh.AlgorithmSigner), []string{gossh.KeyAlgoRSA})
	must(t, err)
	d := openDesk(t, func(c *sshd.Config) { c.Authorities = []gossh.PublicKey{authority.PublicKey()} })
	owner := newSigner()
	if _, err := d.dial(t, "lea", certified(t, goodCert(owner.PublicKey()), owner, old)); err == nil {
		t.Error("signed in by SHA-1")
	}
	if _, err := d.dial(t, "lea", certified(t, goodCert(owner.PublicKey()), owner, authority)); err != nil {
		t.Errorf("by SHA-2: %v", err)
	}
}

// T46: the offer of an enormous key costs nothing, because nothing is computed with it.
func TestOffersOfOddKeysAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	huge := func(bits int) []byte {
		n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
		n.SetBit(n, 0, 1)
		return gossh.Marshal(struct {
			Name string
			E, N *big.Int
		}{"ssh-rsa", big.NewInt(65537), n})
	}
	dsa := gossh.Marshal(struct {
		Name       string
		P, Q, G, Y *big.Int
	}{"ssh-dss", big.NewInt(7), big.NewInt(3), big.NewInt(2), big.NewInt(4)})
	for name, offer := range map[string]struct {
		algorithm string
		key       []byte
	}{
		"rsa 16384": {"rsa-sha2-512", huge(16384)},
		"rsa 8193":  {"rsa-sha2-512", huge(8193)},
		"rsa 40000": {"rsa-sha2-512", huge(40000)},
		"sha-1":     {"ssh-rsa", huge(4096)},
		"dsa":       {"ssh-dss", dsa},
	} {
		c := dialRaw(t, d.addr)
		must(t, c.handshake())
		must(t, c.startAuth())
		request := append(authRequest("lea", "publickey"), 0)
		must(t, c.send(appendString(appendString(request, []byte(offer.algorithm)), offer.key)))
		if p, err := c.receive(); err != nil || p[0] != msgUserAuthFailure {
			t.Errorf("%s: %v, %v", name, p, err)
		}
		_ = c.conn.Close()
	}
	if len(d.auth.asked) != 0 {
		t.Errorf("looked up: %v", d.auth.asked)
	}
}

func ecdsaSigner(curve elliptic.Curve) func(*testing.T) gossh.Signer {
	return func(t *testing.T) gossh.Signer {
		t.Helper()
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		must(t, err)
		signer, err := gossh.NewSignerFromKey(key)
		must(t, err)
		return signer
	}
}

func rsaSigner(bits int) func(*testing.T) gossh.Signer {
	return func(t *testing.T) gossh.Signer {
		t.Helper()
		key, err := rsa.GenerateKey(rand.Reader, bits)
		must(t, err)
		signer, err := gossh.NewSignerFromKey(key)
		must(t, err)
		return signer
	}
}

// securityKey plays an sk-ssh-ed25519 authenticator (OpenSSH's PROTOCOL.u2f).
type securityKey struct {
	private ed25519.PrivateKey
	public  gossh.PublicKey
	flags   byte
}

func newSecurityKey(flags byte) gossh.Signer {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	wire := appendString(appendString(appendString(nil, []byte(gossh.KeyAlgoSKED25519)), public), []byte("ssh:"))
	key, err := gossh.ParsePublicKey(wire)
	if err != nil {
		panic(err)
	}
	return securityKey{private, key, flags}
}

func (k securityKey) PublicKey() gossh.PublicKey { return k.public }

func (k securityKey) Sign(_ io.Reader, data []byte) (*gossh.Signature, error) {
	application, message := sha256.Sum256([]byte("ssh:")), sha256.Sum256(data)
	rest := binary.BigEndian.AppendUint32([]byte{k.flags}, 7)
	signed := append(append(append([]byte{}, application[:]...), rest...), message[:]...)
	return &gossh.Signature{Format: gossh.KeyAlgoSKED25519, Blob: ed25519.Sign(k.private, signed), Rest: rest}, nil
}
