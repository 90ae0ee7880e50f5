package embedded

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// HashCost is what one argon2id hash costs (RFC 9106).
type HashCost struct {
	Passes  uint32
	Memory  uint32 // KiB
	Threads uint8
}

// DefaultHashCost is the first choice of the OWASP password storage cheat sheet: about 20 ms on a server of today.
func DefaultHashCost() HashCost { return HashCost{Passes: 2, Memory: 19 * 1024, Threads: 1} }

const (
	saltSize   = 16 // bytes, RFC 9106 section 3.1
	digestSize = 32 // bytes
	// hashesAtOnce bounds memory and keeps a core free for those who only look.
	hashesAtOnce = 2
	mostPasses   = 64
	mostMemory   = 1 << 20 // KiB
	mostThreads  = 16
)

// errHash means that a stored hash cannot be read.
var errHash = errors.New("a stored password hash cannot be read")

func (c HashCost) check() error {
	if !c.bounded() {
		return core.Fail(core.CodeInvalid, sentence.Of("directory.bad_hash_cost"))
	}
	return nil
}

func (c HashCost) bounded() bool {
	return c.Passes >= 1 && c.Passes <= mostPasses && c.Threads >= 1 && c.Threads <= mostThreads &&
		c.Memory >= 8*uint32(c.Threads) && c.Memory <= mostMemory
}

// hash is one stored password.
type hash struct {
	cost   HashCost
	salt   []byte
	digest []byte
}

// parseHash reads the form that String writes.
func parseHash(s string) (h hash, err error) {
	part := strings.Split(s, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hash{}, errHash
	}
	if n, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &h.cost.Memory, &h.cost.Passes, &h.cost.Threads); err != nil || n != 3 || !h.cost.bounded() {
		return hash{}, errHash
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(part[4])
	digest, digestErr := base64.RawStdEncoding.DecodeString(part[5])
	if saltErr != nil || digestErr != nil || len(salt) < 8 || len(salt) > 64 || len(digest) < 16 || len(digest) > 64 {
		return hash{}, errHash
	}
	h.salt, h.digest = salt, digest
	return h, nil
}

// String is the hash in the PHC string format.
func (h hash) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.cost.Memory, h.cost.Passes, h.cost.Threads, b64(h.salt), b64(h.digest))
}

// hasher computes hashes, a few at a time.
type hasher struct {
	cost    HashCost
	entropy core.Entropy
	free    chan struct{} // one token for each hash that may be computed now
}

func newHasher(cost HashCost, entropy core.Entropy) *hasher {
	return &hasher{cost: cost, entropy: entropy, free: make(chan struct{}, hashesAtOnce)}
}

// create hashes a password with a new salt.
func (m *hasher) create(ctx context.Context, password *secret.Text) (hash, error) {
	h := hash{cost: m.cost, salt: make([]byte, saltSize), digest: make([]byte, digestSize)}
	if _, err := io.ReadFull(m.entropy, h.salt); err != nil {
		return hash{}, fmt.Errorf("entropy: %w", err)
	}
	digest, err := m.digest(ctx, h, password)
	h.digest = digest
	return h, err
}

// digest is what the password gives under a hash's salt and cost.
func (m *hasher) digest(ctx context.Context, h hash, password *secret.Text) (digest []byte, err error) {
	select {
	case m.free <- struct{}{}:
		defer func() { <-m.free }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = password.Use(func(value []byte) error {
		digest = argon2.IDKey(value, h.salt, h.cost.Passes, h.cost.Memory, h.cost.Threads, uint32(len(h.digest)))
		return nil
	})
	return digest, err
}

// dummy is a hash that no password has, at the cost of a real one.
func (m *hasher) dummy() hash {
	return hash{cost: m.cost, salt: make([]byte, saltSize), digest: make([]byte, digestSize)}
}

func (h hash) equals(digest []byte) bool { return subtle.ConstantTimeCompare(h.digest, digest) == 1 }

// wrongDigest remembers a wrong password for comparing it with the next ones: eight bytes of a hash of the hash.
func wrongDigest(digest []byte) []byte {
	sum := sha256.Sum256(digest)
	return sum[:wrongSize]
}

const wrongSize = 8 // bytes
