package secret

import (
	"bytes"
	"crypto/subtle"
)

// Redacted is what every secret shows instead of itself.
const Redacted = "[redacted]"

// Text is one secret. It is used through a pointer; a nil Text is an empty one. All methods may be called from
// several goroutines. Copies of the struct share the one value.
type Text struct {
	box *box
}

// New takes ownership of value: the caller must neither keep nor change it.
func New(value []byte) *Text { return &Text{box: &box{held: &value}} }

// FromString copies value. The string itself stays in memory until the runtime collects it.
func FromString(value string) *Text { return New([]byte(value)) }

// Use calls use with the bytes and returns its error. The slice is valid during the call only, must not be changed,
// and use must not call methods of the same Text. A destroyed secret is given as nil.
func (t *Text) Use(use func(value []byte) error) error {
	if t == nil || t.box == nil {
		return use(nil)
	}
	return t.box.use(use)
}

// Reveal returns a copy as a string, for interfaces that take nothing else (a directory write, the reveal on the
// screen). The copy cannot be overwritten, so call it as late as possible and keep the result nowhere.
func (t *Text) Reveal() string {
	var value string
	_ = t.Use(func(b []byte) error {
		value = string(b)
		return nil
	})
	return value
}

// Take returns the value once and destroys it: of all calls, also concurrent ones, at most one gets true.
func (t *Text) Take() (string, bool) {
	if t == nil || t.box == nil {
		return "", false
	}
	return t.box.take()
}

// Destroy overwrites the bytes with zeros and forgets them. It may be called more than once.
func (t *Text) Destroy() {
	if t != nil && t.box != nil {
		t.box.destroy()
	}
}

// Len returns the length in bytes, 0 after Take or Destroy.
func (t *Text) Len() int {
	length := 0
	_ = t.Use(func(b []byte) error {
		length = len(b)
		return nil
	})
	return length
}

// Equal reports whether both secrets hold the same bytes. The time it takes depends on the lengths alone. Secrets
// that hold nothing are equal to none, not even to each other, so that an unset one never opens anything.
func (t *Text) Equal(other *Text) bool {
	mine, theirs := t.copied(), other.copied()
	defer clear(mine)
	defer clear(theirs)
	return len(mine) > 0 && subtle.ConstantTimeCompare(mine, theirs) == 1
}

// copied returns a copy to be cleared by the caller. Two locks held at once could be taken in either order.
func (t *Text) copied() (value []byte) {
	_ = t.Use(func(b []byte) error {
		value = bytes.Clone(b)
		return nil
	})
	return value
}
