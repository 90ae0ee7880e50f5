package secret

import (
	"crypto/subtle"
	"sync"
)

// Redacted is what every secret shows instead of itself.
const Redacted = "[redacted]"

// Text is one secret. It is used through a pointer and must not be copied; a nil Text is an empty one. All methods
// may be called from several goroutines.
//
// The bytes are behind a pointer of their own, so that package fmt, which calls no methods on unexported struct
// fields, prints an address there and not the value.
type Text struct {
	mu   sync.Mutex
	held *[]byte
}

// New takes ownership of value: the caller must neither keep nor change it.
func New(value []byte) *Text { return &Text{held: &value} }

// FromString copies value. The string itself stays in memory until the runtime collects it.
func FromString(value string) *Text { return New([]byte(value)) }

// Use calls use with the bytes and returns its error. The slice is valid during the call only, must not be changed,
// and use must not call methods of the same Text. A destroyed secret is given as nil.
func (t *Text) Use(use func(value []byte) error) error {
	if t == nil {
		return use(nil)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return use(t.bytes())
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
	if t == nil {
		return "", false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held == nil {
		return "", false
	}
	value := string(*t.held)
	t.clear()
	return value, true
}

// Destroy overwrites the bytes with zeros and forgets them. It may be called more than once.
func (t *Text) Destroy() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clear()
}

// Len returns the length in bytes, 0 after Take or Destroy.
func (t *Text) Len() int {
	if t == nil {
		return 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.bytes())
}

// Equal reports whether both secrets hold the same bytes. The time it takes depends on the lengths alone. Secrets
// that hold nothing are equal to none, not even to each other.
func (t *Text) Equal(other *Text) bool {
	if t == nil || other == nil {
		return false
	}
	if t == other {
		return t.Len() > 0
	}
	mine, theirs := []byte(t.Reveal()), []byte(other.Reveal())
	defer clear(mine)
	defer clear(theirs)
	return len(mine) > 0 && subtle.ConstantTimeCompare(mine, theirs) == 1
}

func (t *Text) bytes() []byte {
	if t.held == nil {
		return nil
	}
	return *t.held
}

func (t *Text) clear() {
	if t.held == nil {
		return
	}
	clear(*t.held)
	t.held = nil
}
