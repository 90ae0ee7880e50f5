package openldap

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"slices"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// versionKey makes versions. entryCSN would be the obvious version, but slapd gives an entry a new one with every wrong
// and every first right password (seen with 2.5), so that a caller who keeps trying, or a telephone with the old password,
// would make every operation a conflict. The version is therefore made of what the operator decides on, and entryCSN
// guards the moment of the change (change.go).
//
// It is keyed, because a version stands in the trail for ever while the values it is made of can be erased, and keyed
// with the service identity's password, so that every desk makes the same.
type versionKey [sha256.Size]byte

func newVersionKey(password *secret.Text) versionKey {
	var key versionKey
	_ = password.Use(func(value []byte) error {
		m := hmac.New(sha256.New, value)
		m.Write([]byte("sspr-tui account version"))
		m.Sum(key[:0])
		return nil
	})
	return key
}

// bookkeeping is what slapd changes at a sign-in.
func bookkeeping() []string {
	return []string{attrCSN, attrFailures, attrLastSuccess, attrAuthTime}
}

// of is the version of an entry that was read with these attributes.
func (k versionKey) of(e ldapconn.Entry, attributes []string) string {
	const length = 15 // bytes
	m := hmac.New(sha256.New, k[:])
	part(m, e.DN)
	for _, name := range slices.Sorted(slices.Values(attributes)) {
		if slices.Contains(bookkeeping(), name) {
			continue
		}
		values := slices.Sorted(slices.Values(e.All(name)))
		part(m, name)
		for _, value := range values {
			part(m, value)
		}
		part(m, "")
	}
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:length])
}

// part writes a value with its length, so that no two lists of values are written alike.
func part(m hash.Hash, value string) {
	m.Write(binary.BigEndian.AppendUint64(nil, uint64(len(value))))
	m.Write([]byte(value))
}
