package lineterm

import (
	"sync"

	tea "charm.land/bubbletea/v2"
)

// DefaultMailboxSize is the number of messages a Mailbox holds.
const DefaultMailboxSize = 64

// Coalescer is a message of which only the newest counts: posted again before
// it was read, it replaces the older one with the same key.
type Coalescer interface {
	CoalesceKey() string
}

// Mailbox brings messages from outside into one session. It is bounded, and
// posting never blocks: a session that does not keep up loses messages and
// counts them. Make one with NewMailbox.
type Mailbox struct {
	wake chan struct{} // holds one token when there is something to read

	mu      sync.Mutex // guards the rest
	queue   []tea.Msg
	size    int
	dropped uint64
	closed  bool
}

// NewMailbox returns a mailbox for size messages; zero is DefaultMailboxSize.
func NewMailbox(size int) *Mailbox {
	if size <= 0 {
		size = DefaultMailboxSize
	}
	return &Mailbox{wake: make(chan struct{}, 1), size: size}
}

// Post leaves a message for the session. It returns false if the message was
// dropped because the mailbox is full or the session has ended.
func (m *Mailbox) Post(msg tea.Msg) bool {
	if !m.put(msg) {
		return false
	}
	select {
	case m.wake <- struct{}{}:
	default:
	}
	return true
}

// Dropped is the number of messages lost so far.
func (m *Mailbox) Dropped() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dropped
}

func (m *Mailbox) put(msg tea.Msg) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed || msg == nil {
		return false
	}
	if m.replace(msg) {
		return true
	}
	if len(m.queue) >= m.size {
		m.dropped++
		return false
	}
	m.queue = append(m.queue, msg)
	return true
}

// replace puts msg in the place of an older one with its key.
func (m *Mailbox) replace(msg tea.Msg) bool {
	c, ok := msg.(Coalescer)
	if !ok {
		return false
	}
	for i, old := range m.queue {
		if o, ok := old.(Coalescer); ok && o.CoalesceKey() == c.CoalesceKey() {
			m.queue[i] = msg
			return true
		}
	}
	return false
}

// ready yields a token when there may be something to read. A nil mailbox is
// never ready.
func (m *Mailbox) ready() <-chan struct{} {
	if m == nil {
		return nil
	}
	return m.wake
}

// take empties the mailbox.
func (m *Mailbox) take() []tea.Msg {
	m.mu.Lock()
	defer m.mu.Unlock()
	queue := m.queue
	m.queue = nil
	return queue
}

// shut refuses messages from now on; the session has ended.
func (m *Mailbox) shut() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed, m.queue = true, nil
}
