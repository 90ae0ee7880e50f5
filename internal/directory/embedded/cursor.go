package embedded

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

const (
	cursorVersion = 1
	cursorFields  = 3 * 8 // bytes
	cursorMAC     = 16    // bytes
	// cursorLife is how long a list can be paged on. Its times are those of its first page.
	cursorLife = time.Hour
)

// cursorKey signs cursors. It is made anew when the directory is opened: cursors of another process are stale.
type cursorKey [32]byte

// cursor is where the next page begins, and the time for which the list was computed.
type cursor struct {
	asOf time.Time // of the first page
	sort int64     // of the last row
	id   int64
}

// seal writes a cursor that only this directory reads, and only for the same list.
func (k *cursorKey) seal(c cursor, q core.ListQuery) string {
	out := []byte{cursorVersion}
	for _, n := range []int64{c.asOf.UnixMilli(), c.sort, c.id} {
		out = binary.BigEndian.AppendUint64(out, uint64(n))
	}
	return base64.RawURLEncoding.EncodeToString(append(out, k.mac(out, q)...))
}

// open reads what seal wrote; false for anything else, and for a cursor that is too old.
func (k *cursorKey) open(s string, q core.ListQuery, now time.Time) (c cursor, ok bool) {
	const size = 1 + cursorFields + cursorMAC
	if len(s) > base64.RawURLEncoding.EncodedLen(size) {
		return cursor{}, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(raw) != size || raw[0] != cursorVersion || !hmac.Equal(raw[1+cursorFields:], k.mac(raw[:1+cursorFields], q)) {
		return cursor{}, false
	}
	n := func(i int) int64 { return int64(binary.BigEndian.Uint64(raw[1+8*i:])) }
	c = cursor{asOf: time.UnixMilli(n(0)).UTC(), sort: n(1), id: n(2)}
	age := now.Sub(c.asOf)
	return c, age <= cursorLife && age >= -cursorLife
}

func (k *cursorKey) mac(fields []byte, q core.ListQuery) []byte {
	m := hmac.New(sha256.New, k[:])
	m.Write(fields)
	m.Write([]byte(q.State))
	m.Write(binary.BigEndian.AppendUint64(nil, uint64(q.Days)))
	return m.Sum(nil)[:cursorMAC]
}
