package canonical

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// MaxPersonal is the largest Personal, in bytes.
const MaxPersonal = 64 << 10

// SaltSize is the size, in bytes, of the random salt in front of the bytes of a Personal.
const SaltSize = 16

// Personal is what is kept beside a record, sealed: which account it is about, and data of its owner.
type Personal struct {
	Account string            `json:"account"` // "directory:key"
	Data    map[string]string `json:"data"`
}

// EncodePersonal writes it in the same form as records. ErrForm when it is too large.
func EncodePersonal(p Personal) ([]byte, error) {
	w := newWriter()
	w.text("account", p.Account)
	w.texts("data", p.Data)
	out, err := w.end()
	if err == nil && len(out) > MaxPersonal {
		err = fmt.Errorf("%w: personal data have %d bytes, the limit is %d", ErrForm, len(out), MaxPersonal)
	}
	return out, err
}

// DecodePersonal reads it. ErrForm for anything that EncodePersonal would not have written.
func DecodePersonal(data []byte) (Personal, error) {
	var p Personal
	if err := decode(data, &p, MaxPersonal, func() ([]byte, error) { return EncodePersonal(p) }); err != nil {
		return Personal{}, err
	}
	return p, nil
}

// PersonalDigest is the field personal of a record: of the salt and the bytes after it. Without the salt, which is erased with the data,
// it says nothing about them.
func PersonalDigest(salt, data []byte) string {
	h := sha256.New()
	h.Write(salt)
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}
