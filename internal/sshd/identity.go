package sshd

import (
	"errors"
	"net/netip"
	"slices"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Factor is one way in which an operator has proven who they are.
type Factor string

// The factors.
const (
	FactorKey         Factor = "key"
	FactorCertificate Factor = "certificate"
	FactorPassword    Factor = "password"
	FactorTOTP        Factor = "totp"
)

// Identity is who a connection belongs to, as the finished handshake says.
type Identity struct {
	OperatorID    string         // stable, from the Authenticator
	Login         string         // the SSH user name: checked, printable, at most 128 bytes
	Credential    string         // stable id: "key:SHA256:...", "cert:<authority>:<key id>:<serial>" or "password:<login>"
	Factors       []Factor       // in the order in which they were proven
	Fingerprint   string         // of the key or the certified key, "SHA256:..."; empty with a password
	Certificate   Certificate    // zero without one
	Source        netip.Addr     // address of the client
	ClientVersion untrusted.Text // what the client calls itself, at most 255 bytes
}

// Has reports whether f was proven.
func (i Identity) Has(f Factor) bool { return slices.Contains(i.Factors, f) }

// with returns the identity with one more factor; the receiver keeps its own list.
func (i Identity) with(f Factor) Identity {
	i.Factors = append(slices.Clone(i.Factors), f)
	return i
}

// offerKey and grantKey mark what the callbacks of one handshake hand to each other. They are types of this package,
// so that no text a client or a certificate carries can pretend to be one.
type (
	offerKey struct{}
	grantKey struct{}
)

// errNoIdentity means that a handshake succeeded without anybody being identified: a fault of ours, never of a client.
var errNoIdentity = errors.New("sshd: handshake finished without an identity")

// offer carries the identity that a key would have to the moment when the key is proven. It is no identity yet:
// identityOf does not find it.
func offer(id Identity) *gossh.Permissions {
	return &gossh.Permissions{ExtraData: map[any]any{offerKey{}: id}}
}

func offerOf(p *gossh.Permissions) (Identity, error) { return identityUnder(offerKey{}, p) }

// grant carries the identity out of the handshake. Each success makes a new one.
func grant(id Identity) *gossh.Permissions {
	return &gossh.Permissions{ExtraData: map[any]any{grantKey{}: id}}
}

// identityOf reads the identity from the Permissions of the finished handshake.
func identityOf(p *gossh.Permissions) (Identity, error) { return identityUnder(grantKey{}, p) }

func identityUnder(key any, p *gossh.Permissions) (Identity, error) {
	if p == nil {
		return Identity{}, errNoIdentity
	}
	id, ok := p.ExtraData[key].(Identity)
	if !ok || id.OperatorID == "" {
		return Identity{}, errNoIdentity
	}
	return id, nil
}
