package sshd

import (
	"crypto/rsa"
	"fmt"
	"slices"

	gossh "golang.org/x/crypto/ssh"
)

// Sizes of RSA keys in bits. The upper bound is a bound on the work of verifying.
const (
	minRSABits = 3072
	maxRSABits = 8192
)

// signatureAlgorithms are the signatures accepted from clients and from certificate authorities: no SHA-1, no DSA.
// Certificate types do not belong here: x/crypto derives them and fails every handshake when it sees one.
func signatureAlgorithms() []string {
	return []string{
		gossh.KeyAlgoED25519, gossh.KeyAlgoSKED25519,
		gossh.KeyAlgoECDSA256, gossh.KeyAlgoECDSA384, gossh.KeyAlgoECDSA521, gossh.KeyAlgoSKECDSA256,
		gossh.KeyAlgoRSASHA256, gossh.KeyAlgoRSASHA512,
	}
}

// checkKey refuses keys that are too weak, too large or of a kind not listed. Security keys prove the presence of
// their owner in every signature: x/crypto demands the flag unless it is waived, and nothing here waives it.
func checkKey(key gossh.PublicKey) error {
	if key.Type() == gossh.KeyAlgoRSA {
		return checkRSA(key)
	}
	if !slices.Contains(signatureAlgorithms(), key.Type()) {
		return fmt.Errorf("%w: key of type %s", ErrRefused, key.Type())
	}
	return nil
}

func checkRSA(key gossh.PublicKey) error {
	crypto, ok := key.(gossh.CryptoPublicKey)
	if !ok {
		return fmt.Errorf("%w: opaque RSA key", ErrRefused)
	}
	public, ok := crypto.CryptoPublicKey().(*rsa.PublicKey)
	if !ok {
		return fmt.Errorf("%w: opaque RSA key", ErrRefused)
	}
	if bits := public.N.BitLen(); bits < minRSABits || bits > maxRSABits {
		return fmt.Errorf("%w: RSA key of %d bits", ErrRefused, bits)
	}
	return nil
}

// isSecurityKey reports whether a signature of the key can prove presence.
func isSecurityKey(key gossh.PublicKey) bool {
	return key.Type() == gossh.KeyAlgoSKED25519 || key.Type() == gossh.KeyAlgoSKECDSA256
}
