package secret

import "sync"

// box keeps the bytes two pointers away from a Text. Package fmt calls no methods on unexported struct fields, and
// for a verb that does not suit a field it follows one pointer; of the second it prints the address.
type box struct {
	mu   sync.Mutex
	held *[]byte // nil once taken or destroyed
}

func (b *box) use(use func(value []byte) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held == nil {
		return use(nil)
	}
	return use(*b.held)
}

func (b *box) take() (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held == nil {
		return "", false
	}
	value := string(*b.held)
	b.forget()
	return value, true
}

func (b *box) destroy() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget()
}

// forget needs the lock.
func (b *box) forget() {
	if b.held == nil {
		return
	}
	clear(*b.held)
	b.held = nil
}
